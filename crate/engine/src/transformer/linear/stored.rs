//! A matrix that stays where it is stored, in memory or as blocks on the device: what a product needs of it is read while it is computed, and no longer
//! held.

use super::parts;
use crate::block::FewRows;
use crate::device::TensorSpec;
use crate::operation::{BlockMatrix, FEW_ROWS, IS_QUICK, Outputs, Product, TransposedProduct, matmul, round};
use crate::precision::Grid;
use crate::progress::{PART_FLOP, Stopped, Work};
use crate::transformer::joined;
use crate::transformer::loader::{MissingWeights, Stored};
use burn::tensor::Tensor;
use glasses_contract::config::Formats;
use std::ops::Range;
use std::rc::Rc;

/// Numbers that are made into a tensor at once where products are burn's.
const NUMBERS_AT_ONCE: usize = 1 << 22;
/// Outputs that are turned at once, so that what is written lies together.
const OUTPUTS_AT_ONCE: usize = 16;

/// A matrix [inputs, outputs], or several of one height side by side.
pub(in crate::transformer) struct StoredMatrix {
    /// Each of them with its number of outputs.
    side_by_side: Vec<(Place, usize)>,
    pub(super) inputs: usize,
    spec: TensorSpec,
    grid: Option<Grid>,
}

/// Where a matrix is stored.
enum Place {
    /// In memory: what reads it, rounded to its format.
    Memory(Box<dyn Outputs>),
    /// On the device.
    Device(Box<BlockMatrix>),
}

impl Place {
    fn on_device(&self) -> Option<&BlockMatrix> {
        if let Self::Device(matrix) = self { Some(matrix) } else { None }
    }
}

impl StoredMatrix {
    /// The matrices of these names and shapes [inputs, outputs].
    ///
    /// # Errors
    /// If the weights lack one.
    pub(in crate::transformer) fn new(
        weights: &Rc<dyn Stored>,
        matrices: &[(String, [usize; 2])],
        formats: &Formats,
        spec: &TensorSpec,
    ) -> Result<Self, MissingWeights> {
        let is_kept = BlockMatrix::is_kept_on(&spec.device);
        let place = |(name, shape): &(String, [usize; 2])| {
            let place = match is_kept.then(|| weights.on_device(name, *shape, &spec.device)).flatten() {
                Some(matrix) => Place::Device(Box::new(matrix)),
                None => Place::Memory(weights.clone().outputs(name, *shape, formats).ok_or_else(|| MissingWeights::new(name, shape))?),
            };
            Ok((place, shape[1]))
        };
        let side_by_side = matrices.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let inputs = matrices.first().map_or(0, |(_, [inputs, _])| *inputs);
        Ok(Self { side_by_side, inputs, spec: spec.clone(), grid: Grid::of(formats.weights, formats.bits) })
    }

    pub(super) fn outputs(&self) -> usize {
        self.side_by_side.iter().map(|(_, outputs)| outputs).sum()
    }

    /// The matrices that some outputs are of, and which of their own these are.
    fn of(&self, wanted: Range<usize>) -> impl Iterator<Item = (&Place, Range<usize>)> {
        let mut first = 0;
        self.side_by_side.iter().filter_map(move |(place, outputs)| {
            let own = wanted.start.max(first)..wanted.end.min(first + outputs);
            let local = own.start.saturating_sub(first)..own.end.saturating_sub(first);
            first += outputs;
            (!own.is_empty()).then_some((place, local))
        })
    }

    /// All of the matrices, where they are on the device.
    fn on_device(&self) -> Option<Vec<&BlockMatrix>> {
        self.side_by_side.iter().map(|(place, _)| place.on_device()).collect()
    }

    /// Numbers that were made on the device, in their format.
    fn rounded(&self, made: Tensor<2>) -> Tensor<2> {
        self.grid.map_or(made.clone(), |grid| round(made, grid))
    }

    /// The weights of some outputs, [outputs, inputs].
    pub(in crate::transformer) fn rows(&self, wanted: impl ExactSizeIterator<Item = usize>) -> Tensor<2> {
        if let Some([matrix]) = self.on_device().as_deref() {
            return self.rounded(matrix.rows(self.spec.indices(wanted)));
        }
        let count = wanted.len();
        let mut weights = vec![0.0; count * self.inputs];
        for (output, weights) in wanted.zip(weights.chunks_exact_mut(self.inputs)) {
            self.read(output..output + 1, weights);
        }
        self.spec.singles(weights).reshape([count, self.inputs])
    }

    /// The columns of some outputs as a tensor, [inputs, outputs].
    pub(super) fn columns(&self, wanted: Range<usize>) -> Tensor<2> {
        if self.on_device().is_some() {
            let parts = self.of(wanted).filter_map(|(place, own)| Some((place.on_device()?, own)));
            return self.rounded(BlockMatrix::columns(&parts.collect::<Vec<_>>()));
        }
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

    /// x W for a few rows, [rows, inputs] · [inputs, outputs], where the weights are on the device and of their own format.
    fn of_few_rows(&self, x: &Tensor<2>) -> Option<Tensor<2>> {
        self.grid.is_none().then(|| BlockMatrix::product(&self.on_device()?, x)).flatten()
    }

    /// x W, [rows, inputs] · [inputs, outputs].
    pub(super) fn at_once(&self, x: &Tensor<2>) -> Tensor<2> {
        let outputs = self.outputs();
        if let Some(product) = self.of_few_rows(x) {
            return product;
        }
        match self.begin(x) {
            Some(mut product) => {
                product.add(0..outputs, self);
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
        if let Some(product) = self.of_few_rows(x) {
            work.add(outputs as u64 * of_an_output).await?;
            return Ok(product);
        }
        // A device has its own queue, and is not held up by the length of a step.
        let most = if self.on_device().is_some() { outputs } else { self.outputs_at_once(of_an_output) };
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
            product.add(part, self);
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
        if self.on_device().is_some() {
            return self.sum_of_parts(outputs, g, work).await.map(Some);
        }
        let Some(mut product) = IS_QUICK.then(|| TransposedProduct::new(g.clone(), self.inputs)).flatten() else { return Ok(None) };
        let of_an_output = 2 * (g.dims()[0] * self.inputs) as u64;
        for part in parts(outputs.len(), self.outputs_at_once(of_an_output)) {
            let flop = part.len() as u64 * of_an_output;
            product.add(part, self, outputs.start);
            work.add(flop).await?;
        }
        Ok(Some(product.finish()))
    }

    /// The same where the weights are on the device, of which few are made into numbers at a time.
    async fn sum_of_parts(&self, outputs: Range<usize>, g: &Tensor<2>, work: &Work<'_>) -> Result<Tensor<2>, Stopped> {
        let rows = g.dims()[0];
        let mut sum = None;
        for part in parts(outputs.len(), self.held_at_once()) {
            let flop = 2 * (rows * self.inputs * part.len()) as u64;
            let transposed = self.columns(outputs.start + part.start..outputs.start + part.end).transpose();
            let product = matmul(g.clone().narrow(1, part.start, part.len()), transposed);
            sum = Some(sum.map_or(product.clone(), |sum: Tensor<2>| sum + product));
            work.add(flop).await?;
        }
        Ok(sum.unwrap_or_else(|| Tensor::zeros([rows, self.inputs], &g.device())))
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

/// Those of its matrices that are in memory.
impl Outputs for StoredMatrix {
    fn read(&self, outputs: Range<usize>, mut weights: &mut [f32]) {
        for (place, own) in self.of(outputs) {
            let (of_own, rest) = weights.split_at_mut(own.len() * self.inputs);
            if let Place::Memory(matrix) = place {
                matrix.read(own, of_own);
            }
            weights = rest;
        }
    }

    fn products(&self, output: usize, rows: &FewRows, tell: &mut dyn FnMut(usize, f32)) -> bool {
        self.of(output..output + 1).all(|(place, own)| matches!(place, Place::Memory(matrix) if matrix.products(own.start, rows, tell)))
    }
}
