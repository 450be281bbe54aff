//! The two ends of a model, where tokens become vectors and vectors scores of tokens.

use super::linear::{Linear, StoredMatrix};
use super::loader::{Loader, MissingWeights, Stored};
use crate::device::TensorSpec;
use crate::progress::{Stopped, Work};
use burn::tensor::Tensor;
use glasses_contract::config::{Model, Unembedding};
use std::rc::Rc;

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
        /// [width, tokens]
        embed: StoredMatrix,
        /// [width, tokens]
        unembed: Linear,
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

    pub(super) fn stored(model: &Model, weights: &Rc<dyn Stored>, spec: &TensorSpec) -> Result<Self, MissingWeights> {
        let shape = [model.width, model.architecture.vocabulary];
        let matrix = |name: &str| StoredMatrix::new(weights, &[(name.into(), shape)], &model.formats, spec);
        let unembed = match model.architecture.unembedding {
            Unembedding::Own => "unembed.weight",
            Unembedding::Tied => "embed.weight",
        };
        Ok(Self::Stored { embed: matrix("embed.weight")?, unembed: Linear::stored(matrix(unembed)?) })
    }

    /// The vectors of tokens, one behind the other, [tokens, width].
    pub(super) fn embed(&self, tokens: Vec<usize>, on: &TensorSpec) -> Tensor<2> {
        match self {
            Self::Held { embed, .. } => embed.clone().select(0, on.indices(tokens)),
            Self::Stored { embed, .. } => embed.rows(tokens.into_iter()),
        }
    }

    /// A score for each token, [batch, rows, tokens].
    pub(super) fn scores(&self, y: Tensor<3>) -> Tensor<3> {
        self.unembed().at_once(y)
    }

    /// The same with a step of `work` for every so many of them.
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn scores_in_steps(&self, y: Tensor<3>, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        self.unembed().forward(y, work).await
    }

    fn unembed(&self) -> &Linear {
        let (Self::Held { unembed, .. } | Self::Stored { unembed, .. }) = self;
        unembed
    }
}
