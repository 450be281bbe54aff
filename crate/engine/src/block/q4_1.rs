//! Q4_1: f16 d, f16 m, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d q + m.

use super::float::half;

pub(super) fn read(block: &[u8], values: &mut [f32]) {
    let (d, m) = (half(block, 0), half(block, 2));
    let (low, high) = values.split_at_mut(16);
    for ((byte, low), high) in block[4..].iter().zip(low).zip(high) {
        *low = d * f32::from(byte & 15) + m;
        *high = d * f32::from(byte >> 4) + m;
    }
}
