//! Entmax (Peters et al. 2019, arXiv 1905.05702): p = [(α − 1) s − τ]₊^(1/(α − 1)), with τ such that Σ p = 1.

use crate::transformer::attention::cotangents::shared;
use burn::tensor::Tensor;

/// Halvings of the interval that τ lies in: what is left of it is 2⁻¹⁶.
const HALVINGS: usize = 16;

/// The weights of scores along the last axis, [batch, head, rows, keys].
///
/// With z = (α − 1) s, Σ p falls from at least 1 to at most 1 as τ goes from max z − 1 to max z. Bisection brings τ near, and two steps
/// of Newton's method to where the format ends. The last step is the one that gradients flow through: its derivative at the root is
/// that of the implicit equation Σ p = 1.
pub(super) fn weights(scores: Tensor<4>, alpha: f64) -> Tensor<4> {
    let power = 1.0 / (alpha - 1.0);
    let z = scores.mul_scalar(alpha - 1.0);
    // Only differences from the largest matter, and small numbers are finer.
    let z = z.clone() - z.detach().max_dim(3);
    let fixed = z.clone().detach();
    let above = |z: &Tensor<4>, tau: &Tensor<4>| (z.clone() - tau.clone()).clamp_min(0.0);
    let excess = |z: &Tensor<4>, tau: &Tensor<4>| above(z, tau).powf_scalar(power).sum_dim(3).sub_scalar(1.0);
    let slope = |tau: &Tensor<4>| {
        let above = above(&fixed, tau);
        let outside = above.clone().lower_equal_elem(0.0);
        // Sparsemax has the power 0 here, and 0⁰ is 1.
        above.powf_scalar(power - 1.0).mask_fill(outside, 0.0).sum_dim(3).mul_scalar(power)
    };

    let mut tau = fixed.clone().narrow(3, 0, 1).zeros_like().sub_scalar(1.0);
    for halving in 1..=HALVINGS {
        let middle = tau.clone().add_scalar(0.5_f64.powi(halving as i32));
        let too_low = excess(&fixed, &middle).greater_equal_elem(0.0);
        tau = tau.mask_where(too_low, middle);
    }
    let tau = tau.clone() + excess(&fixed, &tau) / slope(&tau);
    let tau = tau.clone() + excess(&z, &tau) / slope(&tau);
    above(&z, &tau).powf_scalar(power)
}

/// The cotangents of the first `keys` scores from those of their weights, where `all` are the weights of all [1, head, rows, all]: with
/// r = p^(2−α) where there is weight and 0 elsewhere, r (g − Σ r g / Σ r) by the implicit equation Σ p = 1.
pub(super) fn vjp(all: Tensor<4>, keys: usize, alpha: f64, cotangent: Tensor<4>) -> Tensor<4> {
    let outside = all.clone().lower_equal_elem(0.0);
    let slopes = all.powf_scalar(2.0 - alpha).mask_fill(outside, 0.0);
    let shares = slopes.clone() / slopes.clone().sum_dim(3);
    let [slopes, shares] = [slopes, shares].map(|x| shared(x.narrow(3, 0, keys)));
    (cotangent.clone() - (cotangent * shares).sum_dim(3)) * slopes
}
