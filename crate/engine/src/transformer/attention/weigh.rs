//! How scores become weights. One member a file.

mod clipped;
mod entmax;
mod sigmoid;

use super::sink::Sink;
use crate::operation::softmax;
use crate::transformer::mask::{AttentionMask, MASKED_SCORE};
use burn::tensor::Tensor;
use glasses_contract::config::{Attention, Weigh};

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
