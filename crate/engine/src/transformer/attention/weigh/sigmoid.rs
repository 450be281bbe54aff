//! Sigmoid attention (Gu et al. 2024, arXiv 2410.10781): σ(s) for each key by itself, without a sum to share.

use crate::transformer::attention::cotangents::shared;
use crate::transformer::mask::AttentionMask;
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

/// The weights, [batch, head, rows, keys].
pub(super) fn weights(scores: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
    mask.fill(sigmoid(scores), 0.0)
}

/// The cotangents of scores from those of their weights [1, head, rows, keys]: σ′ is σ (1 − σ), and what is hidden has weight zero.
pub(super) fn vjp(weights: Tensor<4>, cotangent: Tensor<4>) -> Tensor<4> {
    cotangent * shared(weights.clone() - weights.square())
}
