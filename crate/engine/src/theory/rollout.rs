//! Attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928): Π ½(A + I) over the layers, A the mean over heads of |α|.
//!
//! With the constants of Proposition 5.2 (β₁ = β₂ = σ_ψ = 1, β₃^(1/L) = 4) the bound of Theorem 5.1 is the same product.

use super::{Square, last, step};

/// The last row, one number a token; layers from the first to the last.
pub fn last_row(layers: &[Vec<f64>]) -> Vec<f64> {
    let tokens = layers.first().map_or(0, |layer| super::side(layer));
    layers.iter().rev().fold(last(tokens), |row, layer| half(&row, layer))
}

/// Adds one head's share of the mean over heads of |α|.
pub fn add_head(mean: &mut Square, weights: &Square, heads: usize) {
    mean.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += 1.0 / heads as f64 * weight.abs());
}

/// row · ½(A + I).
pub fn half(row: &[f64], attention: &Square) -> Vec<f64> {
    step(row, attention, 0.5, 0.5)
}

/// ½(A + I) · column.
pub fn spread(column: &[f64], attention: &Square) -> Vec<f64> {
    let rows = attention.chunks_exact(column.len().max(1));
    rows.zip(column).map(|(row, kept)| 0.5 * (kept + row.iter().zip(column).map(|(weight, share)| weight * share).sum::<f64>())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_attention_that_sums_to_one_keeps_its_sum() {
        let layer = vec![1.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.2, 0.3, 0.5];
        let row = last_row(&[layer.clone(), layer.clone()]);
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        // By hand: e₃ · ½(Λ + I) = (.1, .15, .75), and once more.
        let twice = [0.1 + 0.15 * 0.25 + 0.75 * 0.1, 0.15 * 0.75 + 0.75 * 0.15, 0.75 * 0.75];
        // Column by column it is the same matrix.
        let column = spread(&spread(&[1.0, 0.0, 0.0], &layer), &layer);
        assert!((column[2] - row[0]).abs() < 1e-15, "{column:?}");
        assert!(row.iter().zip(twice).all(|(found, by_hand)| (found - by_hand).abs() < 1e-15), "{row:?}");
    }
}
