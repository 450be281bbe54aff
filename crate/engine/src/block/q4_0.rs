//! Q4_0: f16 d, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d (q − 8).

use super::float::half;

pub(super) fn read(block: &[u8], values: &mut [f32]) {
    let d = half(block, 0);
    let (low, high) = values.split_at_mut(16);
    for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
        *low = d * (f32::from(byte & 15) - 8.0);
        *high = d * (f32::from(byte >> 4) - 8.0);
    }
}
