//! Q5_K: as Q4_K, with 32 bytes of fifth bits in front of the halves: bit p of byte i belongs to number i of part p. d s q − d′ m.

use super::float::half;
use super::k_scales::scale_and_minimum;

#[inline(always)]
pub(super) fn read(block: &[u8; 176], values: &mut [f32; 256]) {
    let [d, of_minima] = [half(block, 0), half(block, 2)];
    let fifth = &block[16..48];
    for (part, values) in values.chunks_exact_mut(32).enumerate() {
        let [scale, minimum] = scale_and_minimum(&block[4..16], part);
        let (scale, minimum) = (d * scale, of_minima * minimum);
        let bytes = &block[48 + part / 2 * 32..][..32];
        for ((byte, fifth), value) in bytes.iter().zip(fifth).zip(values) {
            *value = scale * f32::from(byte >> (part % 2 * 4) & 15 | (fifth >> part & 1) << 4) - minimum;
        }
    }
}
