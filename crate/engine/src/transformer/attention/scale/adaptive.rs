//! Adaptive temperature (Veličković et al. 2024, arXiv 2410.01104): the more spread out the weights, the sharper the softmax.
//!
//! With H the entropy of softmax(s) in nats, β = max(P(H), 1) where H > 0.5 and 1 elsewhere.

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;

/// The coefficients of P, the highest power first, as published.
const POLYNOMIAL: [f64; 5] = [-0.037, 0.481, -2.3, 4.917, -1.791];

/// Below this entropy nothing is changed.
const SHARP: f64 = 0.5;

/// The factor of each query, [batch, head, rows, 1], from scores in which hidden keys score next to nothing.
pub(super) fn factor(scores: Tensor<4>) -> Tensor<4> {
    let log = log_softmax(scores, 3);
    let entropy = (log.clone().exp() * log).sum_dim(3).neg();
    let horner = |sum: Tensor<4>, coefficient: f64| (sum * entropy.clone()).add_scalar(coefficient);
    let polynomial = POLYNOMIAL.into_iter().fold(entropy.zeros_like(), horner);
    polynomial.clamp_min(1.0).mask_fill(entropy.lower_equal_elem(SHARP), 1.0)
}
