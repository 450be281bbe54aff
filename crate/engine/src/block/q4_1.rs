//! Q4_1: f16 d, f16 m, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d q + m.

use super::float::half;
use super::sixteen::{bytes, high, low, write};

#[inline(always)]
pub(super) fn read(block: &[u8; 20], values: &mut [f32; 32]) {
    let (d, m) = (half(block, 0), half(block, 2));
    let (of_low, of_high) = values.split_at_mut(16);
    write(low(bytes(block, 4)), of_low, |q| q * d + m);
    write(high(bytes(block, 4)), of_high, |q| q * d + m);
}
