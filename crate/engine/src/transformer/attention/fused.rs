//! Burn's own attention, in one operation, where the formula is the plain one and nobody looks at scores or weights.

use super::KeysValues;
use crate::tap::Tap;
use crate::transformer::position::Places;
use burn::tensor::Tensor;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;

use glasses_contract::config::{Attention, Cap, Mask, Mix, Scale, Sink, Weigh};

/// Whether a layer's attention is one that burn knows.
pub(super) fn applies(slots: &Attention, layer: usize, places: &Places<'_>, tap: &impl Tap) -> bool {
    let plain = slots.cap == Cap::None && slots.scale == Scale::One && slots.sink == Sink::None && slots.weigh == Weigh::Softmax;
    // A gate acts on what leaves the head.
    let summed = matches!(slots.mix, Mix::Plain | Mix::Gated);
    let causal = slots.mask == Mask::Causal && !slots.is_windowed(layer);
    plain && summed && causal && !places.has_bias() && !tap.sees_attention(layer)
}

/// The weighted values of a block of queries, [batch, head, rows, head width]; the last query stands at the last key.
pub(super) fn attend(query: Tensor<4>, own: KeysValues) -> Tensor<4> {
    let options = AttentionModuleOptions { is_causal: true, ..AttentionModuleOptions::default() };
    attention(query, own.keys, own.values, None, None, options)
}
