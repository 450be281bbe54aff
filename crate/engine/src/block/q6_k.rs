//! Q6_K: 128 bytes of low halves, 64 bytes of upper two bits, 16 signed scales s, f16 d. Of 128 numbers in four parts of 32, number i has its low half
//! in byte i of the first or the second 32 bytes, parts 0 and 1 low, parts 2 and 3 high, and its upper bits in byte i of 32. d s (q − 32).

use super::float::half;

#[inline(always)]
pub(super) fn read(block: &[u8; 210], values: &mut [f32; 256]) {
    let d = half(block, 208);
    for (at, values) in values.chunks_exact_mut(32).enumerate() {
        let (of, part) = (at / 4, at % 4);
        let low = &block[of * 64 + part % 2 * 32..][..32];
        let upper = &block[128 + of * 32..][..32];
        for (i, value) in values.iter_mut().enumerate() {
            let q = low[i] >> (part / 2 * 4) & 15 | (upper[i] >> (part * 2) & 3) << 4;
            let scale = block[192 + at * 2 + i / 16] as i8;
            *value = d * f32::from(scale) * (f32::from(q) - 32.0);
        }
    }
}
