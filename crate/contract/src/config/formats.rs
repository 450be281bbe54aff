//! The float formats that stored values are rounded to.

use crate::choice::{Choice, choice};
use crate::say;
use serde::{Deserialize, Serialize};

/// Mantissa bits of an f32, without the leading one.
const F32_MANTISSA: usize = 23;

/// Which stored values are rounded, and to what. Sums inside a matrix product stay in the engine's own format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formats {
    /// The weights of the model.
    pub weights: Format,
    /// Everything that flows between operations but scores and attention weights.
    pub activations: Format,
    /// The attention weights.
    pub attention: Format,
    /// The mantissa bits of [`Format::Custom`], without the leading one.
    pub bits: usize,
}

impl Default for Formats {
    fn default() -> Self {
        Self { weights: Format::default(), activations: Format::default(), attention: Format::default(), bits: 5 }
    }
}

impl Formats {
    /// A format as people read it, with the mantissa bits of [`Format::Custom`].
    pub fn name(&self, format: Format) -> String {
        match format {
            Format::Custom => say!("{} bits", self.bits),
            named => named.label().into(),
        }
    }

    /// Several formats as people read them, one after the other. What two neighbours begin with is said once: “bf16, fp8 e4m3, e5m2”.
    pub fn names(&self, formats: &[Format]) -> String {
        let names: Vec<String> = formats.iter().map(|&format| self.name(format)).collect();
        let rest = |index: usize| {
            let (family, rest) = names[index].split_once(' ')?;
            names[index.checked_sub(1)?].strip_prefix(family)?.starts_with(' ').then_some(rest)
        };
        let short: Vec<&str> = (0..names.len()).map(|index| rest(index).unwrap_or(&names[index])).collect();
        short.join(say!(", "))
    }

    /// The mantissa bits of a format, without the leading one; none of that in which nothing is rounded.
    pub fn mantissa(&self, format: Format) -> Option<usize> {
        match format {
            Format::Fp32 => None,
            Format::Bf16 => Some(7),
            Format::Fp16 => Some(10),
            Format::E4m3 => Some(3),
            Format::E5m2 => Some(2),
            Format::Custom => Some(self.bits).filter(|&bits| bits < F32_MANTISSA),
        }
    }

    /// Whether anything is stored in this format.
    pub fn any(&self, format: Format) -> bool {
        [self.weights, self.activations, self.attention].contains(&format)
    }

    /// Whether nothing is rounded.
    pub fn is_plain(&self) -> bool {
        [self.weights, self.activations, self.attention].into_iter().all(|format| format == Format::Fp32)
    }
}

choice! {
    /// A float format; values are rounded to its nearest, ties to even.
    Format {
        Fp32 = "fp32", "fp32", "IEEE single precision, 23 mantissa bits: the format that the engine computes in, so nothing is rounded.";
        Bf16 = "bf16", "bf16", "bfloat16: 7 mantissa bits and the exponents of fp32; machine epsilon 2⁻⁷.";
        Fp16 = "fp16", "fp16", "IEEE half precision: 10 mantissa bits, largest 65504, subnormals below 2⁻¹⁴; machine epsilon 2⁻¹⁰.";
        E4m3 = "e4m3", "fp8 e4m3", "OCP 8-bit float: 3 mantissa bits, largest 448, no infinity: what is larger becomes NaN (Micikevicius et al. 2022).";
        E5m2 = "e5m2", "fp8 e5m2", "OCP 8-bit float: 2 mantissa bits, largest 57344, with infinities (Micikevicius et al. 2022).";
        Custom = "bits", "n bits", "So many mantissa bits as you choose, with the exponents of fp32.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_neighbours_begin_with_is_said_once() {
        let names = |formats: &[Format]| Formats::default().names(formats);
        assert_eq!(names(&[]), "");
        assert_eq!(names(&[Format::Bf16, Format::E4m3, Format::E5m2]), "bf16, fp8 e4m3, e5m2");
        assert_eq!(names(&[Format::E4m3, Format::Fp16, Format::E5m2, Format::Custom]), "fp8 e4m3, fp16, fp8 e5m2, 5 bits");
    }
}
