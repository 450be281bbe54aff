//! Rotary positions (Su et al. 2021): coordinates i and i + d/2 of a head turn by the angle t · 10000^(−2i/d), t the place.
//!
//! p-RoPE (Barbero et al. 2024, arXiv 2410.06205) turns the fastest pairs only, i < ⌊p · d/2⌋: with p = 0 it is none, with p = 1 rotary.

use super::BASE;
use crate::device::TensorSpec;
use burn::tensor::Tensor;

/// The pairs that p-RoPE turns.
pub(super) fn turning(share: f64, pairs: usize) -> usize {
    (share * pairs as f64).floor() as usize
}

/// Sines and cosines for a batch of rows.
pub(super) struct Rotation {
    /// [batch, 1, rows, head width / 2]
    cosine: Tensor<4>,
    /// [batch, 1, rows, head width / 2]
    sine: Tensor<4>,
}

impl Rotation {
    /// For rows at these places; pairs from `turning` on stay as they are.
    pub(super) fn new(places: &[usize], batch: usize, head_width: usize, turning: usize, spec: &TensorSpec) -> Self {
        let half = head_width / 2;
        // By how much a pair turns from one token to the next.
        let turn = |i: usize| if i < turning { libm::pow(BASE, -((2 * i) as f64) / head_width as f64) } else { 0.0 };
        let turns: Vec<f64> = (0..half).map(turn).collect();
        let angles = places.iter().flat_map(|&place| turns.iter().map(move |turn| place as f64 * turn));
        let shape = [batch, 1, places.len() / batch, half];
        Self { cosine: spec.floats(angles.clone().map(libm::cos), shape), sine: spec.floats(angles.map(libm::sin), shape) }
    }

    /// Turns [batch, head, rows, head width].
    pub(super) fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        turned(x, self.cosine.clone(), self.sine.clone())
    }

    /// The cotangents of what was turned, of the last rows of the one sequence, from those of what came out, [head, count, rows, head width]: turned
    /// back, since the transpose of a rotation is its inverse.
    pub(super) fn vjp(&self, cotangent: Tensor<4>) -> Tensor<4> {
        let ([_, _, all, _], [_, _, rows, _]) = (self.cosine.dims(), cotangent.dims());
        let last = |x: &Tensor<4>| x.clone().narrow(2, all - rows, rows);
        turned(cotangent, last(&self.cosine), last(&self.sine).neg())
    }
}

fn turned(x: Tensor<4>, cosine: Tensor<4>, sine: Tensor<4>) -> Tensor<4> {
    let half = x.dims()[3] / 2;
    let [first, second]: [Tensor<4>; 2] = [x.clone().narrow(3, 0, half), x.narrow(3, half, half)];
    let turned_first = first.clone() * cosine.clone() - second.clone() * sine.clone();
    let turned_second = second * cosine + first * sine;
    Tensor::cat(vec![turned_first, turned_second], 3)
}
