//! Q5_0: f16 d, the fifth bits of all 32 numbers, and then 16 bytes as in Q4_0. d (q − 16).

use super::float::half;

#[inline(always)]
pub(super) fn read(block: &[u8; 22], values: &mut [f32; 32]) {
    let d = half(block, 0);
    read_scaled(&block[2..], values, |q| d * (q - 16.0));
}

/// The 32 numbers of 5 bits, each through a function.
pub(super) fn read_scaled(block: &[u8], values: &mut [f32], scaled: impl Fn(f32) -> f32) {
    let fifth = u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
    let (low, high) = values.split_at_mut(16);
    for (at, ((byte, low), high)) in block[4..].iter().zip(low).zip(high).enumerate() {
        let bit = |at: usize| ((fifth >> at & 1) << 4) as u8;
        *low = scaled(f32::from(byte & 15 | bit(at)));
        *high = scaled(f32::from(byte >> 4 | bit(at + 16)));
    }
}
