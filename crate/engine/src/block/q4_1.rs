//! Q4_1: f16 d, f16 m, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d q + m.

use super::float::half;

#[inline(always)]
pub(super) fn read(block: &[u8; 20], values: &mut [f32; 32]) {
    let (d, m) = (half(block, 0), half(block, 2));
    let (low, high) = values.split_at_mut(16);
    // As in Q4_0.
    low.iter_mut().zip(&block[4..]).for_each(|(value, byte)| *value = d * i32::from(byte & 15) as f32 + m);
    high.iter_mut().zip(&block[4..]).for_each(|(value, byte)| *value = d * i32::from(byte >> 4) as f32 + m);
}
