//! Clipped softmax (Bondarenko et al. 2023, arXiv 2306.12929): clip((ζ − γ) p + γ, 0, 1) with ζ = 1 and γ = −a/m.
//!
//! m is the number of keys that the query sees, where the authors have a fixed length: so a token's weights depend on nothing behind it.

use crate::transformer::attention::cotangents::shared;
use crate::transformer::mask::AttentionMask;
use burn::tensor::Tensor;

/// The weights from those of the softmax, [batch, head, rows, keys].
pub(super) fn weights(softmax: Tensor<4>, a: f64, mask: &AttentionMask) -> Tensor<4> {
    let below = mask.count(&softmax).recip().mul_scalar(a); // −γ, [batch, 1, rows, 1]
    let stretched = softmax * below.clone().add_scalar(1.0) - below;
    // What is hidden has weight zero, which clipping keeps.
    stretched.clamp(0.0, 1.0)
}

/// The cotangents of the softmax's weights from those of the clipped ones [1, head, rows, keys]: none where something was clipped.
pub(super) fn vjp(weights: Tensor<4>, a: f64, mask: &AttentionMask, cotangent: Tensor<4>) -> Tensor<4> {
    let slope = mask.count(&weights).recip().mul_scalar(a).add_scalar(1.0); // [1, 1, rows, 1]
    let clipped = weights.clone().lower_equal_elem(0.0).bool_or(weights.clone().greater_equal_elem(1.0));
    cotangent * shared(slope.expand(weights.dims()).mask_fill(clipped, 0.0))
}
