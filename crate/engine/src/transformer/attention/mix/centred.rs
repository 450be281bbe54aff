//! Rank-one removal (Nait Saada et al. 2024, arXiv 2410.07799): A − (1/m) 11ᵀ, in causal form over the m keys that a query sees.

use crate::transformer::visible::Visible;
use burn::tensor::Tensor;

/// The weights less their mean if they sum to one, [batch, head, rows, keys].
pub(super) fn weights(weights: Tensor<4>, visible: &Visible) -> Tensor<4> {
    let uniform = visible.count(&weights).recip();
    visible.fill(weights - uniform, 0.0)
}
