//! Q8_0: f16 d, 32 signed bytes. d q.

use super::float::half;
use super::sixteen::{bytes, write};
use wide::u8x16;

#[inline(always)]
pub(super) fn read(block: &[u8; 34], values: &mut [f32; 32]) {
    let d = half(block, 0);
    for (at, values) in values.chunks_exact_mut(16).enumerate() {
        // With the sign turned, a signed byte is itself and 128.
        write(bytes(block, 2 + 16 * at) ^ u8x16::splat(128), values, |q| (q - 128.0) * d);
    }
}
