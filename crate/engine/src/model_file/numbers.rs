//! The numbers of a file: the types that are read, and how each becomes f32.

use super::header::Stored;
use super::unreadable::Unreadable;
use half::{bf16, f16};
use std::ops::Range;

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
    fn read(self, bytes: &[u8]) -> Vec<f64> {
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

/// Bytes of a file that are looked at at once.
const PIECE: u64 = 1 << 20;

impl Stored {
    /// The places in the file of this array's numbers, a piece at a time, each with how many numbers stand before it.
    pub fn pieces(&self) -> impl Iterator<Item = (Range<u64>, usize)> {
        let Range { start, end } = self.bytes;
        let number = self.number.bytes() as u64;
        // No number is cut: every width divides a piece.
        (start..end).step_by(PIECE as usize).map(move |at| (at..end.min(at + PIECE), ((at - start) / number) as usize))
    }

    /// Numbers of this array, of which `before` stand in front of these bytes: f16 and bf16 are f32 too, f64 is rounded to the nearest, a tie
    /// to the even one.
    ///
    /// # Errors
    /// If one is no finite number, or out of the range of f32.
    pub fn values(&self, bytes: &[u8], before: usize) -> Result<Vec<f32>, Unreadable> {
        let rounded = |(at, value): (usize, f64)| {
            let single = value as f32;
            let fault = || Unreadable::NotFinite { name: self.name.clone(), value, place: before + at + 1 };
            if single.is_finite() { Ok(single) } else { Err(fault()) }
        };
        self.number.read(bytes).into_iter().enumerate().map(rounded).collect()
    }
}
