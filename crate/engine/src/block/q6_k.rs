//! Q6_K: 128 bytes of low halves, 64 bytes of upper two bits, 16 signed scales s, f16 d. Of 128 numbers in four parts of 32, number i has its low half
//! in byte i of the first or the second 32 bytes, parts 0 and 1 low, parts 2 and 3 high, and its upper bits in byte i of 32. d s (q − 32).

use super::float::half;
use super::sixteen::{Block, Sixteen, bytes, high, low};
use wide::u8x16;

pub(super) struct Q6K;

impl Block<210, 16> for Q6K {
    #[inline(always)]
    fn sixteens(block: &[u8; 210], mut each: impl FnMut(Sixteen)) {
        let d = half(block, 208);
        for at in 0..16 {
            let (of, part, within) = (at / 8, at / 2 % 4, at % 2 * 16);
            let both = bytes(block, of * 64 + part % 2 * 32 + within);
            let upper = bytes(block, 128 + of * 32 + within) >> (part as u32 * 2) & u8x16::splat(3);
            let numbers = if part < 2 { low(both) } else { high(both) } | upper << 4;
            each(Sixteen { numbers, offset: 32.0, scale: d * f32::from(block[192 + at] as i8), minimum: None });
        }
    }
}
