//! Sixteen small whole numbers at once, in vectors by type: what a compiler makes of a loop over bytes depends on what stands around it.

use wide::bytemuck::cast;
use wide::{f32x4, u8x16};

/// As many as share a scale in every type.
pub(super) const COUNT: usize = 16;

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

/// The upper four bits of every byte where they are: sixteen times the number.
#[inline(always)]
pub(super) fn sixteenfold(bytes: u8x16) -> u8x16 {
    bytes & u8x16::splat(0xf0)
}

/// How the numbers of a type lie in its blocks of so many bytes: in so many parts of [`COUNT`].
pub(super) trait Block<const BYTES: usize, const PARTS: usize> {
    /// Goes through the numbers of a block in their order, sixteen at a time.
    fn sixteens(block: &[u8; BYTES], each: impl FnMut(Sixteen));
}

/// Sixteen numbers q of a block, one behind the other: (q − offset) scale + minimum.
#[derive(Clone, Copy)]
pub(super) struct Sixteen {
    pub numbers: u8x16,
    pub offset: f32,
    pub scale: f32,
    pub minimum: Option<f32>,
}

impl Sixteen {
    /// Writes the numbers.
    #[inline(always)]
    pub(super) fn write(self, values: &mut [f32; COUNT]) {
        for (numbers, values) in self.counted().into_iter().zip(values.as_chunks_mut().0) {
            let scaled = numbers * f32x4::splat(self.scale);
            *values = self.minimum.map_or(scaled, |minimum| scaled + f32x4::splat(minimum)).to_array();
        }
    }

    /// q − offset.
    #[inline(always)]
    pub(super) fn counted(self) -> [f32x4; 4] {
        singles(self.numbers).map(|numbers| numbers - f32x4::splat(self.offset))
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
            let numbers = bytes(&block, first.into());
            Sixteen { numbers, offset: 1.0, scale: 2.0, minimum: Some(0.5) }.write(&mut values);
            assert_eq!(values, std::array::from_fn(|index| 2.0 * (f32::from(first) + index as f32 - 1.0) + 0.5));
            let [lower, upper] = [low, high].map(|of| of(bytes(&block, first.into())).to_array());
            assert_eq!((lower, upper), (std::array::from_fn(|index| index as u8), [first / 16; 16]));
        }
    }
}
