//! What the scores of a query are multiplied by before they become weights. One member a file.

mod adaptive;
mod log;
mod log_relative;
mod power;

use super::cotangents::shared;
use crate::transformer::mask::{AttentionMask, MASKED_SCORE};
use burn::tensor::Tensor;
use glasses_contract::config::{Attention, Scale};

/// Scaled scores, [batch, head, rows, keys].
pub(super) fn apply(slots: &Attention, scores: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
    let factor = match slots.scale {
        Scale::One => return scores,
        Scale::Log => log::factor(slots.log_factor, mask.count(&scores)),
        Scale::LogRelative => log_relative::factor(slots.reference_length, mask.count(&scores)),
        Scale::Adaptive => adaptive::factor(mask.fill(scores.clone(), MASKED_SCORE)),
        Scale::Power => power::factor(slots, mask.count(&scores)),
    };
    scores * factor
}

/// The cotangents of scores [1, head, rows, keys] from those of the scaled ones.
pub(super) fn vjp(slots: &Attention, scores: Tensor<4>, mask: &AttentionMask, cotangent: Tensor<4>) -> Tensor<4> {
    let factor = match slots.scale {
        Scale::One => return cotangent,
        Scale::Log => log::factor(slots.log_factor, mask.count(&scores)),
        Scale::LogRelative => log_relative::factor(slots.reference_length, mask.count(&scores)),
        Scale::Adaptive => {
            let visible = mask.fill(scores.clone(), MASKED_SCORE);
            return adaptive::vjp(scores, visible, cotangent);
        }
        Scale::Power => power::factor(slots, mask.count(&scores)),
    };
    cotangent * shared(factor)
}
