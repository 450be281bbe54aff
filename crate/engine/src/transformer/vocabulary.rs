//! The two ends of a model, where tokens become vectors and vectors scores of tokens.

use super::linear::Linear;
use super::loader::{Loader, MissingWeights, Stored};
use super::{joined, parts};
use crate::device::TensorSpec;
use burn::tensor::Tensor;
use glasses_contract::config::{Formats, Model, Unembedding};
use std::rc::Rc;

/// Tokens whose vectors are made at once where they are read as they are wanted.
const TOKENS_AT_ONCE: usize = 4096;

/// The embedding and the unembedding.
// There is one in a model, and a box would be one more thing to follow.
#[allow(clippy::large_enum_variant)]
pub(super) enum Vocabulary {
    /// On the device.
    Held {
        /// [tokens, width]
        embed: Tensor<2>,
        /// [width, tokens]
        unembed: Linear,
    },
    /// Where the weights are stored: read as they are wanted.
    Stored {
        weights: Rc<dyn Stored>,
        /// The parameter that scores tokens.
        unembed: &'static str,
        tokens: usize,
        formats: Formats,
        spec: TensorSpec,
    },
}

impl Vocabulary {
    pub(super) fn held(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let embed: Tensor<2> = loader.tensor("embed.weight")?;
        let unembed = match model.architecture.unembedding {
            Unembedding::Own => loader.linear(&["unembed.weight"])?,
            Unembedding::Tied => Linear::new(embed.clone().transpose(), loader.source.is_trained()),
        };
        Ok(Self::Held { embed, unembed })
    }

    pub(super) fn stored(model: &Model, weights: Rc<dyn Stored>, spec: &TensorSpec) -> Self {
        let unembed = match model.architecture.unembedding {
            Unembedding::Own => "unembed.weight",
            Unembedding::Tied => "embed.weight",
        };
        let tokens = model.architecture.vocabulary;
        Self::Stored { weights, unembed, tokens, formats: model.formats, spec: spec.clone() }
    }

    /// The vectors of tokens, one behind the other, [tokens, width].
    pub(super) fn embed(&self, tokens: Vec<usize>, on: &TensorSpec) -> Tensor<2> {
        match self {
            Self::Held { embed, .. } => embed.clone().select(0, on.indices(tokens)),
            Self::Stored { weights, formats, spec, .. } => weights.vectors("embed.weight", &tokens, formats, spec),
        }
    }

    /// A score for each token, [batch, rows, tokens].
    pub(super) fn scores(&self, y: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Held { unembed, .. } => unembed.at_once(y),
            Self::Stored { weights, unembed, tokens, formats, spec } => {
                let [batch, rows, width] = y.dims();
                let y = y.reshape([batch * rows, width]);
                let scores = parts(*tokens, TOKENS_AT_ONCE).map(|part| {
                    let vectors = weights.vectors(unembed, &part.collect::<Vec<_>>(), formats, spec); // [tokens, width]
                    y.clone().matmul(vectors.transpose())
                });
                joined(scores.collect(), 1).reshape([batch, rows, *tokens])
            }
        }
    }
}
