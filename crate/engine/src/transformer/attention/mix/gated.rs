//! Gated attention (Bondarenko et al. 2023, arXiv 2306.12929): each head's output times σ(x · g_h + b_h).

use crate::transformer::linear::Linear;
use crate::transformer::loader::{Loader, MissingWeights};
use crate::transformer::parameter::{Parameter, extra_stream};
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use glasses_contract::config::Model;

/// One gate a head, each open half-way to begin with.
pub(super) fn parameters(model: &Model, layer: usize) -> Vec<Parameter> {
    vec![
        Parameter::matrix("gate.weight", [model.width, model.heads], extra_stream(layer, 2)),
        Parameter::constant("gate.bias", model.heads, 0.0),
    ]
}

/// One gate a head.
pub(in crate::transformer::attention) struct Gate {
    /// [width, head]
    weight: Linear,
    /// [head]
    bias: Tensor<1>,
}

impl Gate {
    pub(super) fn new(loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        Ok(Self { weight: loader.linear(&["gate.weight"])?, bias: loader.tensor("gate.bias")? })
    }

    pub(super) fn outputs(&self, mixed: Tensor<4>, x: &Tensor<3>) -> Tensor<4> {
        mixed * self.open(x).swap_dims(1, 2).unsqueeze_dim::<4>(3)
    }

    /// How far each gate is open, [batch, rows, head].
    fn open(&self, x: &Tensor<3>) -> Tensor<3> {
        sigmoid(self.weight.at_once(x.clone()) + self.bias.clone().unsqueeze::<3>())
    }

    /// The cotangents of the weighted sums [1, head, rows, head width] and of x [1, rows, width] from those of the outputs
    /// [count, rows, head, head width].
    pub(super) fn outputs_vjp(&self, mixed: Tensor<4>, x: &Tensor<3>, cotangent: Tensor<4>) -> (Tensor<4>, Tensor<3>) {
        let open = self.open(x);
        let of_gates: Tensor<3> = (cotangent.clone() * mixed.swap_dims(1, 2)).sum_dim(3).squeeze_dim(3); // [count, rows, head]
        let slope = open.clone() - open.clone().square();
        (cotangent * open.unsqueeze_dim::<4>(3), self.weight.vjp_at_once(of_gates * slope))
    }
}
