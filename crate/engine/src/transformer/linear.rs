//! A matrix that rows are multiplied with, in parts where they are many.

use super::{joined, parts};
use crate::progress::{PART_FLOP, Progress, Stopped, Work};
use burn::tensor::Tensor;

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

    /// The same with a step of `work` for every so many rows.
    ///
    /// Where gradients of the weights are wanted all rows go through at once: those of parts would be added up in another order, and a recipe
    /// would train to other weights than it did before.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn forward(&self, x: Tensor<3>, work: &Work<'_, impl Progress>) -> Result<Tensor<3>, Stopped> {
        let ([batch, rows, inputs], [_, outputs]) = (x.dims(), self.weight.dims());
        let (all, of_a_row) = (batch * rows, 2 * (inputs * outputs) as u64);
        let most = (PART_FLOP / of_a_row).max(1) as usize;
        if self.is_trained || all <= most {
            let product = self.at_once(x);
            work.add(all as u64 * of_a_row).await?;
            return Ok(product);
        }
        let x = x.reshape([all, inputs]);
        let mut products = Vec::new();
        for part in parts(all, most) {
            let flop = part.len() as u64 * of_a_row;
            products.push(x.clone().slice([part, 0..inputs]).matmul(self.weight.clone()));
            work.add(flop).await?;
        }
        Ok(joined(products, 0).reshape([batch, rows, outputs]))
    }
}
