//! Q5_K: as Q4_K, with 32 bytes of fifth bits in front of the halves: bit p of byte i belongs to number i of part p. d s q − d′ m.

use super::float::half;
use super::k_scales::scale_and_minimum;
use super::sixteen::{Block, Sixteen, bytes, high, low};
use wide::u8x16;

pub(super) struct Q5K;

impl Block<176, 16> for Q5K {
    #[inline(always)]
    fn sixteens(block: &[u8; 176], mut each: impl FnMut(Sixteen)) {
        for part in 0..8 {
            let [scale, minimum] = scale_and_minimum([half(block, 0), half(block, 2)], &block[4..16], part);
            for at in [0, 16] {
                let both = bytes(block, 48 + part / 2 * 32 + at);
                let fifth = (bytes(block, 16 + at) >> part as u32 & u8x16::splat(1)) << 4;
                let numbers = if part % 2 == 0 { low(both) } else { high(both) } | fifth;
                each(Sixteen { numbers, offset: 0.0, scale, minimum: Some(minimum) });
            }
        }
    }
}
