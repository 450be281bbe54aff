//! Q4_0: f16 d, 16 bytes; the low halves of the bytes are the numbers 0 to 15, the high ones 16 to 31. d (q − 8).

use super::float::half;
use super::sixteen::{Block, Sixteen, bytes, low, sixteenfold};

pub(super) struct Q4_0;

impl Block<18, 2> for Q4_0 {
    #[inline(always)]
    fn sixteens(block: &[u8; 18], mut each: impl FnMut(Sixteen)) {
        let (d, both) = (half(block, 0), bytes(block, 2));
        for (numbers, offset, scale) in [(low(both), 8.0, d), (sixteenfold(both), 128.0, d / 16.0)] {
            each(Sixteen { numbers, offset, scale, minimum: None });
        }
    }
}
