//! What becomes of each number of a product before it is written.

use super::gelu;
use burn::tensor::Tensor;
use std::ops::Range;

/// An epilogue of the product x W, [rows, outputs]: a bias is added, then GELU taken, then a residual stream added. What is not there is left out.
#[derive(Clone, Default)]
pub struct Epilogue {
    /// For each output.
    pub bias: Option<Tensor<1>>,
    /// Whether GELU is taken.
    pub is_gelu: bool,
    /// [rows, outputs]
    pub residual: Option<Tensor<2>>,
}

impl Epilogue {
    /// Nothing but a bias.
    pub fn bias(bias: &Tensor<1>) -> Self {
        Self { bias: Some(bias.clone()), ..Self::default() }
    }

    /// GELU behind a bias.
    pub fn gelu(bias: &Tensor<1>) -> Self {
        Self { is_gelu: true, ..Self::bias(bias) }
    }

    /// With a residual stream, where one is added; [batch, rows, outputs].
    pub fn and_residual(self, residual: Option<Tensor<3>>) -> Self {
        Self { residual: residual.map(|x| x.flatten(0, 1)), ..self }
    }

    /// That of some of the rows.
    pub fn rows(&self, rows: Range<usize>) -> Self {
        let part = |x: &Tensor<2>| if rows.len() == x.dims()[0] { x.clone() } else { x.clone().narrow(0, rows.start, rows.len()) };
        let residual = self.residual.as_ref().map(part);
        Self { residual, ..self.clone() }
    }

    /// One operation after the other.
    pub fn apply(self, product: Tensor<2>) -> Tensor<2> {
        let shifted = match self.bias {
            Some(bias) => product + bias.unsqueeze::<2>(),
            None => product,
        };
        let made = if self.is_gelu { gelu(shifted) } else { shifted };
        match self.residual {
            Some(residual) => residual + made,
            None => made,
        }
    }
}
