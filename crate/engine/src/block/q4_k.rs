//! Q4_K: f16 d, f16 d′, twelve bytes of scales s and minima m, 128 bytes. Each 32 bytes are 64 numbers: low halves, then high ones, each half a part
//! with a scale and a minimum. d s q − d′ m.

use super::float::half;
use super::k_scales::scale_and_minimum;
use super::sixteen::{Block, Sixteen, bytes, low, sixteenfold};

pub(super) struct Q4K;

impl Block<144, 16> for Q4K {
    #[inline(always)]
    fn sixteens(block: &[u8; 144], mut each: impl FnMut(Sixteen)) {
        for part in 0..8 {
            let [scale, minimum] = scale_and_minimum([half(block, 0), half(block, 2)], &block[4..16], part);
            for at in [0, 16] {
                let both = bytes(block, 16 + part / 2 * 32 + at);
                let (numbers, scale) = if part % 2 == 0 { (low(both), scale) } else { (sixteenfold(both), scale / 16.0) };
                each(Sixteen { numbers, offset: 0.0, scale, minimum: Some(minimum) });
            }
        }
    }
}
