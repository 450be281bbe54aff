//! Q5_1: f16 d, f16 m, the fifth bits of all 32 numbers, and then 16 bytes as in Q4_0. d q + m.

use super::float::half;
use super::q5_0::read_scaled;

#[inline(always)]
pub(super) fn read(block: &[u8; 24], values: &mut [f32; 32]) {
    let (d, m) = (half(block, 0), half(block, 2));
    read_scaled(&block[4..], values, |q| q * d + m);
}
