//! A part of the batch and of its rows, small enough for the scores to be held at once.

use crate::transformer::parts;
use burn::tensor::Tensor;
use glasses_contract::config::Mask;
use std::ops::Range;

/// Scores that are held at once, in elements: what fits a processor's cache, and far from what fits a browser's memory.
const BLOCK_ELEMENTS: usize = 1 << 15;
/// The same on a graphics processor, where what counts is how much is done at once: 16 MiB.
const GRAPHICS_BLOCK_ELEMENTS: usize = 1 << 22;
/// Rows of a block at the least: products of fewer rows are no quicker.
const BLOCK_ROWS: usize = 32;

pub(super) struct Block {
    pub(super) batch: Range<usize>,
    pub(super) rows: Range<usize>,
}

impl Block {
    /// Splits the rows, or where there is a past the batch, and names the axis along which the blocks follow each other.
    pub(super) fn split(batch: usize, maps: usize, rows: usize, cache_len: usize, on_graphics: bool) -> (Vec<Self>, usize) {
        let elements = if on_graphics { GRAPHICS_BLOCK_ELEMENTS } else { BLOCK_ELEMENTS };
        if cache_len == 0 {
            let step = (elements / (batch * maps * rows)).max(BLOCK_ROWS);
            (parts(rows, step).map(|rows| Self { batch: 0..batch, rows }).collect(), 2)
        } else {
            let step = (elements / (maps * rows * (cache_len + rows))).max(1);
            (parts(batch, step).map(|batch| Self { batch, rows: 0..rows }).collect(), 0)
        }
    }

    pub(super) fn queries(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, maps, _, head_width] = x.dims();
        x.slice([self.batch.clone(), 0..maps, self.rows.clone(), 0..head_width])
    }

    /// Where the keys end that the block's queries might see: a causal query sees nothing behind its own row.
    pub(super) fn keys_end(&self, mask: Mask, rows: usize) -> usize {
        match mask {
            Mask::Causal => self.rows.end,
            Mask::Bidirectional => rows,
        }
    }

    /// Keys or values before `end`.
    pub(super) fn keys(&self, x: Tensor<4>, end: usize) -> Tensor<4> {
        let [_, heads, _, head_width] = x.dims();
        x.slice([self.batch.clone(), 0..heads, 0..end, 0..head_width])
    }
}
