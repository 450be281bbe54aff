//! The numbers of a format as a grid within those of f32, and rounding to it: the scalar truth that every device must equal.

use glasses_contract::config::{Format, Formats};

/// Mantissa bits of an f32, without the leading one.
const F32_MANTISSA: u32 = 23;
const SIGN: u32 = 1 << 31;
const INFINITY: u32 = 0x7F80_0000;
/// What an overflow becomes in a format without infinities, and what every NaN becomes.
const NAN: u32 = 0x7FC0_0000;

/// The numbers that a format has, all of them f32 numbers too: what rounding needs to know of it, as four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Mantissa bits, without the leading one; from 1 to 23.
    pub mantissa: u32,
    /// The biased f32 exponent of the smallest normal number; below it the steps grow no finer.
    pub min_exponent: u32,
    /// The bits of the largest number.
    pub max: u32,
    /// The bits of what is larger: infinity, or NaN.
    pub overflow: u32,
}

impl Grid {
    /// The grid of a format; none for fp32, where nothing is rounded. `bits` are the mantissa bits of [`Format::Custom`].
    pub fn of(format: Format, bits: usize) -> Option<Self> {
        let mantissa = Formats { bits, ..Formats::default() }.mantissa(format)? as u32;
        let wide = |mantissa: u32| Self {
            mantissa,
            min_exponent: 1,
            max: f32::MAX.to_bits() & (u32::MAX << (F32_MANTISSA - mantissa)),
            overflow: INFINITY,
        };
        Some(match format {
            Format::Fp32 | Format::Bf16 | Format::Custom => wide(mantissa),
            Format::Fp16 => Self { mantissa, min_exponent: 127 - 14, max: 65504_f32.to_bits(), overflow: INFINITY },
            Format::E4m3 => Self { mantissa, min_exponent: 127 - 6, max: 448_f32.to_bits(), overflow: NAN },
            Format::E5m2 => Self { mantissa, min_exponent: 127 - 14, max: 57344_f32.to_bits(), overflow: INFINITY },
        })
    }

    /// The number of the grid that is nearest to x, the even one of two; what rounds beyond the largest is [`Grid::overflow`].
    ///
    /// The exponent is unbounded while rounding, as IEEE 754 has it: a number is too large if it would be larger than the largest
    /// after rounding its mantissa. Infinities and NaN count as too large and stay NaN.
    pub fn round(self, x: f32) -> f32 {
        f32::from_bits(self.round_bits(x.to_bits()))
    }

    /// The same on bits. Every number takes the same steps, whatever it is, so that a compiler can take several numbers at once.
    pub fn round_bits(self, bits: u32) -> u32 {
        let size = bits & !SIGN;
        // Trailing bits that the format has no place for.
        let drop = F32_MANTISSA - self.mantissa;
        // Half a step less one, and one more behind an odd bit: the carry runs into the exponent as it should. f32 itself has no half step.
        let half = (1 << drop) >> 1;
        let one = u32::min(half, 1);
        let normal = (size + half - one + ((size >> drop) & one)) >> drop << drop;
        // Below the smallest normal number the steps grow no finer: beside a number so large, f32 itself has no place for less than one.
        let large = f32::from_bits((self.min_exponent + drop) << F32_MANTISSA);
        let subnormal = (f32::from_bits(size) + large - large).to_bits();
        let is_subnormal = self.min_exponent > 1 && size < self.min_exponent << F32_MANTISSA;
        let nearest = if is_subnormal { subnormal } else { normal };
        let bounded = (bits & SIGN) | if nearest > self.max { self.overflow } else { nearest };
        if size > INFINITY { NAN } else { bounded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number of a format that is not negative, from its definition: 2^e · (1 + f / 2^m), and below the smallest normal number
    /// 2^e · f / 2^m.
    fn numbers(mantissa: i32, smallest: i32, max: f64) -> Vec<f64> {
        let steps = 1 << mantissa;
        let subnormal = (0..steps).map(|f| f64::from(f) / f64::from(steps) * 2_f64.powi(smallest));
        let normal = (smallest..128).flat_map(|e| (0..steps).map(move |f| (1.0 + f64::from(f) / f64::from(steps)) * 2_f64.powi(e)));
        subnormal.chain(normal).take_while(|&x| x <= max).collect()
    }

    /// The truth by searching the table: the nearest number, of two the one at an even place. Beyond half a step above the largest
    /// number, and at it where the largest stands at an odd place, the overflow.
    fn nearest(table: &[f64], overflow: f32, x: f32) -> f32 {
        let size = f64::from(x.abs());
        if x.is_nan() {
            return f32::NAN;
        }
        let last = table.len() - 1;
        let above = table.partition_point(|&number| number < size);
        let (below, above) = (above.saturating_sub(1), above);
        let step = table[last] - table[last - 1];
        let at = |place: usize| if place <= last { table[place] } else { table[last] + step };
        let place = match (size - at(below)).total_cmp(&(at(above) - size)) {
            std::cmp::Ordering::Less => below,
            std::cmp::Ordering::Greater => above,
            std::cmp::Ordering::Equal => {
                if below.is_multiple_of(2) {
                    below
                } else {
                    above
                }
            }
        };
        let rounded = if place <= last && x.is_finite() { at(place) as f32 } else { overflow };
        rounded.copysign(x)
    }

    /// The numbers of f32 at which rounding can change its mind: every number of the format, every middle of two, what lies next to
    /// them, and their negatives.
    fn critical(table: &[f64]) -> impl Iterator<Item = f32> {
        let last = table[table.len() - 1];
        let beyond = [last * 1.01, last * 1.07, last * 1.5, last * 4.0, f64::from(f32::MAX), f64::INFINITY, f64::NAN, 1e-45, 1e-40];
        let middles = table.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
        let all: Vec<f64> = table.iter().copied().chain(middles).chain(beyond).collect();
        all.into_iter().flat_map(|x| {
            let x = x as f32;
            [x, x.next_up(), x.next_down(), -x, -x.next_up(), -x.next_down()]
        })
    }

    #[test]
    fn every_format_rounds_as_a_search_in_its_table_of_numbers_does() {
        let f32_max = f64::from(f32::MAX);
        for (format, bits, mantissa, smallest, max, overflow) in [
            (Format::Bf16, 0, 7, -126, f32_max, f32::INFINITY),
            (Format::Fp16, 0, 10, -14, 65504.0, f32::INFINITY),
            (Format::E4m3, 0, 3, -6, 448.0, f32::NAN),
            (Format::E5m2, 0, 2, -14, 57344.0, f32::INFINITY),
            (Format::Custom, 2, 2, -126, f32_max, f32::INFINITY),
            (Format::Custom, 5, 5, -126, f32_max, f32::INFINITY),
            (Format::Custom, 12, 12, -126, f32_max, f32::INFINITY),
        ] {
            let grid = Grid::of(format, bits).expect("a format that rounds");
            let table = numbers(mantissa, smallest, max);
            let mut seen = 0;
            for x in critical(&table) {
                let (found, truth) = (grid.round(x), nearest(&table, overflow, x));
                let same = if truth.is_nan() { found.is_nan() } else { found.to_bits() == truth.to_bits() };
                assert!(same, "{format:?} {bits}: {x:e} became {found:e}, not {truth:e}");
                seen += 1;
            }
            assert!(seen > 12 * table.len() - 100, "{seen}");
        }
    }

    #[test]
    fn the_sixteen_bit_formats_round_as_the_crate_half_does() {
        for bits in (0..=u32::MAX).step_by(257) {
            let x = f32::from_bits(bits);
            for (format, truth) in [(Format::Fp16, half::f16::from_f32(x).to_f32()), (Format::Bf16, half::bf16::from_f32(x).to_f32())] {
                let found = Grid::of(format, 0).expect("a format that rounds").round(x);
                assert!(
                    found.to_bits() == truth.to_bits() || (found.is_nan() && truth.is_nan()),
                    "{format:?}: {x:e} became {found:e}, not {truth:e}"
                );
            }
        }
    }

    #[test]
    fn all_bits_kept_is_no_rounding() {
        assert_eq!((Grid::of(Format::Fp32, 3), Grid::of(Format::Custom, 23)), (None, None));
    }
}
