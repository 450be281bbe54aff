//! Q5_1: f16 d, f16 m, the fifth bits of all 32 numbers, and then 16 bytes as in Q4_0. d q + m.

use super::float::half;
use super::q5_0::five_bits;
use super::sixteen::{Block, Sixteen};

pub(super) struct Q5_1;

impl Block<24, 2> for Q5_1 {
    #[inline(always)]
    fn sixteens(block: &[u8; 24], mut each: impl FnMut(Sixteen)) {
        let (d, m) = (half(block, 0), half(block, 2));
        five_bits(&block[4..]).into_iter().for_each(|numbers| each(Sixteen { numbers, offset: 0.0, scale: d, minimum: Some(m) }));
    }
}
