//! The numbers of a file: the types that are read, and how each becomes f32.

use half::{bf16, f16};

/// A type of numbers that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// IEEE single precision.
    F32,
    /// IEEE half precision.
    F16,
    /// The upper half of single precision.
    Bf16,
    /// IEEE double precision.
    F64,
}

impl Number {
    /// Every type that is read.
    pub const ALL: [Self; 4] = [Self::F32, Self::F16, Self::Bf16, Self::F64];

    /// As a header names it.
    pub fn dtype(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::F64 => "F64",
        }
    }

    /// Bytes of one.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::F64 => 8,
        }
    }

    /// The numbers in these bytes, least significant byte first; what is left over at the end is none.
    pub(super) fn read(self, bytes: &[u8]) -> Vec<f64> {
        match self {
            Self::F32 => each(bytes, |bytes| f64::from(f32::from_le_bytes(bytes))),
            Self::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f64()),
            Self::Bf16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f64()),
            Self::F64 => each(bytes, f64::from_le_bytes),
        }
    }
}

fn each<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.as_chunks::<N>().0.iter().map(|&bytes| number(bytes)).collect()
}
