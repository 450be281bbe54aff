//! Q8_0: f16 d, 32 signed bytes. d q.

use super::float::half;
use super::sixteen::{Block, Sixteen, bytes};
use wide::u8x16;

pub(super) struct Q8_0;

impl Block<34, 2> for Q8_0 {
    #[inline(always)]
    fn sixteens(block: &[u8; 34], mut each: impl FnMut(Sixteen)) {
        let d = half(block, 0);
        for at in [2, 18] {
            // With the sign turned, a signed byte is itself and 128.
            each(Sixteen { numbers: bytes(block, at) ^ u8x16::splat(128), offset: 128.0, scale: d, minimum: None });
        }
    }
}
