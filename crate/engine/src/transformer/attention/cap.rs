//! The cap: how far scores can go.

use super::cotangents::shared;
use burn::tensor::Tensor;
use glasses_contract::config::{Attention, Cap};

/// Scores within the cap, [batch, head, rows, keys].
pub(super) fn apply(slots: &Attention, scores: Tensor<4>) -> Tensor<4> {
    match slots.cap {
        Cap::None => scores,
        Cap::Soft => scores.div_scalar(slots.cap_at).tanh().mul_scalar(slots.cap_at),
    }
}

/// The cotangents of scores from those of the capped ones [1, head, rows, keys]: tanh′ is 1 − tanh².
pub(super) fn vjp(slots: &Attention, capped: Tensor<4>, cotangent: Tensor<4>) -> Tensor<4> {
    match slots.cap {
        Cap::None => cotangent,
        Cap::Soft => cotangent * shared(capped.div_scalar(slots.cap_at).square().neg().add_scalar(1.0)),
    }
}
