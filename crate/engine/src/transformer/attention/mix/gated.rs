//! Gated attention (Bondarenko et al. 2023, arXiv 2306.12929): each head's output times σ(x · g_h + b_h).

use crate::transformer::linear::Linear;
use crate::transformer::{Loader, MissingWeights};
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use glasses_contract::config::Model;

/// One gate a head.
pub(in crate::transformer::attention) struct Gate {
    /// [width, head]
    weight: Linear,
    /// [head]
    bias: Tensor<1>,
}

impl Gate {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let gate = loader.at("gate");
        Ok(Self { weight: gate.linear(&["weight"], [model.width, model.heads])?, bias: gate.vector("bias", model.heads)? })
    }

    pub(super) fn outputs(&self, mixed: Tensor<4>, x: &Tensor<3>) -> Tensor<4> {
        let open = sigmoid(self.weight.at_once(x.clone()) + self.bias.clone().unsqueeze::<3>()); // [batch, rows, head]
        mixed * open.swap_dims(1, 2).unsqueeze_dim::<4>(3)
    }
}
