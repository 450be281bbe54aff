//! Sigmoid attention (Gu et al. 2024, arXiv 2410.10781): σ(s) for each key by itself, without a sum to share.

use crate::transformer::mask::AttentionMask;
use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

/// The weights, [batch, head, rows, keys].
pub(super) fn weights(scores: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
    mask.fill(sigmoid(scores), 0.0)
}
