//! The cap: how far scores can go.

use burn::tensor::Tensor;
use glasses_contract::config::{Attention, Cap};

/// Scores within the cap, [batch, head, rows, keys].
pub(super) fn apply(slots: &Attention, scores: Tensor<4>) -> Tensor<4> {
    match slots.cap {
        Cap::None => scores,
        Cap::Soft => scores.div_scalar(slots.cap_at).tanh().mul_scalar(slots.cap_at),
    }
}
