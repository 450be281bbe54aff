//! Attention with several heads, a slot for each place in the formula: cap → mask and reach → scale → sink → weigh → mix.
//!
//! ```text
//! scores  = cap(Q Kᵀ / √d_head + bias)                     per head
//! weights = weigh(scale(scores) over the visible keys and the sink)
//! output  = mix(weights V) W_output
//! ```
//! Each slot is an enum of the contract whose first member is the plain transformer; a member that does something has a file.

mod block;
mod cap;
mod cotangents;
mod mix;
mod scale;
mod sink;
mod vjp;
mod weigh;

pub(super) use cotangents::add_to_last_rows;
pub use vjp::{Attended, Through, cotangents_at_once};

use super::linear::Linear;
use super::loader::{Loader, MissingWeights};
use super::mask::{QueryKeyPositions, RowPositions};
use super::parameter::{Parameter, block_stream};
use super::past::{LayerKv, Past};
use super::position::PositionTables;
use super::{joined, parts};
use crate::hook::Hook;
use crate::operation::{Epilogue, ROWS, Weights, fused_attention, is_on_graphics, matmul, part_flop};
use crate::progress::{Stopped, Work};
use block::Block;
use burn::tensor::Tensor;
use glasses_contract::config::{self, Cap, Mask, Model, Scale, Weigh};
use glasses_contract::limits::flop_of_a_score;
use glasses_contract::site::Site;
use mix::Mix;
use sink::Sink;
use std::ops::Range;

/// Rows of a part at the least: of fewer, arranging keys and values for each part costs more than it parts.
const LEAST_ROWS: u64 = 64;

/// Weights of a part that are made for those who look at them, where [`LEAST_ROWS`] have no more: 4 MiB.
const MOST_SHOWN: usize = 1 << 20;

/// One attention with its weights.
pub struct Attention {
    /// Queries, keys and values of all heads side by side: one product is quicker than three.
    inputs: Linear,
    output: Linear,
    sink: Option<Sink>,
    mix: Mix,
    heads: usize,
    /// Heads of keys and values, each of which serves as many heads of queries.
    key_value_heads: usize,
    slots: config::Attention,
}

/// What attention in a layer has.
pub(super) fn parameters(model: &Model, layer: usize) -> Vec<Parameter> {
    let square = |name: &str, index| Parameter::matrix(name, [model.width; 2], block_stream(layer, index));
    let of_groups = |name: &str, index| {
        Parameter::matrix(name, [model.width, model.key_value_heads() * model.head_width()], block_stream(layer, index))
    };
    let mut all = vec![square("query.weight", 0), of_groups("key.weight", 1), of_groups("value.weight", 2), square("output.weight", 3)];
    all.extend(sink::parameters(model));
    all.extend(mix::parameters(model, layer));
    all
}

impl Attention {
    pub(super) fn new(model: &Model, layer: usize, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        // The heads of a second map stand behind those of the first.
        let names: &[&str] = match model.attention.maps() {
            1 => &["query.weight", "key.weight", "value.weight"],
            _ => &["query.weight", "second_query.weight", "key.weight", "second_key.weight", "value.weight"],
        };
        Ok(Self {
            inputs: loader.linear(names)?,
            output: loader.linear(&["output.weight"])?,
            sink: Sink::new(model, loader)?,
            mix: Mix::new(model, layer, loader)?,
            heads: model.heads,
            key_value_heads: model.key_value_heads(),
            slots: model.attention,
        })
    }

    /// What attention adds to the residual stream, [batch, rows, width]; with `residual`, the stream after it.
    #[allow(clippy::too_many_arguments)]
    pub(super) async fn forward(
        &self,
        layer: usize,
        x: Tensor<3>,
        residual: Option<Tensor<3>>,
        tables: &PositionTables<'_>,
        row_positions: &RowPositions,
        past: Past<'_>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Tensor<3>, Stopped> {
        let [batch, rows, width] = x.dims();
        let (maps, groups) = (self.slots.maps() * self.heads, self.key_value_heads);
        let keys = self.slots.maps() * groups;
        let inputs = self.inputs.forward(x.clone(), work).await?; // [batch, rows, queries and keys of every map, values]
        // Parted before heads change places with rows, so that a part is a view on any device that has views.
        let inputs = inputs.reshape([batch, rows, maps + keys + groups, width / self.heads]);
        let part = |from: usize, heads: usize| inputs.clone().narrow(2, from, heads).swap_dims(1, 2);
        let query = hook.heads(Site::Query(layer), tables.rotate(part(0, maps)));
        let key = hook.heads(Site::Key(layer), self.for_each_head(tables.rotate(part(maps, keys))));
        let value = hook.heads(Site::Value(layer), self.for_each_head(part(maps + keys, groups)));

        let own = LayerKv { keys: key, values: value };
        let mixed = match past {
            Past::None => self.mixed(layer, query, &own, tables, row_positions, None, hook, work).await?,
            Past::Shared(cache) => self.mixed(layer, query, &own, tables, row_positions, Some(&cache[layer]), hook, work).await?,
            Past::Each(caches) => {
                let mut mixed = Vec::with_capacity(batch);
                for (sequence, cache) in caches.iter().enumerate() {
                    let of = |x: &Tensor<4>| x.clone().narrow(0, sequence, 1);
                    let (own, cache) = (LayerKv { keys: of(&own.keys), values: of(&own.values) }, Some(&cache[layer]));
                    let (tables, row_positions) = (tables.of_scores(sequence), row_positions.of(sequence));
                    mixed.push(self.mixed(layer, of(&query), &own, &tables, &row_positions, cache, hook, work).await?);
                }
                joined(mixed, 0)
            }
        }; // [batch, head, rows, head width]
        let mixed = hook.heads(Site::HeadOutput(layer), self.mix.outputs(mixed, &x));
        let mixed = mixed.swap_dims(1, 2).reshape([batch, rows, width]);
        self.output.forward_into(mixed, Epilogue::default().and_residual(residual), work).await
    }

    /// Each head's weighted sum of values, [batch, head, rows, head width].
    #[allow(clippy::too_many_arguments)]
    async fn mixed(
        &self,
        layer: usize,
        query: Tensor<4>,
        own: &LayerKv,
        tables: &PositionTables<'_>,
        row_positions: &RowPositions,
        cache: Option<&LayerKv>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Tensor<4>, Stopped> {
        match self.fused(layer, &query, own, tables, cache, hook, work).await? {
            Some(mixed) => Ok(mixed),
            None => self.blockwise(layer, query, own, tables, row_positions, cache, hook, work).await,
        }
    }

    /// Keys or values of a group for each head of queries that it serves: [batch, maps · group, rows, head width] to [batch, maps · head, rows, head width].
    fn for_each_head(&self, x: Tensor<4>) -> Tensor<4> {
        let ([batch, groups, rows, head_width], served) = (x.dims(), self.heads / self.key_value_heads);
        if served == 1 {
            return x;
        }
        let repeated = x.unsqueeze_dim::<5>(2).repeat_dim(2, served); // [batch, group, head of it, rows, head width]
        repeated.reshape([batch, groups * served, rows, head_width])
    }

    /// Fused attention: each head's weighted sum of values in one operation, where nothing stands in the slots, no hook looks at scores or replaces
    /// weights, all of the cache comes before the rows, and the device has it.
    #[allow(clippy::too_many_arguments)]
    async fn fused(
        &self,
        layer: usize,
        query: &Tensor<4>,
        own: &LayerKv,
        tables: &PositionTables<'_>,
        cache: Option<&LayerKv>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Option<Tensor<4>>, Stopped> {
        let [batch, maps, rows, _] = query.dims();
        let before = cache.map_or(0, |cache| cache.keys.dims()[2]);
        let follows = before == 0 || (batch == 1 && self.slots.mask == Mask::Causal && tables.begins_at(before));
        if !is_fusible(&self.slots, layer, hook) || tables.biases_scores() || !follows {
            return Ok(None);
        }
        let joined_with = |before: Option<&Tensor<4>>, own: &Tensor<4>| match before {
            Some(before) => Tensor::cat(vec![before.clone(), own.clone()], 2),
            None => own.clone(),
        };
        let keys = joined_with(cache.map(|cache| &cache.keys), &own.keys);
        let values = joined_with(cache.map(|cache| &cache.values), &own.values);
        let step = (part_flop(query) / self.flop_of_a_row(batch, before + rows)).max(LEAST_ROWS) as usize;
        let (step, weights) = match hook.wants(Site::Weights(layer)) {
            true => (step.min((MOST_SHOWN / (batch * maps * (before + rows))).max(LEAST_ROWS as usize)), Weights::Shown),
            false => (step, Weights::Summed),
        };
        let mut mixed = Vec::new();
        for part in parts(rows, step.next_multiple_of(ROWS)) {
            let flop = part.len() as u64 * self.flop_of_a_row(batch, before + self.keys_seen(&part, rows));
            let Some((part, shown)) = fused_attention(query, &keys, &values, self.slots.mask, part, weights) else { return Ok(None) };
            mixed.push(part);
            if let Some(shown) = shown {
                hook.heads(Site::Weights(layer), shown);
            }
            work.add(flop).await?;
        }
        Ok(Some(joined(mixed, 2)))
    }

    /// How many keys a query of a part sees on average.
    fn keys_seen(&self, part: &Range<usize>, rows: usize) -> usize {
        match self.slots.mask {
            Mask::Causal => (part.start + part.end) / 2,
            Mask::Bidirectional => rows,
        }
    }

    /// Floating-point operations of the rows of a batch at one place, each of which sees so many keys.
    fn flop_of_a_row(&self, batch: usize, keys: usize) -> u64 {
        (batch * keys) as u64 * flop_of_a_score(&self.slots, self.heads, self.output.inputs())
    }

    /// The same through all slots and past the hook, block after block (blockwise).
    #[allow(clippy::too_many_arguments)]
    async fn blockwise(
        &self,
        layer: usize,
        query: Tensor<4>,
        own: &LayerKv,
        tables: &PositionTables<'_>,
        row_positions: &RowPositions,
        cache: Option<&LayerKv>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Tensor<4>, Stopped> {
        let [batch, maps, rows, _] = query.dims();
        let cache_len = cache.map_or(0, |cache| cache.keys.dims()[2]);
        let (blocks, along) = Block::split(batch, maps, rows, cache_len, is_on_graphics(&query));
        let mut mixed = Vec::with_capacity(blocks.len());
        for block in &blocks {
            let end = block.keys_end(self.slots.mask, rows);
            let own = LayerKv { keys: block.keys(own.keys.clone(), end), values: block.keys(own.values.clone(), end) };
            let view = row_positions.view(block.batch.clone(), block.rows.clone(), end, cache_len);
            let weights = self.weights(layer, block.queries(query.clone()), cache, &own, tables.bias(&view), &view, hook);
            mixed.push(weighted_sum(weights, cache, own.values));
            work.add(block.rows.len() as u64 * self.flop_of_a_row(block.batch.len(), cache_len + end)).await?;
        }
        Ok(Tensor::cat(mixed, along))
    }

    /// The attention weights of a block of queries [batch, map · head, rows, head width]: [batch, head, rows, keys].
    #[allow(clippy::too_many_arguments)]
    fn weights(
        &self,
        layer: usize,
        query: Tensor<4>,
        cache: Option<&LayerKv>,
        own: &LayerKv,
        bias: Option<Tensor<4>>,
        view: &QueryKeyPositions,
        hook: &mut dyn Hook,
    ) -> Tensor<4> {
        // Scaling the queries scales their scores, and there are fewer of them.
        let head_width = query.dims()[3] as f64;
        let scores = scores(query.div_scalar(head_width.sqrt()), cache, own.keys.clone()); // [batch, map · head, rows, keys]
        let scores = match bias {
            Some(bias) => scores + bias,
            None => scores,
        };
        let scores = hook.heads(Site::Scores(layer), cap::apply(&self.slots, scores));
        let mask = view.mask(&self.slots, layer);
        let scores = scale::apply(&self.slots, scores, &mask);
        let weights = weigh::apply(&self.slots, self.sink.as_ref(), scores, &mask);
        hook.heads(Site::Weights(layer), self.mix.weights(weights, &mask))
    }
}

/// Whether a layer's attention can be fused, as far as its slots and a hook go: nothing stands in the slots, and whoever looks sees no scores and leaves
/// weights as they are.
pub(super) fn is_fusible(slots: &config::Attention, layer: usize, hook: &dyn Hook) -> bool {
    (slots.cap, slots.scale, slots.weigh, slots.sink) == (Cap::None, Scale::One, Weigh::Softmax, config::Sink::None)
        && matches!(slots.mix, config::Mix::Plain | config::Mix::Gated)
        && !slots.is_windowed(layer)
        && !hook.wants(Site::Scores(layer))
        && !hook.replaces(Site::Weights(layer))
}

/// Q Kᵀ over the cached keys, if there are any, and then a sequence's own.
fn scores(query: Tensor<4>, cache: Option<&LayerKv>, own_keys: Tensor<4>) -> Tensor<4> {
    let own = matmul(query.clone(), own_keys.swap_dims(2, 3));
    match cache {
        Some(cache) => {
            let [batch, heads, rows, head_width] = query.dims();
            // One past serves all sequences of the batch, so their queries are rows of one product.
            let flat = query.swap_dims(0, 1).reshape([1, heads, batch * rows, head_width]);
            let scores = matmul(flat, cache.keys.clone().swap_dims(2, 3));
            let before = scores.reshape([heads, batch, rows, cache.keys.dims()[2]]).swap_dims(0, 1);
            Tensor::cat(vec![before, own], 3)
        }
        None => own,
    }
}

/// The weighted sum of the cached values, if there are any, and a sequence's own.
fn weighted_sum(weights: Tensor<4>, cache: Option<&LayerKv>, own_values: Tensor<4>) -> Tensor<4> {
    match cache {
        Some(cache) => {
            let [batch, heads, rows, keys] = weights.dims();
            let cache_len = cache.values.dims()[2];
            let before = weights.clone().narrow(3, 0, cache_len).swap_dims(0, 1).reshape([1, heads, batch * rows, cache_len]);
            let mixed = matmul(before, cache.values.clone());
            let head_width = mixed.dims()[3];
            let own = matmul(weights.narrow(3, cache_len, keys - cache_len), own_values);
            mixed.reshape([heads, batch, rows, head_width]).swap_dims(0, 1) + own
        }
        None => matmul(weights, own_values),
    }
}
