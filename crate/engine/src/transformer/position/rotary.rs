//! Rotary positions (Su et al. 2021): pair i of a head's coordinates turns by the angle t · base^(−2i/d), t the place. The pair is i and i + d/2, or
//! 2i and 2i + 1: files that hold the one have the rows of their matrices in another order than files that hold the other.
//!
//! p-RoPE (Barbero et al. 2024, arXiv 2410.06205) turns the fastest pairs only, i < ⌊p · d/2⌋: with p = 0 it is none, with p = 1 rotary.

use crate::device::TensorSpec;
use burn::tensor::Tensor;
use glasses_contract::config::{Model, RotaryPairs};

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
    pairs: RotaryPairs,
}

impl Rotation {
    /// For rows at these places; pairs from `turning` on stay as they are.
    pub(super) fn new(places: &[usize], batch: usize, model: &Model, turning: usize, spec: &TensorSpec) -> Self {
        let (head_width, base, pairs) = (model.head_width(), model.architecture.rotary_base, model.architecture.rotary_pairs);
        let half = head_width / 2;
        // By how much a pair turns from one token to the next.
        let turn = |i: usize| if i < turning { libm::pow(base, -((2 * i) as f64) / head_width as f64) } else { 0.0 };
        let turns: Vec<f64> = (0..half).map(turn).collect();
        let angles = places.iter().flat_map(|&place| turns.iter().map(move |turn| place as f64 * turn));
        let shape = [batch, 1, places.len() / batch, half];
        Self { cosine: spec.floats(angles.clone().map(libm::cos), shape), sine: spec.floats(angles.map(libm::sin), shape), pairs }
    }

    /// Turns [batch, head, rows, head width].
    pub(super) fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        turned(x, self.cosine.clone(), self.sine.clone(), self.pairs)
    }

    /// The cotangents of what was turned, of the last rows of the one sequence, from those of what came out, [head, count, rows, head width]: turned
    /// back, since the transpose of a rotation is its inverse.
    pub(super) fn vjp(&self, cotangent: Tensor<4>) -> Tensor<4> {
        let ([_, _, all, _], [_, _, rows, _]) = (self.cosine.dims(), cotangent.dims());
        let last = |x: &Tensor<4>| x.clone().narrow(2, all - rows, rows);
        turned(cotangent, last(&self.cosine), last(&self.sine).neg(), self.pairs)
    }
}

fn turned(x: Tensor<4>, cosine: Tensor<4>, sine: Tensor<4>, pairs: RotaryPairs) -> Tensor<4> {
    let shape @ [batch, heads, rows, width] = x.dims();
    let half = width / 2;
    let [first, second]: [Tensor<4>; 2] = match pairs {
        RotaryPairs::Halves => [x.clone().narrow(3, 0, half), x.narrow(3, half, half)],
        RotaryPairs::Adjacent => {
            let pairs = x.reshape([batch, heads, rows, half, 2]);
            [0, 1].map(|at| pairs.clone().narrow(4, at, 1).reshape([batch, heads, rows, half]))
        }
    };
    let turned_first = first.clone() * cosine.clone() - second.clone() * sine.clone();
    let turned_second = second * cosine + first * sine;
    match pairs {
        RotaryPairs::Halves => Tensor::cat(vec![turned_first, turned_second], 3),
        RotaryPairs::Adjacent => Tensor::stack::<5>(vec![turned_first, turned_second], 4).reshape(shape),
    }
}
