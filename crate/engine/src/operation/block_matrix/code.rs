//! Numbers of blocks in a kernel: for each type where its bits lie, sixteen numbers at a time, which share a scale. The layouts are those of
//! [`crate::block`], a file a type, and so are the words.
//!
//! Every number of a type with a scale is (q − offset) · scale + minimum, where only the last sum rounds: fused or not, it has the same bits.

use crate::block::BlockType;
use burn::cubecl;
use burn::cubecl::prelude::*;

/// Numbers that share a scale in every type.
pub(super) const GROUP: usize = 16;

/// From the bias of an exponent of half precision, 15, to that of single precision, 127.
const OTHER_BIAS: u32 = (127 - 15) << 23;
/// The unit of subnormal numbers of half precision, 2⁻²⁴.
const UNIT: f32 = f32::from_bits((127 - 24) << 23);

/// What is taken off a number's bits before they are scaled.
pub(super) fn offset(of: BlockType) -> f32 {
    match of {
        BlockType::Q4_0 => 8.0,
        BlockType::Q5_0 => 16.0,
        BlockType::Q8_0 => 128.0,
        BlockType::Q6K => 32.0,
        _ => 0.0,
    }
}

/// Whether blocks have a minimum.
pub(super) fn has_minimum(of: BlockType) -> bool {
    matches!(of, BlockType::Q4_1 | BlockType::Q5_1 | BlockType::Q4K | BlockType::Q5K)
}

/// The byte at a place.
#[cube]
pub(super) fn byte(words: &Tensor<u32>, at: usize) -> u32 {
    (words[at / 4] >> (u32::cast_from(at % 4) * 8)) & 0xFF
}

/// Two bytes at an even place, the first one low.
#[cube]
fn two_bytes(words: &Tensor<u32>, at: usize) -> u32 {
    (words[at / 4] >> (u32::cast_from(at % 4) * 8)) & 0xFFFF
}

/// The bits in single precision of a finite number in half precision.
#[cube]
fn half_bits(words: &Tensor<u32>, at: usize) -> u32 {
    let bits = two_bytes(words, at);
    let rest = bits & 0x7FFF;
    let subnormal = u32::reinterpret(f32::cast_from(rest) * UNIT);
    let normal = (rest << 13) + OTHER_BIAS;
    select(rest < 0x400, subnormal, normal) | ((bits & 0x8000) << 16)
}

#[cube]
fn half(words: &Tensor<u32>, at: usize) -> f32 {
    f32::reinterpret(half_bits(words, at))
}

/// The bits of a number of a type without scales, which is the one at a place of its row.
#[cube]
pub(super) fn plain_bits(words: &Tensor<u32>, row: usize, at: usize, #[comptime] of: BlockType) -> u32 {
    if comptime!(of == BlockType::F32) {
        words[row / 4 + at]
    } else if comptime!(of == BlockType::F16) {
        half_bits(words, row + at * 2)
    } else {
        two_bytes(words, row + at * 2) << 16
    }
}

/// The scale of a group of a block, or the minimum in its place, of Q4_K and Q5_K: of six bits each, in the twelve bytes from the fifth on.
#[cube]
fn of_six_bits(words: &Tensor<u32>, block: usize, part: usize, #[comptime] is_minimum: bool) -> f32 {
    let packed = block + 4;
    let own = select(is_minimum, part + 4, part);
    let mut bits = byte(words, packed + own) & 63;
    if part >= 4 {
        let halves = byte(words, packed + part + 4);
        let low = select(is_minimum, halves >> 4, halves & 15);
        let high = byte(words, packed + select(is_minimum, part, part - 4)) >> 6;
        bits = low | (high << 4);
    }
    f32::cast_from(bits)
}

/// The scale of a group of a block.
#[cube]
pub(super) fn scale(words: &Tensor<u32>, block: usize, group: usize, #[comptime] of: BlockType) -> f32 {
    if comptime!(of == BlockType::Q4K || of == BlockType::Q5K) {
        half(words, block) * of_six_bits(words, block, group / 2, false)
    } else if comptime!(of == BlockType::Q6K) {
        // With the sign turned, a signed byte is itself and 128.
        let signed = f32::cast_from(byte(words, block + 192 + group) ^ 128) - 128.0;
        half(words, block + 208) * signed
    } else {
        half(words, block)
    }
}

/// The minimum of a group of a block, where there is one: what is added to its numbers.
#[cube]
pub(super) fn minimum(words: &Tensor<u32>, block: usize, group: usize, #[comptime] of: BlockType) -> f32 {
    if comptime!(of == BlockType::Q4K || of == BlockType::Q5K) {
        -(half(words, block + 2) * of_six_bits(words, block, group / 2, true))
    } else {
        half(words, block + 2)
    }
}

/// The bits of a number of a group, with what is taken off them as [`offset`] says.
#[cube]
pub(super) fn quant(words: &Tensor<u32>, block: usize, group: usize, at: usize, #[comptime] of: BlockType) -> u32 {
    // Of types of 32 numbers the first group is the low halves of 16 bytes.
    let shift = u32::cast_from(group % 2) * 4;
    // Of the K types a part of 32 numbers is two groups.
    let (part, within) = (group / 2, group % 2 * GROUP + at);
    if comptime!(of == BlockType::Q4_0) {
        (byte(words, block + 2 + at) >> shift) & 15
    } else if comptime!(of == BlockType::Q4_1) {
        (byte(words, block + 4 + at) >> shift) & 15
    } else if comptime!(of == BlockType::Q5_0 || of == BlockType::Q5_1) {
        let fifths = comptime!(if of == BlockType::Q5_0 { 2_usize } else { 4_usize });
        let fifth = (two_bytes(words, block + fifths + group * 2) >> u32::cast_from(at)) & 1;
        ((byte(words, block + fifths + 4 + at) >> shift) & 15) | (fifth << 4)
    } else if comptime!(of == BlockType::Q8_0) {
        byte(words, block + 2 + group * GROUP + at) ^ 128
    } else if comptime!(of == BlockType::Q4K) {
        (byte(words, block + 16 + part / 2 * 32 + within) >> (u32::cast_from(part % 2) * 4)) & 15
    } else if comptime!(of == BlockType::Q5K) {
        let fifth = (byte(words, block + 16 + within) >> u32::cast_from(part)) & 1;
        ((byte(words, block + 48 + part / 2 * 32 + within) >> (u32::cast_from(part % 2) * 4)) & 15) | (fifth << 4)
    } else {
        let (half, quarter) = (part / 4, part % 4);
        let low = (byte(words, block + half * 64 + quarter % 2 * 32 + within) >> (u32::cast_from(quarter / 2) * 4)) & 15;
        let upper = (byte(words, block + 128 + half * 32 + within) >> (u32::cast_from(quarter) * 2)) & 3;
        low | (upper << 4)
    }
}
