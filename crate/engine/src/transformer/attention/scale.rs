//! What the scores of a query are multiplied by before they become weights. One member a file.

mod adaptive;
mod log;
mod power;

use crate::transformer::mask::AttentionMask;
use burn::tensor::Tensor;
use glasses_contract::config::{Attention, Scale};

/// Scaled scores, [batch, head, rows, keys].
pub(super) fn apply(slots: &Attention, scores: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
    let factor = match slots.scale {
        Scale::One => return scores,
        Scale::Log => log::factor(slots.log_factor, mask.count(&scores)),
        Scale::Adaptive => adaptive::factor(mask.fill(scores.clone(), crate::transformer::mask::MASKED_SCORE)),
        Scale::Power => power::factor(slots, mask.count(&scores)),
    };
    scores * factor
}
