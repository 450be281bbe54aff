//! The over-squashing bound (Theorem 5.1 / B.5), in the form of its proof and with a real model's constants put back:
//!
//! ```text
//! ‖∂y_n/∂v_i^(0)‖₂ ≤ C · [(Λ̄^(L−1) + I) … (Λ̄^(0) + I)]_{n,i}
//! Λ̄_ij = Σ_h |α^h_ij| ‖W_V^h W_O^h‖₂ / β₁        C = (1/β₃) Π_l (σ_ψ/β₂ + 1)
//! ```
//! 1/β is the greatest factor by which a norm can stretch a change, max |gain| / σ, of the worst token of a layer; σ_ψ bounds the
//! feed-forward's Lipschitz constant by the spectral norms of its matrices times that of GELU. The paper's main text has β₂ where the
//! proof has β₁, and the statement (α + δ)/β; this is the proof's. It holds with attention weights held fixed.
//!
//! Every sum and product is rounded upward: of the weights and representations that it is given, the bound is one in exact arithmetic too.

use super::{Square, last, upward};

/// Not below the Lipschitz constant of GELU, its derivative at √2: Φ(√2) + √2 φ(√2), about 1.129.
pub fn gelu_lipschitz() -> f64 {
    // Three functions are off by a unit in the last place each, and a few operations by half of one.
    slope_at_root_two() * (1.0 + 8.0 * f64::EPSILON)
}

fn slope_at_root_two() -> f64 {
    let x = std::f64::consts::SQRT_2;
    let density = libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
    0.5 * (1.0 + libm::erf(x / std::f64::consts::SQRT_2)) + x * density
}

/// One block's part in the bound.
pub struct Layer {
    /// Σ_h |α^h| ‖W_V^h W_O^h‖₂, a square matrix.
    pub attention: Vec<f64>,
    /// 1/β₁.
    pub attention_gain: f64,
    /// σ_ψ/β₂; none where there is no feed-forward.
    pub feed_forward: Option<f64>,
    /// Whether there are skip connections.
    pub skip: bool,
}

/// The bound for every token i; `output_gain` is 1/β₃.
pub fn last_row(layers: &[Layer], output_gain: f64) -> Vec<f64> {
    let tokens = layers.first().map_or(0, |layer| super::side(&layer.attention));
    let start = last(tokens).into_iter().map(|value| upward::product(output_gain, value)).collect();
    layers.iter().rev().fold(start, |row, layer| before(&row, layer))
}

/// The row in front of a layer: row · (gain · Λ̄ + I), times what the feed-forward stretches.
fn before(row: &[f64], layer: &Layer) -> Vec<f64> {
    let keep = if layer.skip { 1.0 } else { 0.0 };
    let mut attended: Vec<f64> = row.iter().map(|value| keep * value).collect();
    for (query, &value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        let share = upward::product(layer.attention_gain, value);
        let weights = &layer.attention[query * row.len()..][..row.len()];
        attended.iter_mut().zip(weights).for_each(|(sum, &weight)| *sum = upward::sum(*sum, upward::product(share, weight)));
    }
    let stretch = layer.feed_forward.map_or(1.0, |stretch| upward::sum(stretch, keep));
    attended.into_iter().map(|value| upward::product(stretch, value)).collect()
}

/// Adds one head's share, ‖W_V W_O‖₂ |α|, to [`Layer::attention`].
pub fn add_head(attention: &mut Square, weights: &Square, norm: f64) {
    attention.iter_mut().zip(weights).for_each(|(sum, weight)| *sum = upward::sum(*sum, upward::product(norm, weight.abs())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_multiply_as_in_the_proof() {
        let layer = || Layer { attention: vec![1.0, 0.0, 0.5, 0.5], attention_gain: 2.0, feed_forward: Some(3.0), skip: true };
        // Each layer: (3 + 1) · (2 Λ + I), then 1/β₃ = 5.
        let row = last_row(&[layer(), layer()], 5.0);
        for (found, exact) in row.into_iter().zip([5.0 * 16.0 * (1.0 * 3.0 + 2.0 * 1.0), 5.0 * 16.0 * 4.0]) {
            assert!(found >= exact && found < exact * (1.0 + 1e-14), "{found} {exact}");
        }
    }

    #[test]
    fn the_derivative_of_gelu_is_greatest_where_its_constant_says() {
        let slope =
            |x: f64| 0.5 * (1.0 + libm::erf(x / 2.0_f64.sqrt())) + x * libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
        let greatest = (-4000..4000).map(|at| slope(f64::from(at) / 500.0).abs()).fold(0.0, f64::max);
        assert!((gelu_lipschitz() - greatest).abs() < 1e-5 && greatest <= gelu_lipschitz());
        assert_eq!(slope(std::f64::consts::SQRT_2), slope_at_root_two());
    }
}
