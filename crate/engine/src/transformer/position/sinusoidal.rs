//! Sinusoidal positions (Vaswani et al. 2017): p[t, 2i] = sin(t / 10000^(2i/d)), p[t, 2i+1] = cos(t / 10000^(2i/d)).

use super::BASE;
use crate::device::Memory;
use burn::tensor::Tensor;

/// What is added to the embedding, [batch, rows, width].
pub(super) fn table(places: &[usize], batch: usize, width: usize, memory: &Memory) -> Tensor<3> {
    memory.floats(places.iter().flat_map(|&place| row(place, width)), [batch, places.len() / batch, width])
}

/// The vector of one place.
pub fn row(place: usize, width: usize) -> impl Iterator<Item = f64> {
    (0..width).map(move |coordinate| {
        let pair = coordinate / 2 * 2;
        let angle = place as f64 / libm::pow(BASE, pair as f64 / width as f64);
        if coordinate == pair { libm::sin(angle) } else { libm::cos(angle) }
    })
}
