//! Adaptive temperature (Veličković et al. 2024, arXiv 2410.01104): the more spread out the weights, the sharper the softmax.
//!
//! With H the entropy of softmax(s) in nats, β = max(P(H), 1) where H > 0.5 and 1 elsewhere.

use crate::transformer::attention::cotangents::shared;
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
    of_entropy(&entropy)
}

fn of_entropy(entropy: &Tensor<4>) -> Tensor<4> {
    let polynomial = polynomial(POLYNOMIAL, entropy);
    polynomial.clamp_min(1.0).mask_fill(entropy.clone().lower_equal_elem(SHARP), 1.0)
}

/// A polynomial of every number, the coefficient of the highest power first.
fn polynomial(coefficients: impl IntoIterator<Item = f64>, x: &Tensor<4>) -> Tensor<4> {
    let horner = |sum: Tensor<4>, coefficient: f64| (sum * x.clone()).add_scalar(coefficient);
    coefficients.into_iter().fold(x.zeros_like(), horner)
}

/// The cotangents of scores s from those g of β s, β g + Σ(g s) ∂β/∂s with ∂H/∂s = −p (ln p + H); `visible` are the scores in which hidden keys score
/// next to nothing.
pub(super) fn vjp(scores: Tensor<4>, visible: Tensor<4>, cotangent: Tensor<4>) -> Tensor<4> {
    let log = log_softmax(visible, 3);
    let weights = log.clone().exp();
    let entropy = (weights.clone() * log.clone()).sum_dim(3).neg(); // [1, head, rows, 1]
    let degree = POLYNOMIAL.len() - 1;
    let derivative = POLYNOMIAL.iter().take(degree).enumerate().map(|(at, coefficient)| coefficient * (degree - at) as f64);
    let is_one = of_entropy(&entropy).equal_elem(1.0);
    let steepness = polynomial(derivative, &entropy).mask_fill(is_one, 0.0); // ∂β/∂H
    let slope = (weights * (log + entropy.clone()) * steepness).neg(); // ∂β/∂s
    let stretched = (cotangent.clone() * shared(scores)).sum_dim(3); // [head, count, rows, 1]
    cotangent * shared(of_entropy(&entropy)) + stretched * shared(slope)
}
