//! A matrix that rows are multiplied with, in parts where they are many.

use super::{joined, parts};
use crate::progress::{PART_FLOP, Progress, Stopped, Work};
use burn::tensor::Tensor;
use std::ops::Range;

/// A matrix of weights, [inputs, outputs].
pub(super) struct Linear {
    weight: Tensor<2>,
    /// Whether gradients of it are wanted.
    is_trained: bool,
}

impl Linear {
    pub(super) fn new(weight: Tensor<2>, is_trained: bool) -> Self {
        Self { weight, is_trained }
    }

    /// Number of rows that it multiplies with.
    pub(super) fn inputs(&self) -> usize {
        self.weight.dims()[0]
    }

    /// x W for every row: [batch, rows, inputs] · [inputs, outputs].
    pub(super) fn at_once(&self, x: Tensor<3>) -> Tensor<3> {
        let ([batch, rows, inputs], [_, outputs]) = (x.dims(), self.weight.dims());
        x.reshape([batch * rows, inputs]).matmul(self.weight.clone()).reshape([batch, rows, outputs])
    }

    /// g Wᵀ, the cotangents of the inputs from those of the outputs: [count, rows, outputs] to [count, rows, inputs].
    pub(super) fn vjp_at_once(&self, cotangent: Tensor<3>) -> Tensor<3> {
        let ([count, rows, outputs], [inputs, _]) = (cotangent.dims(), self.weight.dims());
        cotangent.reshape([count * rows, outputs]).matmul(self.weight.clone().transpose()).reshape([count, rows, inputs])
    }

    /// [`Linear::at_once`] with a step of `work` for every so many rows.
    ///
    /// Where gradients of the weights are wanted all rows go through at once: those of parts would be added up in another order, and a recipe
    /// would train to other weights than it did before.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn forward(&self, x: Tensor<3>, work: &Work<'_, impl Progress>) -> Result<Tensor<3>, Stopped> {
        if self.is_trained {
            let flop = 2 * (x.shape().num_elements() * self.weight.dims()[1]) as u64;
            let product = self.at_once(x);
            work.add(flop).await?;
            return Ok(product);
        }
        product(x, &self.weight, work).await
    }

    /// [`Linear::vjp_at_once`] with a step of `work` for every so many rows, from cotangents of some of the outputs, which stand side by side.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn vjp(
        &self,
        outputs: Range<usize>,
        cotangent: Tensor<3>,
        work: &Work<'_, impl Progress>,
    ) -> Result<Tensor<3>, Stopped> {
        let weight = self.weight.clone().slice([0..self.inputs(), outputs]);
        product(cotangent, &weight.transpose(), work).await
    }
}

/// Rows times a matrix, with a step of `work` for every so many: [batch, rows, inputs] · [inputs, outputs].
async fn product(x: Tensor<3>, weight: &Tensor<2>, work: &Work<'_, impl Progress>) -> Result<Tensor<3>, Stopped> {
    let ([batch, rows, inputs], [_, outputs]) = (x.dims(), weight.dims());
    let (all, of_a_row) = (batch * rows, 2 * (inputs * outputs) as u64);
    let most = (PART_FLOP / of_a_row).max(1) as usize;
    let x = x.reshape([all, inputs]);
    let mut products = Vec::new();
    for part in parts(all, most) {
        let flop = part.len() as u64 * of_a_row;
        products.push(x.clone().slice([part, 0..inputs]).matmul(weight.clone()));
        work.add(flop).await?;
    }
    Ok(joined(products, 0).reshape([batch, rows, outputs]))
}
