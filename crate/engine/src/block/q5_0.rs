//! Q5_0: f16 d, the fifth bits of all 32 numbers, and then 16 bytes as in Q4_0. d (q − 16).

use super::float::half;
use super::sixteen::{Block, Sixteen, bytes, high, low};
use wide::u8x16;

pub(super) struct Q5_0;

impl Block<22, 2> for Q5_0 {
    #[inline(always)]
    fn sixteens(block: &[u8; 22], mut each: impl FnMut(Sixteen)) {
        let d = half(block, 0);
        five_bits(&block[2..]).into_iter().for_each(|numbers| each(Sixteen { numbers, offset: 16.0, scale: d, minimum: None }));
    }
}

/// The 32 numbers of 5 bits.
#[inline(always)]
pub(super) fn five_bits(block: &[u8]) -> [u8x16; 2] {
    let both = bytes(block, 4);
    [low(both) | fifth([block[0], block[1]]), high(both) | fifth([block[2], block[3]])]
}

/// A bit for each of 16 numbers, as their fifth.
#[inline(always)]
fn fifth(bits: [u8; 2]) -> u8x16 {
    let own = u8x16::new([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
    let [first, second] = bits;
    let bits = u8x16::new([[first; 8], [second; 8]].as_flattened().try_into().unwrap_or_default());
    (bits & own).simd_eq(own) & u8x16::splat(16)
}
