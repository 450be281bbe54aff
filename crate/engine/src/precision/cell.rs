//! The cells of a format: between which two numbers lies all that it stores as one number.

use super::Grid;
use libm::scalbn;

/// Mantissa bits and exponent bias of an f32.
const F32: (u32, i32) = (23, 127);

impl Grid {
    /// The numbers that f32 itself has, as a grid.
    pub const SINGLE: Self = Self { mantissa: F32.0, min_exponent: 1, max: f32::MAX.to_bits(), overflow: f32::INFINITY.to_bits() };

    /// Machine epsilon, the distance from 1 to the next number: 2^−m with m mantissa bits.
    pub fn epsilon(self) -> f64 {
        scalbn(1.0, -(self.mantissa as i32))
    }

    /// The middles between what x is rounded to and the numbers below and above it: what lies between them is rounded alike, and nothing
    /// beyond them is. None where x becomes no number.
    pub fn cell(self, x: f32) -> Option<(f64, f64)> {
        let stored = self.round(x);
        let negative = stored.is_sign_negative();
        let size = f64::from(stored.abs());
        let step = |exponent: u32| scalbn(1.0, exponent as i32 - F32.1 - self.mantissa as i32);
        let exponent = |bits: u32| (bits >> F32.0).max(self.min_exponent);
        let (inner, outer) = match stored.abs() {
            number if number.is_nan() => return None,
            number if number.is_infinite() => {
                let largest = f64::from(f32::from_bits(self.max));
                (largest + step(exponent(self.max)) / 2.0, f64::INFINITY)
            }
            0.0 => return Some((-step(self.min_exponent) / 2.0, step(self.min_exponent) / 2.0)),
            number => {
                let at = exponent(number.to_bits());
                // Below a power of two the numbers are twice as close, but for the smallest normal one.
                let is_power = number.to_bits() << (32 - F32.0) == 0 && at > self.min_exponent;
                (size - step(at) / if is_power { 4.0 } else { 2.0 }, size + step(at) / 2.0)
            }
        };
        Some(if negative { (-outer, -inner) } else { (inner, outer) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::Format;

    #[test]
    fn what_lies_within_a_cell_is_rounded_alike_and_what_lies_beyond_is_not() {
        for (format, bits) in
            [(Format::Bf16, 0), (Format::Fp16, 0), (Format::E4m3, 0), (Format::E5m2, 0), (Format::Custom, 2), (Format::Custom, 12)]
        {
            let grid = Grid::of(format, bits).expect("a format that rounds");
            let numbers = [0.0, 1e-7, 3e-5, 0.002, 0.0156, 0.017, 0.9, 1.0, 1.01, 1.99, 2.0, 3.3, 64.0, 300.0, 448.0];
            for x in numbers.into_iter().flat_map(|x: f32| [x, -x]) {
                let (low, high) = grid.cell(x).expect("a number");
                assert!(low <= f64::from(x) && f64::from(x) <= high, "{format:?}: {x} in {low:e} to {high:e}");
                let inside = |share: f64| grid.round((low + share * (high - low)) as f32);
                let beyond = [low - 1e-3 * (high - low), high + 1e-3 * (high - low)].map(|x| grid.round(x as f32));
                let stored = grid.round(x);
                assert!((1..16).all(|at| inside(f64::from(at) / 16.0) == stored), "{format:?}: {x}");
                assert!(beyond.iter().all(|&other| other != stored), "{format:?}: {x}");
            }
        }
    }

    #[test]
    fn what_overflows_has_a_cell_without_an_end_and_what_is_no_number_has_none() {
        let grid = |format| Grid::of(format, 0).expect("a format that rounds");
        assert_eq!(grid(Format::Fp16).cell(1e6), Some((65520.0, f64::INFINITY)));
        assert_eq!(grid(Format::E5m2).cell(-1e9), Some((f64::NEG_INFINITY, -61440.0)));
        assert_eq!(grid(Format::E4m3).cell(500.0), None);
        assert_eq!(Grid::SINGLE.cell(f32::NAN), None);
        assert_eq!(Grid::SINGLE.cell(1.0), Some((1.0 - scalbn(1.0, -25), 1.0 + scalbn(1.0, -24))));
        assert_eq!([grid(Format::Bf16).epsilon(), Grid::SINGLE.epsilon()], [0.007_812_5, f64::from(f32::EPSILON)]);
    }
}
