//! Figure 9: the total variation of two softmaxes falls as they have more and more entries, where only the first 200 differ.

use super::random::Random;
use super::{SEEDS, curve};
use crate::progress::{Progress, Stopped};
use crate::theory::variation::{distance, softmax};
use glasses_contract::locale::later;
use glasses_contract::report::Simulated;

pub(super) const SAYS: &str =
    later("Softmaxes of n scores drawn evenly from [0, 1], and of the same scores with [0, 0.1] added to the first 200: Σ |α − α*|.");

const N: [usize; 10] = [500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 10_000];
const CHANGED: usize = 200;
const NOISE: f64 = 0.1;

pub(super) async fn curves(progress: &impl Progress) -> Result<Vec<Simulated>, Stopped> {
    let mut values = Vec::with_capacity(SEEDS);
    for seed in 0..SEEDS {
        let mut random = Random::new(9, seed);
        let most = N[N.len() - 1];
        let x: Vec<f64> = (0..most).map(|_| random.uniform()).collect();
        let y: Vec<f64> = x.iter().enumerate().map(|(at, x)| if at < CHANGED { x + NOISE * random.uniform() } else { *x }).collect();
        values.push(N.iter().map(|&n| distance(&softmax(&x[..n]), &softmax(&y[..n]))).collect());
        progress.step((seed + 1) as f32 / SEEDS as f32).await?;
    }
    Ok(vec![curve(later("total variation"), &N, &values)])
}
