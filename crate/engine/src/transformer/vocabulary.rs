//! The two ends of a model, where tokens become vectors and vectors scores of tokens.

use super::linear::Linear;
use super::loader::{Loader, MissingWeights, Stored};
use super::{joined, parts};
use crate::device::TensorSpec;
use crate::progress::{Progress, Stopped, Work};
use burn::tensor::Tensor;
use glasses_contract::config::{Formats, Model, Unembedding};
use std::ops::Range;
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
        let of_parts = self.parts().map(|part| self.scores_of(part, y.clone())).collect();
        joined(of_parts, 2)
    }

    /// The same with a step of `work` for every so many tokens.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn scores_in_steps(&self, y: Tensor<3>, work: &Work<'_, impl Progress>) -> Result<Tensor<3>, Stopped> {
        let mut of_parts = Vec::new();
        for part in self.parts() {
            let flop = 2 * (y.shape().num_elements() * part.len()) as u64;
            of_parts.push(self.scores_of(part, y.clone()));
            work.add(flop).await?;
        }
        Ok(joined(of_parts, 2))
    }

    /// The tokens whose vectors are there at once.
    fn parts(&self) -> impl Iterator<Item = Range<usize>> {
        match self {
            Self::Held { embed, .. } => parts(embed.dims()[0], embed.dims()[0]),
            Self::Stored { tokens, .. } => parts(*tokens, TOKENS_AT_ONCE),
        }
    }

    /// A score for each of the tokens of a part, [batch, rows, tokens].
    fn scores_of(&self, part: Range<usize>, y: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Held { unembed, .. } => unembed.at_once(y),
            Self::Stored { weights, unembed, formats, spec, .. } => {
                let ([batch, rows, width], tokens) = (y.dims(), part.len());
                let vectors = weights.vectors(unembed, &part.collect::<Vec<_>>(), formats, spec); // [tokens, width]
                y.reshape([batch * rows, width]).matmul(vectors.transpose()).reshape([batch, rows, tokens])
            }
        }
    }
}
