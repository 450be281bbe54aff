//! Q5_K: as Q4_K, with 32 bytes of fifth bits in front of the halves: bit p of byte i belongs to number i of part p. d s q − d′ m.

use super::float::half;
use super::k_scales::scale_and_minimum;
use super::sixteen::{bytes, high, low, write};
use wide::u8x16;

#[inline(always)]
pub(super) fn read(block: &[u8; 176], values: &mut [f32; 256]) {
    let [d, of_minima] = [half(block, 0), half(block, 2)];
    for (part, values) in values.chunks_exact_mut(32).enumerate() {
        let [scale, minimum] = scale_and_minimum(&block[4..16], part);
        let (scale, minimum) = (d * scale, of_minima * minimum);
        for (at, values) in values.chunks_exact_mut(16).enumerate() {
            let both = bytes(block, 48 + part / 2 * 32 + at * 16);
            let fifth = (bytes(block, 16 + at * 16) >> part as u32 & u8x16::splat(1)) << 4;
            write(if part % 2 == 0 { low(both) } else { high(both) } | fifth, values, |q| q * scale - minimum);
        }
    }
}
