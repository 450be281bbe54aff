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
        let open = sigmoid(self.weight.at_once(x.clone()) + self.bias.clone().unsqueeze::<3>()); // [batch, rows, head]
        mixed * open.swap_dims(1, 2).unsqueeze_dim::<4>(3)
    }
}
