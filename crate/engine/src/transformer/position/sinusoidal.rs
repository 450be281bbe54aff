//! Sinusoidal positions (Vaswani et al. 2017): p[t, 2i] = sin(t / 10000^(2i/d)), p[t, 2i+1] = cos(t / 10000^(2i/d)).

use super::BASE;
use crate::device::TensorSpec;
use burn::tensor::Tensor;

/// What is added to the embedding, [batch, rows, width].
pub(super) fn table(places: &[usize], batch: usize, width: usize, spec: &TensorSpec) -> Tensor<3> {
    let slowness = slowness(width);
    spec.floats(places.iter().flat_map(|&place| at(place, &slowness)), [batch, places.len() / batch, width])
}

/// The vector of one place.
pub fn row(place: usize, width: usize) -> Vec<f64> {
    at(place, &slowness(width)).collect()
}

/// By how much each coordinate turns more slowly than the first.
fn slowness(width: usize) -> Vec<f64> {
    (0..width).map(|coordinate| libm::pow(BASE, (coordinate / 2 * 2) as f64 / width as f64)).collect()
}

fn at(place: usize, slowness: &[f64]) -> impl Iterator<Item = f64> {
    slowness.iter().enumerate().map(move |(coordinate, slowness)| {
        let angle = place as f64 / slowness;
        if coordinate.is_multiple_of(2) { libm::sin(angle) } else { libm::cos(angle) }
    })
}
