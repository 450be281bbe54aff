//! Rank-one removal (Nait Saada et al. 2024, arXiv 2410.07799): A − (1/m) 11ᵀ, in causal form over the m keys that a query sees.

use crate::transformer::mask::AttentionMask;
use burn::tensor::Tensor;

/// The weights less their mean if they sum to one, [batch, head, rows, keys].
pub(super) fn weights(weights: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
    let uniform = mask.count(&weights).recip();
    mask.fill(weights - uniform, 0.0)
}
