//! Q8_0: f16 d, 32 signed bytes. d q.

use super::float::half;

#[inline(always)]
pub(super) fn read(block: &[u8; 34], values: &mut [f32; 32]) {
    let d = half(block, 0);
    block[2..].iter().zip(values).for_each(|(&byte, value)| *value = d * f32::from(byte as i8));
}
