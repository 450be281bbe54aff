//! How the weighted values leave the head. One member a file.

mod centred;
mod differential;
mod gated;

use crate::transformer::loader::{Loader, MissingWeights};
use crate::transformer::mask::AttentionMask;
use crate::transformer::parameter::Parameter;
use burn::tensor::Tensor;
use differential::Differential;
use gated::Gate;
use glasses_contract::config::{self, Model};

/// What the chosen member has in a layer.
pub(super) fn parameters(model: &Model, layer: usize) -> Vec<Parameter> {
    match model.attention.mix {
        config::Mix::Plain | config::Mix::Centred => Vec::new(),
        config::Mix::Gated => gated::parameters(model, layer),
        config::Mix::Differential => differential::parameters(model, layer),
    }
}

/// A member with its weights.
// A handful of these live at a time, and a box would be one more thing to follow.
#[allow(clippy::large_enum_variant)]
pub(super) enum Mix {
    Plain,
    Centred,
    Gated(Gate),
    Differential(Differential),
}

impl Mix {
    pub(super) fn new(model: &Model, layer: usize, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        Ok(match model.attention.mix {
            config::Mix::Plain => Self::Plain,
            config::Mix::Centred => Self::Centred,
            config::Mix::Gated => Self::Gated(Gate::new(loader)?),
            config::Mix::Differential => Self::Differential(Differential::new(model, layer, loader)?),
        })
    }

    /// The weights that values are summed with, [batch, head, rows, keys], from those of every map, [batch, map · head, rows, keys].
    pub(super) fn weights(&self, weights: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
        match self {
            Self::Plain | Self::Gated(_) => weights,
            Self::Centred => centred::weights(weights, mask),
            Self::Differential(differential) => differential.weights(weights),
        }
    }

    /// What leaves the heads, [batch, head, rows, head width]; `x` is what attention reads, [batch, rows, width].
    pub(super) fn outputs(&self, mixed: Tensor<4>, x: &Tensor<3>) -> Tensor<4> {
        match self {
            Self::Plain | Self::Centred => mixed,
            Self::Gated(gate) => gate.outputs(mixed, x),
            Self::Differential(differential) => differential.outputs(mixed),
        }
    }

    /// The cotangents of every map's weights [map · head, count, rows, keys] from those of the weights that values are summed with.
    pub(super) fn weights_vjp(&self, cotangent: Tensor<4>) -> Tensor<4> {
        match self {
            // What is subtracted is the same whatever the weights are, and what is hidden has no slope in front of this.
            Self::Plain | Self::Gated(_) | Self::Centred => cotangent,
            Self::Differential(differential) => differential.weights_vjp(cotangent),
        }
    }

    /// The cotangents of the weighted sums of values, [count, rows, head, head width], and of what attention reads [count, rows, width] where that
    /// acts here, from those of what leaves the heads. `mixed` makes the sums themselves, [1, head, rows, head width].
    pub(super) fn outputs_vjp(
        &self,
        mixed: impl FnOnce() -> Tensor<4>,
        x: &Tensor<3>,
        cotangent: Tensor<4>,
    ) -> (Tensor<4>, Option<Tensor<3>>) {
        match self {
            Self::Plain | Self::Centred => (cotangent, None),
            Self::Gated(gate) => {
                let (mixed, x) = gate.outputs_vjp(mixed(), x, cotangent);
                (mixed, Some(x))
            }
            Self::Differential(differential) => (differential.outputs_vjp(mixed(), cotangent), None),
        }
    }
}
