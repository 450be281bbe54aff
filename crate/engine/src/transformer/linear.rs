//! A matrix that rows are multiplied with, in parts where they are many.

mod stored;

pub(super) use stored::StoredMatrix;

use super::{joined, parts};
use crate::operation::{Epilogue, IS_QUICK, Panels, fused_matmul, matmul, part_flop};
use crate::progress::{Stopped, Work};
use burn::tensor::Tensor;
use std::cell::OnceCell;
use std::ops::Range;

/// A matrix of weights, [inputs, outputs].
pub(super) struct Linear {
    weight: Weight,
    /// Whether gradients of it are wanted.
    is_trained: bool,
}

/// Where the weights are.
// A handful of these live at a time, and a box would be one more thing to follow.
#[allow(clippy::large_enum_variant)]
enum Weight {
    /// On the device.
    Held {
        matrix: Tensor<2>,
        /// The same in the order in which rows are multiplied with it, where that is quicker and once a product was wanted.
        panels: OnceCell<Option<Panels>>,
    },
    /// Where they are stored.
    Stored(StoredMatrix),
}

impl Linear {
    pub(super) fn new(matrix: Tensor<2>, is_trained: bool) -> Self {
        Self { weight: Weight::Held { matrix, panels: OnceCell::new() }, is_trained }
    }

    pub(super) fn stored(matrix: StoredMatrix) -> Self {
        Self { weight: Weight::Stored(matrix), is_trained: false }
    }

    /// Number of rows that it multiplies with.
    pub(super) fn inputs(&self) -> usize {
        match &self.weight {
            Weight::Held { matrix, .. } => matrix.dims()[0],
            Weight::Stored(matrix) => matrix.inputs,
        }
    }

    /// Number of columns.
    pub(super) fn outputs(&self) -> usize {
        match &self.weight {
            Weight::Held { matrix, .. } => matrix.dims()[1],
            Weight::Stored(matrix) => matrix.outputs(),
        }
    }

    /// The columns of some outputs as a tensor, [inputs, outputs].
    pub(super) fn columns(&self, outputs: Range<usize>) -> Tensor<2> {
        match &self.weight {
            Weight::Held { matrix, .. } => matrix.clone().slice([0..self.inputs(), outputs]),
            Weight::Stored(matrix) => matrix.columns(outputs),
        }
    }

    /// x W for every row: [batch, rows, inputs] · [inputs, outputs].
    pub(super) fn at_once(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, rows, inputs] = x.dims();
        self.product(x.reshape([batch * rows, inputs])).reshape([batch, rows, self.outputs()])
    }

    /// x W, [rows, inputs] · [inputs, outputs]. Weights that are trained change from one product to the next.
    fn product(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.weight {
            Weight::Held { matrix, panels } => {
                let new = || (IS_QUICK && !self.is_trained).then(|| Panels::new(matrix)).flatten();
                let quick = panels.get_or_init(new).as_ref().and_then(|panels| panels.product(&x));
                quick.unwrap_or_else(|| matmul(x, matrix.clone()))
            }
            Weight::Stored(matrix) => matrix.at_once(&x),
        }
    }

    /// g Wᵀ, the cotangents of the inputs from those of the outputs: [count, rows, outputs] to [count, rows, inputs].
    pub(super) fn vjp_at_once(&self, cotangent: Tensor<3>) -> Tensor<3> {
        let [count, rows, outputs] = cotangent.dims();
        matmul(cotangent.reshape([count * rows, outputs]), self.columns(0..outputs).transpose()).reshape([count, rows, self.inputs()])
    }

    /// [`Linear::at_once`] with a step of `work` for every so many rows.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn forward(&self, x: Tensor<3>, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        self.forward_into(x, Epilogue::default(), work).await
    }

    /// The same with an epilogue.
    ///
    /// Where gradients of the weights are wanted all rows go through at once: those of parts would be added up in another order, and a recipe
    /// would train to other weights than it did before.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn forward_into(&self, x: Tensor<3>, epilogue: Epilogue, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        let [batch, rows, inputs] = x.dims();
        let x = x.reshape([batch * rows, inputs]);
        let product = match &self.weight {
            Weight::Held { .. } if self.is_trained => {
                let flop = 2 * (x.shape().num_elements() * self.outputs()) as u64;
                let product = self.product(x);
                work.add(flop).await?;
                epilogue.apply(product)
            }
            Weight::Held { matrix, .. } => {
                let product = |part: Tensor<2>, rows: Range<usize>| {
                    let of_rows = epilogue.rows(rows);
                    fused_matmul(&part, matrix, &of_rows).unwrap_or_else(|| of_rows.apply(self.product(part)))
                };
                in_parts(x, self.outputs(), product, work).await?
            }
            Weight::Stored(matrix) => epilogue.apply(matrix.product(&x, work).await?),
        };
        Ok(product.reshape([batch, rows, self.outputs()]))
    }

    /// [`Linear::vjp_at_once`] with a step of `work` for every so many rows, from cotangents of some of the outputs, which stand side by side.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn vjp(&self, outputs: Range<usize>, cotangent: Tensor<3>, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        if let Weight::Stored(matrix) = &self.weight {
            let [count, rows, width] = cotangent.dims();
            if let Some(product) =
                matrix.transposed_product(outputs.clone(), &cotangent.clone().reshape([count * rows, width]), work).await?
            {
                return Ok(product.reshape([count, rows, self.inputs()]));
            }
        }
        let transposed = self.columns(outputs).transpose();
        let panels = IS_QUICK.then(|| Panels::new(&transposed)).flatten();
        let product = |part: Tensor<2>, _: Range<usize>| {
            panels.as_ref().and_then(|panels| panels.product(&part)).unwrap_or_else(|| matmul(part, transposed.clone()))
        };
        let [count, rows, width] = cotangent.dims();
        let product = in_parts(cotangent.reshape([count * rows, width]), self.inputs(), product, work).await?;
        Ok(product.reshape([count, rows, self.inputs()]))
    }
}

/// The product of rows with a matrix of so many columns, with a step of `work` for every so many rows: [rows, inputs] to [rows, outputs]. `product`
/// makes that of a part, and is told which rows it is.
async fn in_parts(
    x: Tensor<2>,
    outputs: usize,
    product: impl Fn(Tensor<2>, Range<usize>) -> Tensor<2>,
    work: &Work<'_>,
) -> Result<Tensor<2>, Stopped> {
    let [rows, inputs] = x.dims();
    let of_a_row = 2 * (inputs * outputs) as u64;
    let most = (part_flop(&x) / of_a_row).max(1) as usize;
    // Of one size but for rounding: a row that is left over by itself would be multiplied in another order.
    let even = rows.div_ceil(rows.div_ceil(most).max(1)).max(1);
    let mut products = Vec::new();
    for part in parts(rows, even) {
        let flop = part.len() as u64 * of_a_row;
        let whole = part.len() == rows;
        let of_part = if whole { x.clone() } else { x.clone().slice([part.clone(), 0..inputs]) };
        products.push(product(of_part, part));
        work.add(flop).await?;
    }
    Ok(joined(products, 0))
}
