//! Sinusoidal positions (Vaswani et al. 2017): p[t, 2i] = sin(t / 10000^(2i/d)), p[t, 2i+1] = cos(t / 10000^(2i/d)).

use super::{BASE, floats};
use burn::tensor::{Device, Tensor};

/// What is added to the embedding, [batch, rows, width].
pub(super) fn table(places: &[usize], batch: usize, width: usize, device: &Device) -> Tensor<3> {
    let values = places.iter().flat_map(|&place| {
        (0..width).map(move |coordinate| {
            let pair = coordinate / 2 * 2;
            let angle = place as f64 / libm::pow(BASE, pair as f64 / width as f64);
            (if coordinate == pair { libm::sin(angle) } else { libm::cos(angle) }) as f32
        })
    });
    floats(values, [batch, places.len() / batch, width], device)
}
