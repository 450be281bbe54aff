//! Figure 8: the output of one attention layer with sinusoidal positions converges.

use super::head::{Head, Scheme, linf};
use super::random::Random;
use super::{SEEDS, curve};
use crate::progress::{Progress, Stopped};
use crate::transformer::position::sinusoidal_row;
use glasses_contract::locale::later;
use glasses_contract::report::Simulated;

pub(super) const SAYS: &str = later(
    "One attention head, d = 64, with sinusoidal positions added to queries and keys, all of them and the values N(0, 1/d): L∞ distance of the last outputs over n tokens and n + 1, the last one twice.",
);

const N: [usize; 9] = [5, 10, 50, 100, 200, 500, 1000, 5000, 10_000];
const WIDTH: usize = 64;

pub(super) async fn curves(progress: &impl Progress) -> Result<Vec<Simulated>, Stopped> {
    let most = N[N.len() - 1];
    let positions: Vec<Vec<f64>> = (0..=most).map(|place| sinusoidal_row(place, WIDTH)).collect();
    let at = |x: &[f64], place: usize| x.iter().zip(&positions[place]).map(|(x, p)| x + p).collect();
    let scheme = Scheme { at: &at, bias: &|_| 0.0 };
    let mut values = Vec::with_capacity(SEEDS);
    for seed in 0..SEEDS {
        let deviation = (1.0 / WIDTH as f64).sqrt();
        let head = Head::new(most, &mut Random::new(8, seed), |random| random.vector(WIDTH, deviation));
        values.push(head.moves(&N, &scheme, linf));
        progress.step((seed + 1) as f32 / SEEDS as f32).await?;
    }
    Ok(vec![curve(later("sinusoidal positions"), &N, &values)])
}
