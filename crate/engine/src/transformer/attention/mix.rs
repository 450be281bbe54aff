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

    /// Whether [`Mix::weights`] are the weights that it is given.
    pub(super) fn leaves_weights(&self) -> bool {
        matches!(self, Self::Plain | Self::Gated(_))
    }

    /// What leaves the heads, [batch, head, rows, head width]; `x` is what attention reads, [batch, rows, width].
    pub(super) fn outputs(&self, mixed: Tensor<4>, x: &Tensor<3>) -> Tensor<4> {
        match self {
            Self::Plain | Self::Centred => mixed,
            Self::Gated(gate) => gate.outputs(mixed, x),
            Self::Differential(differential) => differential.outputs(mixed),
        }
    }
}
