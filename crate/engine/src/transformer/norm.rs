//! The norms: a token's representation divided by its size.

use super::{Loader, MissingWeights};
use burn::tensor::Tensor;
use burn::tensor::module::layer_norm;
use glasses_contract::config::{self, Model};

/// Keeps a division by the size of a zero vector finite.
pub const EPSILON: f64 = 1e-5;

/// What a norm divides a token's representation by.
pub fn size(norm: config::Norm, x: &[f64]) -> f64 {
    let mean = match norm {
        config::Norm::Layer => x.iter().sum::<f64>() / x.len() as f64,
        config::Norm::Rms => 0.0,
    };
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / x.len() as f64;
    (variance + EPSILON).sqrt()
}

/// One norm with its weights.
// A handful of these live at a time, and a box would be one more thing to follow.
#[allow(clippy::large_enum_variant)]
pub enum Norm {
    /// (x − mean) / √(variance + ε) · gain + bias, variance without Bessel's correction (Ba et al. 2016).
    Layer {
        /// [width]
        gain: Tensor<1>,
        /// [width]
        bias: Tensor<1>,
    },
    /// x / √(mean of x² + ε) · gain (Zhang and Sennrich 2019).
    Rms {
        /// [width]
        gain: Tensor<1>,
    },
}

impl Norm {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let gain = loader.vector("gain", model.width)?;
        Ok(match model.norm {
            config::Norm::Layer => Self::Layer { gain, bias: loader.vector("bias", model.width)? },
            config::Norm::Rms => Self::Rms { gain },
        })
    }

    /// Normalises every row of [batch, rows, width].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Layer { gain, bias } => layer_norm(x, gain.clone(), Some(bias.clone()), EPSILON),
            Self::Rms { gain } => {
                let size = x.clone().square().mean_dim(2).add_scalar(EPSILON).sqrt(); // [batch, rows, 1]
                x / size * gain.clone().unsqueeze::<3>()
            }
        }
    }
}
