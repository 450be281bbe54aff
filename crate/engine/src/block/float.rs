//! Numbers that share nothing with others: single and half precision, and the upper half of single precision.

use half::{bf16, f16};

/// The finite f16 that begins at a place of a block, as all of a file that was taken are.
#[inline(always)]
pub(super) fn half(block: &[u8], at: usize) -> f32 {
    single_of(u16::from_le_bytes([block[at], block[at + 1]]))
}

/// Whether the f16 that begins at a place of a block is finite.
pub(super) fn is_finite(block: &[u8], at: usize) -> bool {
    f16::from_le_bytes([block[at], block[at + 1]]).is_finite()
}

/// A finite number of half precision, without asking of which kind it is, as the library does: its bits in the places of single precision are the
/// number times 2⁻¹¹², normal or subnormal.
#[inline(always)]
fn single_of(bits: u16) -> f32 {
    const FACTOR: f32 = f32::from_bits((127 + 112) << 23);
    let placed = i32::from(bits.cast_signed()) << 13;
    f32::from_bits(placed.cast_unsigned() & 0x8fff_e000) * FACTOR
}

pub(super) fn single(block: &[u8]) -> f32 {
    f32::from_le_bytes([block[0], block[1], block[2], block[3]])
}

pub(super) fn upper_half(block: &[u8]) -> f32 {
    bf16::from_le_bytes([block[0], block[1]]).to_f32()
}

pub(super) fn f32(bytes: &[u8], values: &mut [f32]) {
    bytes.as_chunks().0.iter().zip(values).for_each(|(number, value)| *value = f32::from_le_bytes(*number));
}

pub(super) fn f16(bytes: &[u8], values: &mut [f32]) {
    bytes.as_chunks().0.iter().zip(values).for_each(|(number, value)| *value = single_of(u16::from_le_bytes(*number)));
}

pub(super) fn bf16(bytes: &[u8], values: &mut [f32]) {
    bytes
        .as_chunks()
        .0
        .iter()
        .zip(values)
        .for_each(|(number, value)| *value = f32::from_bits(u32::from(u16::from_le_bytes(*number)) << 16));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_two_bytes_is_that_of_the_library() {
        for bits in 0..=u16::MAX {
            let (bytes, mut value) = (bits.to_le_bytes(), [0.0]);
            bf16(&bytes, &mut value);
            assert_eq!(value[0].to_bits(), u32::from(bits) << 16);
            f16(&bytes, &mut value);
            let expected = f16::from_bits(bits).to_f32();
            assert_eq!(is_finite(&bytes, 0), expected.is_finite());
            assert!(!expected.is_finite() || value[0].to_bits() == expected.to_bits(), "{bits:x}: {} {expected}", value[0]);
        }
    }
}
