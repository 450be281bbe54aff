//! A matrix of weights that stays on a graphics processor as the blocks of its file: what a product needs of it is made there, and no longer held.
//!
//! The numbers are those of [`BlockType::read`], bit for bit, by operations on words only: a shader has no half precision without asking for it.

use burn::tensor::{Device, Int, Tensor};
use std::ops::Range;

use crate::block::BlockType;

#[cfg(feature = "webgpu")]
mod code;
#[cfg(feature = "webgpu")]
mod graphics;
#[cfg(not(feature = "webgpu"))]
mod nowhere;

#[cfg(feature = "webgpu")]
use graphics::Words;
#[cfg(not(feature = "webgpu"))]
use nowhere::Words;

/// A matrix [inputs, outputs] as its file holds it: output by output, the inputs of each in blocks one behind the other.
#[derive(Clone)]
pub struct BlockMatrix(Words);

impl BlockMatrix {
    /// Takes the bytes of all blocks to a device. None where it is no graphics processor.
    pub fn new(of: BlockType, bytes: &[u8], shape: [usize; 2], device: &Device) -> Option<Self> {
        Words::new(of, bytes, shape, device).map(Self)
    }

    /// Whether a device has a matrix as blocks: a graphics processor.
    pub fn is_kept_on(device: &Device) -> bool {
        Words::are_kept_on(device)
    }

    /// Whether it is on this device.
    pub fn is_on(&self, device: &Device) -> bool {
        self.0.is_on(device)
    }

    /// Bytes that it takes there.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// The numbers of some outputs of matrices that stand side by side, [inputs, outputs], in f32. Of each its own outputs are named.
    pub fn columns(parts: &[(&Self, Range<usize>)]) -> Tensor<2> {
        Words::columns(&parts.iter().map(|(matrix, outputs)| (&matrix.0, outputs.clone())).collect::<Vec<_>>())
    }

    /// The numbers of the outputs of these places, [outputs, inputs], in f32.
    pub fn rows(&self, outputs: Tensor<1, Int>) -> Tensor<2> {
        self.0.rows(outputs)
    }

    /// x W for a few rows, [rows, inputs] · [inputs, outputs], with matrices that stand side by side: numbers are made where they are multiplied, and
    /// never lie in memory. None for more than [`FEW_ROWS`](super::FEW_ROWS) rows.
    pub fn product(parts: &[&Self], x: &Tensor<2>) -> Option<Tensor<2>> {
        Words::product(&parts.iter().map(|matrix| &matrix.0).collect::<Vec<_>>(), x)
    }
}

#[cfg(all(test, feature = "flex", feature = "webgpu"))]
mod tests;
