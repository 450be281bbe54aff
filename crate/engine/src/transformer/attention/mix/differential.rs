//! Differential attention (Ye et al. 2024, arXiv 2410.05258): a second map is subtracted, A₁ − λ A₂, and each head's output is normed.

use crate::transformer::loader::{Loader, MissingWeights};
use crate::transformer::norm::EPSILON;
use crate::transformer::parameter::{Parameter, extra_stream};
use burn::tensor::Tensor;
use glasses_contract::config::Model;

/// The λ that a layer starts with, 0.8 − 0.6 e^(−0.3 l), l the layer from 0.
fn initial_lambda(layer: usize) -> f64 {
    0.8 - 0.6 * libm::exp(-0.3 * layer as f64)
}

/// A second map's queries and keys, one λ a head, and the gain of the heads' norm.
pub(super) fn parameters(model: &Model, layer: usize) -> Vec<Parameter> {
    let matrix = |name: &str, outputs, index| Parameter::matrix(name, [model.width, outputs], extra_stream(layer, index));
    vec![
        matrix("second_query.weight", model.width, 0),
        matrix("second_key.weight", model.key_value_heads() * model.head_width(), 1),
        Parameter::constant("lambda", model.heads, initial_lambda(layer) as f32),
        Parameter::constant("head_norm.gain", model.head_width(), 1.0),
    ]
}

/// What the second map is multiplied by, and the norm of the heads' outputs.
pub(in crate::transformer::attention) struct Differential {
    /// [1, head, 1, 1]
    lambda: Tensor<4>,
    /// [1, 1, 1, head width]
    gain: Tensor<4>,
    /// 1 − λ as the layer starts with it.
    share: f64,
}

impl Differential {
    pub(super) fn new(model: &Model, layer: usize, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let gain = loader.tensor::<1>("head_norm.gain")?;
        Ok(Self {
            lambda: loader.tensor::<1>("lambda")?.reshape([1, model.heads, 1, 1]),
            gain: gain.reshape([1, 1, 1, model.head_width()]),
            share: 1.0 - initial_lambda(layer),
        })
    }

    /// A₁ − λ A₂, from the maps one behind the other.
    pub(super) fn weights(&self, maps: Tensor<4>) -> Tensor<4> {
        let heads = maps.dims()[1] / 2;
        maps.clone().narrow(1, 0, heads) - maps.narrow(1, heads, heads) * self.lambda.clone()
    }

    /// Each head's output divided by its root mean square, times gain and 1 − λ.
    pub(super) fn outputs(&self, mixed: Tensor<4>) -> Tensor<4> {
        let size = mixed.clone().square().mean_dim(3).add_scalar(EPSILON).sqrt();
        mixed / size * self.gain.clone().mul_scalar(self.share)
    }

    /// The cotangents of both maps [map · head, count, rows, keys] from those of their difference.
    pub(super) fn weights_vjp(&self, cotangent: Tensor<4>) -> Tensor<4> {
        let second = cotangent.clone() * self.lambda.clone().swap_dims(0, 1).neg();
        Tensor::cat(vec![cotangent, second], 0)
    }

    /// The cotangents of the weighted sums [1, head, rows, head width] from those of the outputs [count, rows, head, head width], as of an RMS norm.
    pub(super) fn outputs_vjp(&self, mixed: Tensor<4>, cotangent: Tensor<4>) -> Tensor<4> {
        let mixed = mixed.swap_dims(1, 2);
        let size = mixed.clone().square().mean_dim(3).add_scalar(EPSILON).sqrt();
        let unit = mixed / size.clone();
        let across = cotangent * (self.gain.clone().mul_scalar(self.share) / size);
        across.clone() - (across * unit.clone()).mean_dim(3) * unit
    }
}
