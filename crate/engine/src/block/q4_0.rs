//! Q4_0: f16 d, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d (q − 8).

use super::float::half;
use super::sixteen::{bytes, high, low, write};

#[inline(always)]
pub(super) fn read(block: &[u8; 18], values: &mut [f32; 32]) {
    let d = half(block, 0);
    let (of_low, of_high) = values.split_at_mut(16);
    write(low(bytes(block, 2)), of_low, |q| (q - 8.0) * d);
    write(high(bytes(block, 2)), of_high, |q| (q - 8.0) * d);
}
