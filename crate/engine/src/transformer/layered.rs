//! Forward and backward, block by block: each block has a tape of its own, which begins with what enters it.
//!
//! A backward pass through one tape of the whole model is one call, which no one can interrupt. With a tape for each block the gradient of what
//! leaves a block is what enters its backward pass, and others run in between. The operations and their order are the same, and so are the
//! numbers, bit for bit.

use super::{Rows, Transformer};
use crate::hook::Hook;
use crate::progress::{Stopped, Work};
use burn::tensor::{Gradients, Tensor};

/// The tapes of all blocks, from the first to the last.
pub struct Tapes {
    /// What enters each block and what leaves it, [batch, rows, width].
    blocks: Vec<[Tensor<3>; 2]>,
    /// Floating-point operations of a block, forward.
    flop: u64,
}

/// Why there is no gradient.
#[derive(Debug)]
pub enum NoGradient {
    /// Nobody wants it any more.
    Stopped,
    /// The input of a block has none, which a device may be to blame for and no model is.
    Missing,
}

impl From<Stopped> for NoGradient {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl Tapes {
    /// Sends rows through all blocks. What leaves the last one begins a tape that is the caller's.
    ///
    /// # Errors
    /// If `work` says stop.
    pub async fn record<'a>(
        transformer: &Transformer,
        mut rows: Rows<'a>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<(Self, Rows<'a>), Stopped> {
        let mut blocks = Vec::with_capacity(transformer.layers());
        for layer in 0..transformer.layers() {
            let entering = beginning(rows.x);
            rows.x = entering.clone();
            rows = transformer.block(layer, rows, None, hook, work).await?;
            blocks.push([entering, rows.x.clone()]);
        }
        let flop = transformer.flop(&rows, None) / transformer.layers() as u64;
        rows.x = beginning(rows.x);
        Ok((Self { blocks, flop }, rows))
    }

    /// From the gradient of what leaves the last block to that of what enters the first; `each` takes what else it wants from a block's.
    ///
    /// # Errors
    /// If `work` says stop, or a gradient is missing.
    pub async fn backward(
        self,
        mut gradient: Tensor<3>,
        work: &Work<'_>,
        mut each: impl FnMut(&mut Gradients),
    ) -> Result<Tensor<3>, NoGradient> {
        for [entering, leaving] in self.blocks.into_iter().rev() {
            let mut gradients = along(leaving, gradient).backward();
            gradient = entering.grad_remove(&mut gradients).ok_or(NoGradient::Missing)?;
            each(&mut gradients);
            work.add(2 * self.flop).await?;
            work.step().await?;
        }
        Ok(gradient)
    }
}

/// A number whose gradient with respect to x is a given one.
pub fn along(x: Tensor<3>, gradient: Tensor<3>) -> Tensor<1> {
    (x * gradient.autodiff()).sum()
}

/// The same numbers, as the beginning of a tape.
fn beginning(x: Tensor<3>) -> Tensor<3> {
    x.inner().autodiff().require_grad()
}
