//! Gated attention (Bondarenko et al. 2023, arXiv 2306.12929): each head's output times σ(x · g_h + b_h).

use crate::transformer::{Loader, MissingWeights, project};
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use glasses_contract::config::Model;

/// One gate a head.
pub(in crate::transformer::attention) struct Gate {
    /// [width, head]
    weight: Tensor<2>,
    /// [head]
    bias: Tensor<1>,
}

impl Gate {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let gate = loader.at("gate");
        Ok(Self { weight: gate.matrix("weight", [model.width, model.heads])?, bias: gate.vector("bias", model.heads)? })
    }

    pub(super) fn outputs(&self, mixed: Tensor<4>, x: &Tensor<3>) -> Tensor<4> {
        let open = sigmoid(project(x.clone(), &self.weight) + self.bias.clone().unsqueeze::<3>()); // [batch, rows, head]
        mixed * open.swap_dims(1, 2).unsqueeze_dim::<4>(3)
    }
}
