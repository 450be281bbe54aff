//! How scores become weights. One member a file.

mod clipped;
mod entmax;
mod sigmoid;

use super::cotangents::shared;
use super::sink::Sink;
use crate::operation::{softmax, softmax_vjp};
use crate::transformer::mask::{AttentionMask, MASKED_SCORE};
use burn::tensor::Tensor;
use glasses_contract::config::{self, Attention, Weigh};

/// The weights of the visible keys; hidden ones have none, [batch, head, rows, keys].
pub(super) fn apply(slots: &Attention, sink: Option<&Sink>, scores: Tensor<4>, mask: &AttentionMask) -> Tensor<4> {
    let over_all = |weigh: &dyn Fn(Tensor<4>) -> Tensor<4>| {
        let scores = mask.fill(scores.clone(), MASKED_SCORE);
        match sink {
            Some(sink) => sink.beside(scores, weigh),
            None => weigh(scores),
        }
    };
    match slots.weigh {
        Weigh::Softmax => over_all(&|scores| softmax(scores)),
        Weigh::Entmax => over_all(&|scores| entmax::weights(scores, slots.entmax_alpha)),
        // Every key is weighed by itself, so a sink would take nothing from the others.
        Weigh::Sigmoid => sigmoid::weights(scores, mask),
        Weigh::Clipped => clipped::weights(over_all(&|scores| softmax(scores)), slots.clip, mask),
    }
}

/// The cotangents of scores [1, head, rows, keys] from those of their weights. What is hidden has no slope, whatever its cotangent.
pub(super) fn vjp(
    slots: &Attention,
    sink: Option<&Sink>,
    scores: Tensor<4>,
    weights: Tensor<4>,
    mask: &AttentionMask,
    cotangent: Tensor<4>,
) -> Tensor<4> {
    match slots.weigh {
        // A sink has no cotangent, so that nothing of it is in the sum.
        Weigh::Softmax => softmax_vjp(shared(weights), cotangent),
        Weigh::Entmax => {
            let (scores, keys) = (mask.fill(scores, MASKED_SCORE), weights.dims()[3]);
            let all = match sink {
                Some(sink) => entmax::weights(sink.joined(scores), slots.entmax_alpha),
                None => weights,
            };
            entmax::vjp(all, keys, slots.entmax_alpha, cotangent)
        }
        Weigh::Sigmoid => sigmoid::vjp(weights, cotangent),
        Weigh::Clipped => {
            let plain = config::Attention { weigh: Weigh::Softmax, ..*slots };
            let softmax = apply(&plain, sink, scores, mask);
            softmax_vjp(shared(softmax), clipped::vjp(weights, slots.clip, mask, cotangent))
        }
    }
}
