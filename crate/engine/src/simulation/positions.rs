//! Figure 10: one untrained attention head with four kinds of positions: all four converge alike.

use super::random::Random;
use super::{SEEDS, attend, curve, dot};
use crate::experiment::{Progress, Stopped};
use crate::transformer::position::sinusoidal_row;
use glasses_contract::report::Simulated;

pub(super) const SAYS: &str = "One untrained attention head, d = 64, its queries, keys and values N(0, 1) scaled to length 1: L1 distance of the last outputs over n tokens and n + 1, the last one twice.";

const N: [usize; 8] = [5, 10, 50, 100, 500, 1000, 2000, 5000];
const WIDTH: usize = 64;
/// ALiBi's slope of a single head, 2^(−8). The paper does not say whether it is scaled like the scores; that it is fits the published
/// curve, the slowest of the four, which crosses 2⁻⁷ near n = 1000.
const SLOPE: f64 = 1.0 / 256.0;

/// How a token's place enters the score of query and key.
type Score = fn(&[f64], usize, &[f64], usize) -> f64;

const SCHEMES: [(&str, Score); 4] = [("no positions", none), ("sinusoidal", sinusoidal), ("rotary", rotary), ("ALiBi", alibi)];

fn scaled(score: f64) -> f64 {
    score / (WIDTH as f64).sqrt()
}

fn none(query: &[f64], _: usize, key: &[f64], _: usize) -> f64 {
    scaled(dot(query, key))
}

fn sinusoidal(query: &[f64], at: usize, key: &[f64], place: usize) -> f64 {
    // Positions of length 1 too, as everything in this figure.
    let scale = (2.0 / WIDTH as f64).sqrt();
    let add = |x: &[f64], place| -> Vec<f64> { x.iter().zip(sinusoidal_row(place, WIDTH)).map(|(x, p)| x + scale * p).collect() };
    scaled(dot(&add(query, at), &add(key, place)))
}

fn rotary(query: &[f64], at: usize, key: &[f64], place: usize) -> f64 {
    let half = WIDTH / 2;
    let turn = |i: usize| {
        let angle = (at as f64 - place as f64) * libm::pow(10_000.0, -((2 * i) as f64) / WIDTH as f64);
        let (sine, cosine) = libm::sincos(angle);
        let (q1, q2, k1, k2) = (query[i], query[i + half], key[i], key[i + half]);
        cosine * (q1 * k1 + q2 * k2) + sine * (q1 * k2 - q2 * k1)
    };
    scaled((0..half).map(turn).sum())
}

fn alibi(query: &[f64], at: usize, key: &[f64], place: usize) -> f64 {
    scaled(dot(query, key) - SLOPE * (at - place) as f64)
}

pub(super) async fn curves(progress: &impl Progress) -> Result<Vec<Simulated>, Stopped> {
    let most = N[N.len() - 1] + 1;
    let mut values = vec![Vec::with_capacity(SEEDS); SCHEMES.len()];
    for seed in 0..SEEDS {
        let mut random = Random::new(10, seed);
        let mut draw = || {
            (0..most)
                .map(|_| {
                    let vector = random.vector(WIDTH, 1.0);
                    let size = dot(&vector, &vector).sqrt();
                    vector.into_iter().map(|x| x / size).collect::<Vec<f64>>()
                })
                .collect::<Vec<_>>()
        };
        let (queries, keys, drawn) = (draw(), draw(), draw());
        for ((_, score), values) in SCHEMES.iter().zip(&mut values) {
            let at = |n: usize| {
                let output = |length: usize| {
                    let content = |place: usize| place.min(n - 1);
                    let query = &queries[content(length - 1)];
                    let scores: Vec<f64> = (0..length).map(|place| score(query, length - 1, &keys[content(place)], place)).collect();
                    let values: Vec<Vec<f64>> = (0..length).map(|place| drawn[content(place)].clone()).collect();
                    attend(&scores, &values)
                };
                output(n).iter().zip(output(n + 1)).map(|(x, y)| (x - y).abs()).sum::<f64>()
            };
            values.push(N.iter().map(|&n| at(n)).collect());
        }
        progress.step((seed + 1) as f32 / SEEDS as f32).await?;
    }
    Ok(SCHEMES.iter().zip(&values).map(|((label, _), values)| curve(label, &N, values)).collect())
}
