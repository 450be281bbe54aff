//! Figure 10: one untrained attention head with four kinds of positions: all four converge alike.

use super::head::{Head, Scheme, l1};
use super::random::Random;
use super::{SEEDS, curve};
use crate::progress::{Progress, Stopped};
use crate::transformer::position::sinusoidal_row;
use glasses_contract::locale::later;
use glasses_contract::report::Simulated;

pub(super) const SAYS: &str = later(
    "One untrained attention head, d = 64, its queries, keys and values N(0, 1) scaled to length 1: L1 distance of the last outputs over n tokens and n + 1, the last one twice.",
);

const N: [usize; 8] = [5, 10, 50, 100, 500, 1000, 2000, 5000];
const WIDTH: usize = 64;
/// ALiBi's slope of a single head, 2^(−8). The paper does not say whether it is scaled like the scores; that it is fits the published
/// curve, the slowest of the four, which crosses 2⁻⁷ near n = 1000.
const SLOPE: f64 = 1.0 / 256.0;

pub(super) async fn curves(progress: &impl Progress) -> Result<Vec<Simulated>, Stopped> {
    let most = N[N.len() - 1];
    // Positions of length 1 too, as everything in this figure.
    let scale = (2.0 / WIDTH as f64).sqrt();
    let positions: Vec<Vec<f64>> = (0..=most).map(|place| sinusoidal_row(place, WIDTH).into_iter().map(|p| scale * p).collect()).collect();
    let sinusoidal = |x: &[f64], place: usize| x.iter().zip(&positions[place]).map(|(x, p)| x + p).collect();
    let nowhere = |x: &[f64], _| x.to_vec();
    let (flat, falling) = (|_| 0.0, |distance| -SLOPE * distance as f64);
    let schemes = [
        (later("no positions"), Scheme { at: &nowhere, bias: &flat }),
        (later("sinusoidal"), Scheme { at: &sinusoidal, bias: &flat }),
        (later("rotary"), Scheme { at: &turned, bias: &flat }),
        (later("ALiBi"), Scheme { at: &nowhere, bias: &falling }),
    ];
    let mut values = vec![Vec::with_capacity(SEEDS); schemes.len()];
    for seed in 0..SEEDS {
        let head = Head::new(most, &mut Random::new(10, seed), |random| {
            let vector = random.vector(WIDTH, 1.0);
            let size = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
            vector.into_iter().map(|x| x / size).collect()
        });
        let parts = (SEEDS * schemes.len()) as f32;
        for (at, ((_, scheme), values)) in schemes.iter().zip(&mut values).enumerate() {
            values.push(head.moves(&N, scheme, l1));
            progress.step((seed * schemes.len() + at + 1) as f32 / parts).await?;
        }
    }
    Ok(schemes.iter().zip(&values).map(|((label, _), values)| curve(label, &N, values)).collect())
}

/// A vector turned as rotary positions turn it.
fn turned(x: &[f64], place: usize) -> Vec<f64> {
    let half = WIDTH / 2;
    let (mut first, mut second) = (Vec::with_capacity(WIDTH), Vec::with_capacity(half));
    for i in 0..half {
        let (sine, cosine) = libm::sincos(place as f64 * libm::pow(10_000.0, -((2 * i) as f64) / WIDTH as f64));
        first.push(x[i] * cosine - x[i + half] * sine);
        second.push(x[i + half] * cosine + x[i] * sine);
    }
    first.extend(second);
    first
}
