//! The bits in which a format stores a number: sign, exponent, mantissa, from the highest to the lowest.

use super::Grid;

const SIGN: u32 = 1 << 31;
const INFINITY: u32 = 0x7F80_0000;
/// Mantissa bits of an f32.
const F32_MANTISSA: u32 = 23;

impl Grid {
    /// Bits of the exponent, k: its bias is 2^(k−1) − 1, and the smallest normal number 2^(1 − bias).
    pub fn exponent_bits(self) -> u32 {
        (129 - self.min_exponent).ilog2() + 1
    }

    /// The bits of what x is rounded to, of which there are 1 + [`Grid::exponent_bits`] + [`Grid::mantissa`]. What is no number has ones
    /// only behind its sign.
    pub fn word(self, x: f32) -> u32 {
        let bits = self.round_bits(x.to_bits());
        let (size, exponent) = (bits & !SIGN, self.exponent_bits());
        let body = if size > INFINITY {
            (1 << (exponent + self.mantissa)) - 1
        } else if size == INFINITY {
            ((1 << exponent) - 1) << self.mantissa
        } else if self.min_exponent > 1 && size < self.min_exponent << F32_MANTISSA {
            // Below the smallest normal number the mantissa counts steps.
            (f32::from_bits(size) / f32::from_bits((self.min_exponent - self.mantissa) << F32_MANTISSA)) as u32
        } else {
            (size >> (F32_MANTISSA - self.mantissa)) - ((self.min_exponent - 1) << self.mantissa)
        };
        (bits >> 31) << (exponent + self.mantissa) | body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::Format;

    fn grid(format: Format) -> Grid {
        Grid::of(format, 5).expect("a format that rounds")
    }

    #[test]
    fn words_of_the_sixteen_bit_formats_are_those_of_the_crate_half() {
        for bits in (0..=u32::MAX).step_by(65_521) {
            let x = f32::from_bits(bits);
            if x.is_nan() {
                continue;
            }
            assert_eq!(grid(Format::Fp16).word(x), u32::from(half::f16::from_f32(x).to_bits()), "{x:e}");
            assert_eq!(grid(Format::Bf16).word(x), u32::from(half::bf16::from_f32(x).to_bits()), "{x:e}");
            assert_eq!(Grid::SINGLE.word(x), bits);
        }
    }

    #[test]
    fn words_of_eight_bits_are_those_of_their_standard() {
        // OCP 8-bit floating point specification, revision 1.0, tables 1 and 2.
        let words = |format: Format, table: [(f32, u32); 7]| {
            for (x, word) in table {
                assert_eq!(grid(format).word(x), word, "{format:?}: {x}");
            }
        };
        let [subnormal, normal] = [f32::powi(2.0, -9), f32::powi(2.0, -6)];
        words(
            Format::E4m3,
            [(1.0, 0x38), (-1.0, 0xB8), (448.0, 0x7E), (normal, 0x08), (7.0 * subnormal, 0x07), (subnormal, 0x01), (0.0, 0)],
        );
        let [subnormal, normal] = [f32::powi(2.0, -16), f32::powi(2.0, -14)];
        words(
            Format::E5m2,
            [(1.0, 0x3C), (-1.0, 0xBC), (57344.0, 0x7B), (normal, 0x04), (3.0 * subnormal, 0x03), (subnormal, 0x01), (1e9, 0x7C)],
        );
        assert_eq!([Format::E4m3, Format::E5m2, Format::Fp16, Format::Custom].map(|format| grid(format).exponent_bits()), [4, 5, 5, 8]);
        assert_eq!(grid(Format::E4m3).word(1e9), 0x7F, "what overflows is no number");
    }
}
