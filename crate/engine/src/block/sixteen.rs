//! Sixteen small whole numbers at once, in vectors by type: what a compiler makes of a loop over bytes depends on what stands around it.

use wide::bytemuck::cast;
use wide::{f32x4, u8x16};

/// The bytes that begin at a place of a block.
#[inline(always)]
pub(super) fn bytes(block: &[u8], at: usize) -> u8x16 {
    block[at..].first_chunk().map_or(u8x16::ZERO, |bytes| u8x16::new(*bytes))
}

/// The lower four bits of every byte.
#[inline(always)]
pub(super) fn low(bytes: u8x16) -> u8x16 {
    bytes & u8x16::splat(15)
}

/// The upper four bits of every byte.
#[inline(always)]
pub(super) fn high(bytes: u8x16) -> u8x16 {
    bytes >> 4
}

/// Writes numbers through a function.
#[inline(always)]
pub(super) fn write(numbers: u8x16, values: &mut [f32], scaled: impl Fn(f32x4) -> f32x4) {
    for (numbers, values) in singles(numbers).into_iter().zip(values.as_chunks_mut().0) {
        *values = scaled(numbers).to_array();
    }
}

/// The numbers in single precision: each byte gets three of nothing behind it, two at a time.
#[inline(always)]
fn singles(numbers: u8x16) -> [f32x4; 4] {
    let halves = [u8x16::unpack_low(numbers, u8x16::ZERO), u8x16::unpack_high(numbers, u8x16::ZERO)];
    let [first, second] = halves.map(|half| [u8x16::unpack_low(half, u8x16::ZERO), u8x16::unpack_high(half, u8x16::ZERO)]);
    [first[0], first[1], second[0], second[1]].map(|quarter| f32x4::from_i32x4(cast(quarter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_its_number_in_its_place() {
        for first in (0..=u8::MAX).step_by(16) {
            let block: Vec<u8> = (0..=u8::MAX).collect();
            let mut values = [0.0; 16];
            write(bytes(&block, first.into()), &mut values, |number| number + f32x4::splat(0.5));
            assert_eq!(values, std::array::from_fn(|index| f32::from(first) + index as f32 + 0.5));
            let [lower, upper] = [low, high].map(|of| of(bytes(&block, first.into())).to_array());
            assert_eq!((lower, upper), (std::array::from_fn(|index| index as u8), [first / 16; 16]));
        }
    }
}
