//! Q4_1: f16 d, f16 m, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d q + m.

use super::float::half;
use super::sixteen::{Block, Sixteen, bytes, low, sixteenfold};

pub(super) struct Q4_1;

impl Block<20, 2> for Q4_1 {
    #[inline(always)]
    fn sixteens(block: &[u8; 20], mut each: impl FnMut(Sixteen)) {
        let (d, m, both) = (half(block, 0), half(block, 2), bytes(block, 4));
        for (numbers, scale) in [(low(both), d), (sixteenfold(both), d / 16.0)] {
            each(Sixteen { numbers, offset: 0.0, scale, minimum: Some(m) });
        }
    }
}
