//! Scalable softmax (Nakanishi 2025, arXiv 2501.19399): c · ln m for m visible keys; c = 1 is the log-n trick (Chiang and Cholak 2022).

use burn::tensor::Tensor;

/// The factor of each query, [batch, 1, rows, 1].
pub(super) fn factor(c: f64, count: Tensor<4>) -> Tensor<4> {
    count.log().mul_scalar(c)
}
