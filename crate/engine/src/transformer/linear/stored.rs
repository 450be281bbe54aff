//! A matrix that stays where it is stored: what a product needs of it is read while it is computed, and no longer held.

use super::parts;
use crate::device::TensorSpec;
use crate::operation::{FEW_ROWS, IS_QUICK, Product, TransposedProduct, matmul};
use crate::progress::{PART_FLOP, Stopped, Work};
use crate::transformer::joined;
use crate::transformer::loader::Outputs;
use burn::tensor::Tensor;
use std::ops::Range;

/// Numbers that are made into a tensor at once where products are burn's.
const NUMBERS_AT_ONCE: usize = 1 << 22;
/// Outputs that are turned at once, so that what is written lies together.
const OUTPUTS_AT_ONCE: usize = 16;

/// A matrix [inputs, outputs], or several of one height side by side.
pub(in crate::transformer) struct StoredMatrix {
    /// What reads each of them, and its number of outputs.
    side_by_side: Vec<(Outputs, usize)>,
    pub(super) inputs: usize,
    spec: TensorSpec,
}

impl StoredMatrix {
    /// Matrices with their shapes [inputs, outputs].
    pub(in crate::transformer) fn new(matrices: Vec<(Outputs, [usize; 2])>, spec: &TensorSpec) -> Self {
        let inputs = matrices.first().map_or(0, |(_, [inputs, _])| *inputs);
        let side_by_side = matrices.into_iter().map(|(read, [_, outputs])| (read, outputs)).collect();
        Self { side_by_side, inputs, spec: spec.clone() }
    }

    pub(super) fn outputs(&self) -> usize {
        self.side_by_side.iter().map(|(_, outputs)| outputs).sum()
    }

    /// Writes the weights of some outputs, one behind the other.
    fn read(&self, wanted: Range<usize>, mut weights: &mut [f32]) {
        let mut first = 0;
        for (read, outputs) in &self.side_by_side {
            let own = wanted.start.max(first)..wanted.end.min(first + outputs);
            if !own.is_empty() {
                let (of_own, rest) = weights.split_at_mut(own.len() * self.inputs);
                read(own.start - first..own.end - first, of_own);
                weights = rest;
            }
            first += outputs;
        }
    }

    /// The weights of some outputs, [outputs, inputs].
    pub(in crate::transformer) fn rows(&self, wanted: impl ExactSizeIterator<Item = usize>) -> Tensor<2> {
        let count = wanted.len();
        let mut weights = vec![0.0; count * self.inputs];
        for (output, weights) in wanted.zip(weights.chunks_exact_mut(self.inputs)) {
            self.read(output..output + 1, weights);
        }
        self.spec.singles(weights).reshape([count, self.inputs])
    }

    /// The columns of some outputs as a tensor, [inputs, outputs].
    pub(super) fn columns(&self, wanted: Range<usize>) -> Tensor<2> {
        let (inputs, outputs) = (self.inputs, wanted.len());
        let mut columns = vec![0.0; inputs * outputs];
        let mut some = vec![0.0; inputs * OUTPUTS_AT_ONCE];
        for part in parts(outputs, OUTPUTS_AT_ONCE) {
            self.read(wanted.start + part.start..wanted.start + part.end, &mut some[..part.len() * inputs]);
            for (input, columns) in columns.chunks_exact_mut(outputs).enumerate() {
                columns[part.clone()].iter_mut().zip(some[input..].iter().step_by(inputs)).for_each(|(place, weight)| *place = *weight);
            }
        }
        self.spec.singles(columns).reshape([inputs, outputs])
    }

    /// x W, [rows, inputs] · [inputs, outputs].
    pub(super) fn at_once(&self, x: &Tensor<2>) -> Tensor<2> {
        let outputs = self.outputs();
        match self.begin(x) {
            Some(mut product) => {
                product.add(0..outputs, |part, weights| self.read(part, weights));
                product.finish()
            }
            None => joined(parts(outputs, self.held_at_once()).map(|part| matmul(x.clone(), self.columns(part))).collect(), 1),
        }
    }

    /// [`StoredMatrix::at_once`] with a step of `work` for every so many outputs, so that each is read once.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn product(&self, x: &Tensor<2>, work: &Work<'_>) -> Result<Tensor<2>, Stopped> {
        let (rows, outputs) = (x.dims()[0], self.outputs());
        let of_an_output = 2 * (rows * self.inputs) as u64;
        let most = self.outputs_at_once(of_an_output);
        let Some(mut product) = self.begin(x) else {
            let mut products = Vec::new();
            for part in parts(outputs, most.min(self.held_at_once())) {
                let flop = part.len() as u64 * of_an_output;
                products.push(matmul(x.clone(), self.columns(part)));
                work.add(flop).await?;
            }
            return Ok(joined(products, 1));
        };
        for part in parts(outputs, most) {
            let flop = part.len() as u64 * of_an_output;
            product.add(part, |part, weights| self.read(part, weights));
            work.add(flop).await?;
        }
        Ok(product.finish())
    }

    /// g Wᵀ with the columns of some outputs, [rows, outputs] · [outputs, inputs], with a step of `work` for every so many of them. None where the
    /// library's products are taken.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn transposed_product(
        &self,
        outputs: Range<usize>,
        g: &Tensor<2>,
        work: &Work<'_>,
    ) -> Result<Option<Tensor<2>>, Stopped> {
        let Some(mut product) = IS_QUICK.then(|| TransposedProduct::new(g.clone(), self.inputs)).flatten() else { return Ok(None) };
        let of_an_output = 2 * (g.dims()[0] * self.inputs) as u64;
        for part in parts(outputs.len(), self.outputs_at_once(of_an_output)) {
            let flop = part.len() as u64 * of_an_output;
            product.add(part, |part, weights| self.read(outputs.start + part.start..outputs.start + part.end, weights));
            work.add(flop).await?;
        }
        Ok(Some(product.finish()))
    }

    /// Outputs from one step of progress to the next.
    fn outputs_at_once(&self, flop_of_an_output: u64) -> usize {
        ((PART_FLOP / flop_of_an_output.max(1)) as usize).max(1).next_multiple_of(OUTPUTS_AT_ONCE)
    }

    fn begin(&self, x: &Tensor<2>) -> Option<Product> {
        let is_quick = IS_QUICK || x.dims()[0] <= FEW_ROWS;
        is_quick.then(|| Product::new(x.clone(), self.outputs())).flatten()
    }

    /// Outputs that are made into a tensor at once.
    fn held_at_once(&self) -> usize {
        (NUMBERS_AT_ONCE / self.inputs.max(1)).max(1)
    }
}
