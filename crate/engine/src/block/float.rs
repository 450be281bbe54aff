//! Numbers that share nothing with others: single and half precision, and the upper half of single precision.

use half::{bf16, f16};

/// The f16 that begins at a place of a block.
pub(super) fn half(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

pub(super) fn single(block: &[u8]) -> f32 {
    f32::from_le_bytes([block[0], block[1], block[2], block[3]])
}

pub(super) fn upper_half(block: &[u8]) -> f32 {
    bf16::from_le_bytes([block[0], block[1]]).to_f32()
}

pub(super) fn f32(bytes: &[u8], values: &mut [f32]) {
    bytes.chunks_exact(4).zip(values).for_each(|(number, value)| *value = single(number));
}

pub(super) fn f16(bytes: &[u8], values: &mut [f32]) {
    bytes.chunks_exact(2).zip(values).for_each(|(number, value)| *value = half(number, 0));
}

pub(super) fn bf16(bytes: &[u8], values: &mut [f32]) {
    bytes.chunks_exact(2).zip(values).for_each(|(number, value)| *value = upper_half(number));
}
