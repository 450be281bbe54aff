//! Figure 8: the output of one attention layer with sinusoidal positions converges.

use super::random::Random;
use super::{SEEDS, attend, curve, dot};
use crate::experiment::{Progress, Stopped};
use crate::transformer::position::sinusoidal_row;
use glasses_contract::report::Simulated;

pub(super) const SAYS: &str = "One attention head, d = 64, with sinusoidal positions added to queries and keys, all of them and the values N(0, 1/d): L∞ distance of the last outputs over n tokens and n + 1, the last one twice.";

const N: [usize; 9] = [5, 10, 50, 100, 200, 500, 1000, 5000, 10_000];
const WIDTH: usize = 64;

pub(super) async fn curves(progress: &impl Progress) -> Result<Vec<Simulated>, Stopped> {
    let most = N[N.len() - 1] + 1;
    let positions: Vec<Vec<f64>> = (0..most).map(|place| sinusoidal_row(place, WIDTH).collect()).collect();
    let mut values = Vec::with_capacity(SEEDS);
    for seed in 0..SEEDS {
        let mut random = Random::new(8, seed);
        let deviation = (1.0 / WIDTH as f64).sqrt();
        let mut draw = || (0..most).map(|_| random.vector(WIDTH, deviation)).collect::<Vec<_>>();
        let (queries, keys, drawn) = (draw(), draw(), draw());
        let at = |n: usize| {
            // The token n times, and then once more at the next place.
            let output = |copies: usize| {
                let content = |place: usize| place.min(n - 1);
                let length = n + copies;
                let add = |x: &[f64], place: usize| -> Vec<f64> { x.iter().zip(&positions[place]).map(|(x, p)| x + p).collect() };
                let query = add(&queries[content(length - 1)], length - 1);
                let score = |place: usize| dot(&query, &add(&keys[content(place)], place)) / (WIDTH as f64).sqrt();
                let scores: Vec<f64> = (0..length).map(score).collect();
                let values: Vec<Vec<f64>> = (0..length).map(|place| drawn[content(place)].clone()).collect();
                attend(&scores, &values)
            };
            output(0).iter().zip(output(1)).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
        };
        values.push(N.iter().map(|&n| at(n)).collect());
        progress.step((seed + 1) as f32 / SEEDS as f32).await?;
    }
    Ok(vec![curve("sinusoidal positions", &N, &values)])
}
