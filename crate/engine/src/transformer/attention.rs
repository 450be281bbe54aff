//! Causal attention with several heads, a slot for each place in the formula: scale → bias → mask → sink → weigh → mix.
//!
//! ```text
//! scores  = Q Kᵀ · scale + bias            per head
//! weights = weigh(mask(scores))
//! output  = mix(weights V) W_output
//! ```
//! Each slot is an enum of the contract whose first member is the plain transformer.

use super::position::{KeyView, Places};
use super::{Loader, MissingWeights, project};
use crate::tap::Tap;
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::config::{self, Mask, Mix, Model, Scale, Sink, Weigh};
use glasses_contract::site::Site;
use std::ops::Range;

/// What a hidden key scores: finite, since WGSL need not know infinities, and so low that its weight is exactly zero.
const HIDDEN_SCORE: f32 = -1e30;

/// Scores that are held at once, in elements: what fits a processor's cache, and far from what fits a browser's memory.
const BLOCK_ELEMENTS: usize = 1 << 20;

/// One attention with its weights.
pub struct Attention {
    query: Tensor<2>,
    key: Tensor<2>,
    value: Tensor<2>,
    output: Tensor<2>,
    heads: usize,
    slots: config::Attention,
}

/// Keys (rotated) and values of tokens, [1, head, tokens, head width] each.
#[derive(Clone)]
pub struct KeysValues {
    /// The keys.
    pub keys: Tensor<4>,
    /// The values.
    pub values: Tensor<4>,
}

impl Attention {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let square = [model.width, model.width];
        Ok(Self {
            query: loader.matrix("query.weight", square)?,
            key: loader.matrix("key.weight", square)?,
            value: loader.matrix("value.weight", square)?,
            output: loader.matrix("output.weight", square)?,
            heads: model.heads,
            slots: model.attention,
        })
    }

    /// What attention adds to the residual stream, [batch, rows, width].
    pub(super) fn forward(&self, layer: usize, x: Tensor<3>, places: &Places, past: Option<&KeysValues>, tap: &mut impl Tap) -> Tensor<3> {
        let [batch, rows, width] = x.dims();
        let query = tap.heads(Site::Query(layer), places.rotate(self.split(project(x.clone(), &self.query))));
        let key = tap.heads(Site::Key(layer), places.rotate(self.split(project(x.clone(), &self.key))));
        let value = tap.heads(Site::Value(layer), self.split(project(x, &self.value)));

        let past_len = past.map_or(0, |past| past.keys.dims()[2]);
        let (blocks, along) = Block::split(batch, self.heads, rows, past_len);
        let mixed = blocks.iter().map(|block| {
            let own = KeysValues { keys: block.keys(key.clone()), values: block.keys(value.clone()) };
            let view = places.view(block.batch.clone(), block.rows.clone(), past_len);
            self.attend(layer, block.queries(query.clone()), past, own, places.bias(&view), &view, tap)
        });
        let mixed = Tensor::cat(mixed.collect(), along); // [batch, head, rows, head width]

        let mixed = tap.heads(Site::HeadOutput(layer), mixed);
        project(mixed.swap_dims(1, 2).reshape([batch, rows, width]), &self.output)
    }

    /// The formula, for a block of queries [batch, head, rows, head width].
    #[allow(clippy::too_many_arguments)]
    fn attend(
        &self,
        layer: usize,
        query: Tensor<4>,
        past: Option<&KeysValues>,
        own: KeysValues,
        bias: Option<Tensor<4>>,
        view: &KeyView,
        tap: &mut impl Tap,
    ) -> Tensor<4> {
        let query = match self.slots.scale {
            // Scaling the queries scales their scores, and there are fewer of them.
            Scale::InverseSqrt => {
                let head_width = query.dims()[3] as f64;
                query.div_scalar(head_width.sqrt())
            }
        };
        let scores = scores(query, past, own.keys); // [batch, head, rows, keys]
        let scores = match bias {
            Some(bias) => scores + bias,
            None => scores,
        };
        let scores = tap.heads(Site::Scores(layer), scores);
        let scores = match self.slots.mask {
            Mask::Causal => {
                let hidden = view.seen_from.clone().greater(view.queries.clone());
                scores.clone().mask_fill(hidden.expand(scores.dims()), HIDDEN_SCORE)
            }
        };
        let weights = match (self.slots.sink, self.slots.weigh) {
            (Sink::None, Weigh::Softmax) => softmax(scores, 3),
        };
        let weights = tap.heads(Site::Weights(layer), weights);
        match self.slots.mix {
            Mix::Plain => mix(weights, past, own.values),
        }
    }

    /// [batch, rows, width] to [batch, head, rows, head width].
    fn split(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, rows, width] = x.dims();
        x.reshape([batch, rows, self.heads, width / self.heads]).swap_dims(1, 2)
    }
}

/// Q Kᵀ over the keys of the past, if there is one, and then a sequence's own.
fn scores(query: Tensor<4>, past: Option<&KeysValues>, own_keys: Tensor<4>) -> Tensor<4> {
    let own = query.clone().matmul(own_keys.swap_dims(2, 3));
    match past {
        Some(past) => {
            let [batch, heads, rows, head_width] = query.dims();
            // One past serves all sequences of the batch, so their queries are rows of one product.
            let flat = query.swap_dims(0, 1).reshape([1, heads, batch * rows, head_width]);
            let scores = flat.matmul(past.keys.clone().swap_dims(2, 3));
            let before = scores.reshape([heads, batch, rows, past.keys.dims()[2]]).swap_dims(0, 1);
            Tensor::cat(vec![before, own], 3)
        }
        None => own,
    }
}

/// The weighted sum of the values of the past, if there is one, and a sequence's own.
fn mix(weights: Tensor<4>, past: Option<&KeysValues>, own_values: Tensor<4>) -> Tensor<4> {
    match past {
        Some(past) => {
            let [batch, heads, rows, keys] = weights.dims();
            let past_len = past.values.dims()[2];
            let before = weights.clone().narrow(3, 0, past_len).swap_dims(0, 1).reshape([1, heads, batch * rows, past_len]);
            let mixed = before.matmul(past.values.clone());
            let head_width = mixed.dims()[3];
            let own = weights.narrow(3, past_len, keys - past_len).matmul(own_values);
            mixed.reshape([heads, batch, rows, head_width]).swap_dims(0, 1) + own
        }
        None => weights.matmul(own_values),
    }
}

/// A part of the batch and of its rows, small enough for the scores to be held at once.
struct Block {
    batch: Range<usize>,
    rows: Range<usize>,
}

impl Block {
    /// Splits the rows, or where there is a past the batch, and names the axis along which the blocks follow each other.
    fn split(batch: usize, heads: usize, rows: usize, past_len: usize) -> (Vec<Self>, usize) {
        if past_len == 0 {
            let step = (BLOCK_ELEMENTS / (batch * heads * rows)).max(1);
            (parts(rows, step).map(|rows| Self { batch: 0..batch, rows }).collect(), 2)
        } else {
            let step = (BLOCK_ELEMENTS / (heads * rows * (past_len + rows))).max(1);
            (parts(batch, step).map(|batch| Self { batch, rows: 0..rows }).collect(), 0)
        }
    }

    fn queries(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, heads, _, head_width] = x.dims();
        x.slice([self.batch.clone(), 0..heads, self.rows.clone(), 0..head_width])
    }

    /// A causal query sees nothing behind its own row.
    fn keys(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, heads, _, head_width] = x.dims();
        x.slice([self.batch.clone(), 0..heads, 0..self.rows.end, 0..head_width])
    }
}

/// The numbers below `end` in ranges of `step`, the last one shorter.
fn parts(end: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..end).step_by(step).map(move |start| start..end.min(start + step))
}
