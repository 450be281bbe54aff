//! The paper's statements as plain numbers in f64: no tensors, no device. Statements and their numbering are those of Barbero et al.
//! 2024, *Transformers need glasses!*, arXiv 2406.04267v2.

pub mod bound;
pub mod first_token;
pub mod paths;
pub mod position_bias;
pub mod rollout;
pub mod spectral;
pub mod upward;
pub mod variation;

/// A square matrix, row by row: `matrix[query * side + key]`.
pub type Square = [f64];

/// The side of a square matrix.
fn side(matrix: &Square) -> usize {
    matrix.len().isqrt()
}

/// row · (share · matrix + keep · I), for a matrix that need not be triangular.
fn step(row: &[f64], matrix: &Square, share: f64, keep: f64) -> Vec<f64> {
    let mut product: Vec<f64> = row.iter().map(|value| keep * value).collect();
    for (query, &value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        let weights = &matrix[query * row.len()..][..row.len()];
        product.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += share * value * weight);
    }
    product
}

/// The row vector that is 1 at the last place and 0 elsewhere.
fn last(tokens: usize) -> Vec<f64> {
    (1..=tokens).map(|token| if token == tokens { 1.0 } else { 0.0 }).collect()
}
