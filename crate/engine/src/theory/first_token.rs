//! The first-token limit (Proposition 5.2 / B.8): in [½(Λ + I)]^L only the first token is left as L grows.

use super::{Square, last, rollout, side};
use crate::progress::{Progress, Stopped, Work};

/// What reading one number of a large matrix from memory amounts to, in floating-point operations of a matrix product.
const FLOP_OF_A_WEIGHT: u64 = 10;

/// What follows from one attention matrix in all layers.
pub struct Limit {
    /// The share of the first token in the last row, for L = 1, 2, ….
    pub share: Vec<f64>,
    /// The last row at the depth that was asked for.
    pub profile: Vec<f64>,
}

/// Follows one attention matrix to `deepest` layers, and keeps the last row at `depth`. A step of progress stands behind each layer.
///
/// # Errors
/// If `progress` says stop.
pub async fn limit(attention: &Square, deepest: usize, depth: usize, progress: &impl Progress) -> Result<Limit, Stopped> {
    let mut row = last(side(attention));
    let (mut share, mut profile) = (Vec::with_capacity(deepest), Vec::new());
    let work = Work::new(progress, FLOP_OF_A_WEIGHT * (deepest * attention.len()) as u64);
    for layers in 1..=deepest {
        row = rollout::half(&row, attention);
        share.push(row.first().copied().unwrap_or(f64::NAN));
        if layers == depth {
            profile.clone_from(&row);
        }
        work.add(FLOP_OF_A_WEIGHT * attention.len() as u64).await?;
    }
    Ok(Limit { share, profile })
}

/// Every token attends evenly to itself and those before it.
pub fn uniform(tokens: usize) -> Vec<f64> {
    let weight = |query: usize, key: usize| if key <= query { 1.0 / (query + 1) as f64 } else { 0.0 };
    (0..tokens).flat_map(|query| (0..tokens).map(move |key| weight(query, key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::NoProgress;

    fn followed(attention: &Square, deepest: usize) -> Limit {
        pollster::block_on(limit(attention, deepest, deepest, &NoProgress)).expect("nobody says stop")
    }

    #[test]
    fn uniform_attention_gives_the_shares_that_an_independent_simulation_found() {
        for (tokens, shares) in
            [(8, [(4, 0.34), (8, 0.68), (16, 0.95), (32, 0.9993)]), (128, [(4, 0.064), (8, 0.27), (16, 0.75), (32, 0.992)])]
        {
            let found = followed(&uniform(tokens), 32).share;
            for (layers, share) in shares {
                assert!((found[layers - 1] / share - 1.0).abs() < 0.02, "{tokens} tokens, {layers} layers: {}", found[layers - 1]);
            }
        }
    }

    #[test]
    fn deep_enough_only_the_first_token_is_left() {
        let Limit { share, profile } = followed(&uniform(16), 256);
        assert!(share[255] > 1.0 - 1e-9 && share.is_sorted(), "{}", share[255]);
        assert!(profile[1..].iter().all(|&rest| rest < 1e-9), "{profile:?}");
    }
}
