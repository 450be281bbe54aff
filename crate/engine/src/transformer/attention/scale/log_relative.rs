//! Log-n scaling relative to a length that a model knows (LogN-scaling in Bai et al. 2023, arXiv 2309.16609): max(1, ln m / ln m₀) for m visible keys.

use burn::tensor::Tensor;

/// The factor of each query, [batch, 1, rows, 1]. The reference length m₀ is 2 at the least.
pub(super) fn factor(reference_length: usize, count: Tensor<4>) -> Tensor<4> {
    count.log().div_scalar((reference_length as f64).ln()).clamp_min(1.0)
}
