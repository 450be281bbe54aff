//! Q5_0: f16 d, the fifth bits of all 32 numbers, and then 16 bytes as in Q4_0. d (q − 16).

use super::float::half;
use super::sixteen::{bytes, high, low, write};
use wide::{f32x4, u8x16};

#[inline(always)]
pub(super) fn read(block: &[u8; 22], values: &mut [f32; 32]) {
    let d = half(block, 0);
    read_scaled(&block[2..], values, |q| (q - 16.0) * d);
}

/// The 32 numbers of 5 bits, each through a function.
#[inline(always)]
pub(super) fn read_scaled(block: &[u8], values: &mut [f32], scaled: impl Fn(f32x4) -> f32x4) {
    let (of_low, of_high) = values.split_at_mut(16);
    write(low(bytes(block, 4)) | fifth([block[0], block[1]]), of_low, &scaled);
    write(high(bytes(block, 4)) | fifth([block[2], block[3]]), of_high, &scaled);
}

/// A bit for each of 16 numbers, as their fifth.
#[inline(always)]
fn fifth(bits: [u8; 2]) -> u8x16 {
    let own = u8x16::new([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
    let [first, second] = bits;
    let bits = u8x16::new([[first; 8], [second; 8]].as_flattened().try_into().unwrap_or_default());
    (bits & own).simd_eq(own) & u8x16::splat(16)
}
