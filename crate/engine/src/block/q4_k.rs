//! Q4_K: f16 d, f16 d′, twelve bytes of scales s and minima m, 128 bytes. Each 32 bytes are 64 numbers: low halves, then high ones, each half a part
//! with a scale and a minimum. d s q − d′ m.

use super::float::half;
use super::k_scales::scale_and_minimum;
use super::sixteen::{bytes, high, low, write};

#[inline(always)]
pub(super) fn read(block: &[u8; 144], values: &mut [f32; 256]) {
    let [d, of_minima] = [half(block, 0), half(block, 2)];
    for (part, values) in values.chunks_exact_mut(32).enumerate() {
        let [scale, minimum] = scale_and_minimum(&block[4..16], part);
        let (scale, minimum) = (d * scale, of_minima * minimum);
        for (at, values) in values.chunks_exact_mut(16).enumerate() {
            let both = bytes(block, 16 + part / 2 * 32 + at * 16);
            write(if part % 2 == 0 { low(both) } else { high(both) }, values, |q| q * scale - minimum);
        }
    }
}
