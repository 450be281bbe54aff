//! The norms: a token's representation divided by its size.

use super::loader::{Loader, MissingWeights};
use super::parameter::Parameter;
use crate::operation::{fused_norm, norm_vjp};
use burn::tensor::Tensor;
use burn::tensor::module::layer_norm;
use glasses_contract::config::{self, Model};

/// ε of the tiny models: keeps a division by the size of a zero vector finite.
pub const EPSILON: f64 = 1e-5;

/// Not above what a norm divides a token's representation by, and below it by rounding at the most.
pub fn least_size(norm: config::Norm, x: &[f64]) -> f64 {
    let count = x.len() as f64;
    // More than twice what sums of so many numbers are off by, relative to the sum of their sizes (Higham 2002, §3.1).
    let off = (count + 4.0) * f64::EPSILON;
    let (mean, mean_off) = match norm {
        config::Norm::Layer => (x.iter().sum::<f64>() / count, off * x.iter().map(|x| x.abs()).sum::<f64>() / count),
        config::Norm::Rms => (0.0, 0.0),
    };
    // Around another number than the mean, squares are larger by the square of what it is off by.
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count * (1.0 - off) - mean_off * mean_off;
    (if variance < 0.0 { 0.0 } else { variance } + EPSILON).sqrt() * (1.0 - 4.0 * f64::EPSILON)
}

/// What a norm of this name has.
pub(super) fn parameters(model: &Model, name: &str) -> Vec<Parameter> {
    let gain = Parameter::constant("gain", model.width, 1.0).within(name);
    match model.norm {
        config::Norm::Layer => vec![gain, Parameter::constant("bias", model.width, 0.0).within(name)],
        config::Norm::Rms => vec![gain],
    }
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
        /// ε
        epsilon: f64,
    },
    /// x / √(mean of x² + ε) · gain (Zhang and Sennrich 2019).
    Rms {
        /// [width]
        gain: Tensor<1>,
        /// ε
        epsilon: f64,
    },
}

impl Norm {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let (gain, epsilon) = (loader.tensor("gain")?, model.architecture.norm_epsilon);
        Ok(match model.norm {
            config::Norm::Layer => Self::Layer { gain, bias: loader.tensor("bias")?, epsilon },
            config::Norm::Rms => Self::Rms { gain, epsilon },
        })
    }

    /// Normalises every row of [batch, rows, width].
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let (gain, bias, epsilon) = match self {
            Self::Layer { gain, bias, epsilon } => (gain, Some(bias), *epsilon),
            Self::Rms { gain, epsilon } => (gain, None, *epsilon),
        };
        if let Some(quick) = fused_norm(&x, gain, bias, epsilon) {
            return quick;
        }
        match self {
            Self::Layer { gain, bias, epsilon } => layer_norm(x, gain.clone(), Some(bias.clone()), *epsilon),
            Self::Rms { gain, epsilon } => {
                let size = x.clone().square().mean_dim(2).add_scalar(*epsilon).sqrt(); // [batch, rows, 1]
                x / size * gain.clone().unsqueeze::<3>()
            }
        }
    }

    /// The cotangents of x [1, rows, width] from those of its norm [count, rows, width]: with x̂ the norm before gain and bias, g the cotangent times
    /// gain, and s what is divided by, (g − x̂ · mean(g x̂)) / s, and in layer norm less its mean.
    pub fn vjp(&self, x: Tensor<3>, cotangent: Tensor<3>) -> Tensor<3> {
        let (x, gain, epsilon) = match self {
            Self::Layer { gain, epsilon, .. } => (x.clone() - x.mean_dim(2), gain, *epsilon),
            Self::Rms { gain, epsilon } => (x, gain, *epsilon),
        };
        let size = x.clone().square().mean_dim(2).add_scalar(epsilon).sqrt(); // [1, rows, 1]
        let unit = x / size.clone();
        let scale = gain.clone().unsqueeze::<3>() / size; // [1, rows, width]
        norm_vjp(unit, scale, cotangent, matches!(self, Self::Layer { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_not_overstated_and_hardly_understated() {
        // Of ±1 the mean is 0 and the variance 1, of those and a large number the same by layer norm.
        let size = |x: f64| (x + EPSILON).sqrt();
        let around = |centre: f64| (0..64).map(|at| centre + if at % 2 == 0 { 1.0 } else { -1.0 }).collect::<Vec<f64>>();
        for (norm, x, exact) in [
            (config::Norm::Layer, around(0.0), size(1.0)),
            (config::Norm::Layer, around(1e6), size(1.0)),
            (config::Norm::Rms, around(0.0), size(1.0)),
            (config::Norm::Rms, vec![0.0; 8], size(0.0)),
        ] {
            let found = least_size(norm, &x);
            assert!(found <= exact && found > exact * (1.0 - 1e-9), "{found} {exact}");
        }
        assert!(least_size(config::Norm::Layer, &[f64::NAN, 1.0]).is_nan());
    }
}
