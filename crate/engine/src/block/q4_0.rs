//! Q4_0: f16 d, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d (q − 8).

use super::float::half;

#[inline(always)]
pub(super) fn read(block: &[u8; 18], values: &mut [f32; 32]) {
    let d = half(block, 0);
    let (low, high) = values.split_at_mut(16);
    // Halves one after the other, and whole numbers with a sign: so the compiler makes vector instructions of it.
    low.iter_mut().zip(&block[2..]).for_each(|(value, byte)| *value = d * (i32::from(byte & 15) as f32 - 8.0));
    high.iter_mut().zip(&block[2..]).for_each(|(value, byte)| *value = d * (i32::from(byte >> 4) as f32 - 8.0));
}
