//! Rotary positions (Su et al. 2021): coordinates i and i + d/2 of a head turn by the angle t · 10000^(−2i/d), t the place.

use super::{BASE, floats};
use burn::tensor::{Device, Tensor};

/// Sines and cosines for a batch of rows.
pub(super) struct Rotation {
    /// [batch, 1, rows, head width / 2]
    cosine: Tensor<4>,
    /// [batch, 1, rows, head width / 2]
    sine: Tensor<4>,
}

impl Rotation {
    pub(super) fn new(places: &[usize], batch: usize, head_width: usize, device: &Device) -> Self {
        let half = head_width / 2;
        let angles =
            places.iter().flat_map(|&place| (0..half).map(move |i| place as f64 * libm::pow(BASE, -((2 * i) as f64) / head_width as f64)));
        let shape = [batch, 1, places.len() / batch, half];
        Self {
            cosine: floats(angles.clone().map(|angle| libm::cos(angle) as f32), shape, device),
            sine: floats(angles.map(|angle| libm::sin(angle) as f32), shape, device),
        }
    }

    /// Turns [batch, head, rows, head width].
    pub(super) fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let half = x.dims()[3] / 2;
        let [first, second]: [Tensor<4>; 2] = [x.clone().narrow(3, 0, half), x.narrow(3, half, half)];
        let (cosine, sine) = (self.cosine.clone(), self.sine.clone());
        let turned_first = first.clone() * cosine.clone() - second.clone() * sine.clone();
        let turned_second = second * cosine + first * sine;
        Tensor::cat(vec![turned_first, turned_second], 3)
    }
}
