//! The blocks in which files of language models hold their numbers: a few bits a number, and a scale that a whole block shares.
//!
//! Each type is a file with one function, which turns the bytes of one block into numbers. Wherever f32 holds the result exactly, and it does for
//! all types without a minimum and for Q4_1 and Q5_1, every order of the operations gives the same bits. The layouts are those of ggml
//! (<https://github.com/ggml-org/ggml>, `ggml-common.h`); f16 and all else is little-endian.

mod float;
mod k_scales;
mod product;
mod q4_0;
mod q4_1;
mod q4_k;
mod q5_0;
mod q5_1;
mod q5_k;
mod q6_k;
mod q8_0;
mod sixteen;

pub use product::FewRows;
use sixteen::Block;

/// How the numbers of an array are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockType {
    /// Single precision.
    F32,
    /// Half precision.
    F16,
    /// The upper half of single precision.
    Bf16,
    /// 4 bits and a scale: d (q − 8).
    Q4_0,
    /// 4 bits, a scale and a minimum: d q + m.
    Q4_1,
    /// 5 bits and a scale: d (q − 16).
    Q5_0,
    /// 5 bits, a scale and a minimum: d q + m.
    Q5_1,
    /// 8 bits and a scale: d q.
    Q8_0,
    /// 4 bits, eight scales and minima of 6 bits: d s q − d′ m.
    Q4K,
    /// 5 bits, eight scales and minima of 6 bits: d s q − d′ m.
    Q5K,
    /// 6 bits, sixteen scales of 8 bits: d s (q − 32).
    Q6K,
}

impl BlockType {
    /// Every type.
    pub const ALL: [Self; 11] =
        [Self::F32, Self::F16, Self::Bf16, Self::Q4_0, Self::Q4_1, Self::Q5_0, Self::Q5_1, Self::Q8_0, Self::Q4K, Self::Q5K, Self::Q6K];

    /// Its number in a file.
    pub fn id(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q5_0 => 6,
            Self::Q5_1 => 7,
            Self::Q8_0 => 8,
            Self::Q4K => 12,
            Self::Q5K => 13,
            Self::Q6K => 14,
            Self::Bf16 => 30,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::Q4_0 => "Q4_0",
            Self::Q4_1 => "Q4_1",
            Self::Q5_0 => "Q5_0",
            Self::Q5_1 => "Q5_1",
            Self::Q8_0 => "Q8_0",
            Self::Q4K => "Q4_K",
            Self::Q5K => "Q5_K",
            Self::Q6K => "Q6_K",
        }
    }

    /// Numbers in one block.
    pub fn values(self) -> usize {
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => 1,
            Self::Q4_0 | Self::Q4_1 | Self::Q5_0 | Self::Q5_1 | Self::Q8_0 => 32,
            Self::Q4K | Self::Q5K | Self::Q6K => 256,
        }
    }

    /// Bytes of one block.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::Q4_0 => 18,
            Self::Q4_1 => 20,
            Self::Q5_0 => 22,
            Self::Q5_1 => 24,
            Self::Q8_0 => 34,
            Self::Q4K => 144,
            Self::Q5K => 176,
            Self::Q6K => 210,
        }
    }

    /// Where the numbers of half precision stand in a block, which no other number of it is finite without.
    fn scales(self) -> &'static [usize] {
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => &[],
            Self::Q4_0 | Self::Q5_0 | Self::Q8_0 => &[0],
            Self::Q4_1 | Self::Q5_1 | Self::Q4K | Self::Q5K => &[0, 2],
            Self::Q6K => &[208],
        }
    }

    /// The numbers of whole blocks, one behind the other: as many as both `bytes` and `values` have room for.
    pub fn read(self, bytes: &[u8], values: &mut [f32]) {
        match self {
            Self::F32 => float::f32(bytes, values),
            Self::F16 => float::f16(bytes, values),
            Self::Bf16 => float::bf16(bytes, values),
            Self::Q4_0 => read::<q4_0::Q4_0, _, _>(bytes, values),
            Self::Q4_1 => read::<q4_1::Q4_1, _, _>(bytes, values),
            Self::Q5_0 => read::<q5_0::Q5_0, _, _>(bytes, values),
            Self::Q5_1 => read::<q5_1::Q5_1, _, _>(bytes, values),
            Self::Q8_0 => read::<q8_0::Q8_0, _, _>(bytes, values),
            Self::Q4K => read::<q4_k::Q4K, _, _>(bytes, values),
            Self::Q5K => read::<q5_k::Q5K, _, _>(bytes, values),
            Self::Q6K => read::<q6_k::Q6K, _, _>(bytes, values),
        }
    }

    /// The place among the numbers, from 0, of the first block with one that is not finite. Looks at scales only, where there are any.
    pub fn first_not_finite(self, bytes: &[u8]) -> Option<usize> {
        let is_finite = |block: &[u8]| match self {
            Self::F32 => float::single(block).is_finite(),
            Self::Bf16 => float::upper_half(block).is_finite(),
            Self::F16 => float::is_finite(block, 0),
            _ => self.scales().iter().all(|&at| float::is_finite(block, at)),
        };
        bytes.chunks_exact(self.bytes()).position(|block| !is_finite(block)).map(|block| block * self.values())
    }
}

/// Writes the numbers of block after block. Of lengths that are known by type the compiler makes vector instructions.
#[inline(always)]
fn read<B: Block<BYTES, PARTS>, const BYTES: usize, const PARTS: usize>(bytes: &[u8], values: &mut [f32]) {
    let mut places = values.as_chunks_mut().0.iter_mut();
    for block in bytes.as_chunks().0 {
        B::sixteens(block, |numbers| {
            if let Some(values) = places.next() {
                numbers.write(values);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_nothing_is_zeros_and_a_scale_that_is_no_number_is_found() {
        for of in BlockType::ALL {
            let mut bytes = vec![0; 3 * of.bytes()];
            let mut values = vec![1.0; 3 * of.values()];
            of.read(&bytes, &mut values);
            assert!(values.iter().all(|&value| value == 0.0), "{}", of.name());
            assert_eq!(of.first_not_finite(&bytes), None);
            // Whatever part of a number of half precision or more is all ones is no number.
            let places = if of.scales().is_empty() { &[0] } else { of.scales() };
            for at in places {
                bytes[of.bytes() + at..]
                    .iter_mut()
                    .take(of.bytes().min(if of == BlockType::F32 { 4 } else { 2 }))
                    .for_each(|byte| *byte = 255);
                assert_eq!(of.first_not_finite(&bytes), Some(of.values()), "{}", of.name());
                bytes.fill(0);
            }
        }
    }
}
