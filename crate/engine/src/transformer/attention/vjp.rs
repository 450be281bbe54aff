//! The vector–Jacobian product of attention: from cotangents of what attention adds for the last rows to those of everything that it reads.
//!
//! All cotangents share one forward. With A the weights, Q, K and V the queries, keys and values of a head, and g a cotangent of A V:
//!
//! ```text
//! V: Aᵀ g      A: g Vᵀ      scores S: through mix, weigh, scale and cap      Q: S K / √d_head      K: Sᵀ Q / √d_head
//! ```
//! What is shared has a batch of one, [1, head, rows, …], and cotangents stand with their heads in front, [head, count, rows, …], so that the rows of
//! all of them are rows of one product.

use super::cotangents::{add_to_first_keys, add_to_last_rows};
use super::{Attention, cap, scale, scores, weigh, weighted_sum};
use crate::hook::Hook;
use crate::operation::matmul;
use crate::progress::{Stopped, Work};
use crate::transformer::mask::RowPositions;
use crate::transformer::parts;
use crate::transformer::position::PositionTables;
use burn::tensor::Tensor;
use glasses_contract::config::Mask;
use glasses_contract::site::Site;
use std::ops::Range;

/// Cotangents of scores that are held at once, in elements.
const BLOCK_ELEMENTS: usize = 1 << 19;
/// Rows of a block at the least: products of fewer rows are no quicker.
const BLOCK_ROWS: usize = 32;

/// Which way cotangents take through attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// Values and weights.
    All,
    /// Values only: the attention weights are held fixed, as the paper's Theorem 5.1 assumes.
    Values,
}

/// What attention made of one sequence in the forward pass.
pub struct Attended {
    /// What it read, [1, tokens, width].
    pub normed: Tensor<3>,
    /// [1, map · head, tokens, head width], rotated.
    pub query: Tensor<4>,
    /// [1, map · head, tokens, head width], rotated; those of a group for each head that it serves.
    pub key: Tensor<4>,
    /// [1, head, tokens, head width], likewise.
    pub value: Tensor<4>,
}

/// How many cotangents go through attention at once over so many tokens.
pub fn cotangents_at_once(maps: usize, tokens: usize) -> usize {
    (BLOCK_ELEMENTS / (maps * BLOCK_ROWS * tokens)).clamp(4, 64)
}

/// The cotangents that a block of queries gives.
struct BlockCotangents {
    /// [map · head, count, rows, head width], and of the keys that they see [map · head, count, keys, head width].
    query_key: Option<[Tensor<4>; 2]>,
    /// [head, count, keys, head width]
    value: Tensor<4>,
    /// Of what attention reads, where that acts behind the weighted sum, [count, rows, width].
    normed: Option<Tensor<3>>,
}

impl Attention {
    /// The cotangents of what attention reads [count, tokens, width] from those of what it adds for the last rows [count, rows, width].
    ///
    /// # Errors
    /// If `work` says stop.
    #[allow(clippy::too_many_arguments)]
    pub(in crate::transformer) async fn vjp(
        &self,
        layer: usize,
        attended: &Attended,
        tables: &PositionTables<'_>,
        row_positions: &RowPositions,
        cotangent: Tensor<3>,
        through: Through,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Tensor<3>, Stopped> {
        let ([count, rows, width], [_, maps, tokens, head_width]) = (cotangent.dims(), attended.query.dims());
        let cotangent = self.output.vjp(0..width, cotangent, work).await?.reshape([count, rows, self.heads, head_width]);
        let step = (BLOCK_ELEMENTS / (count * maps * tokens)).max(BLOCK_ROWS);
        let first = tokens - rows;
        let (mut queries, mut normed) = (Vec::new(), Vec::new());
        let (mut key, mut value): (Option<Tensor<4>>, Option<Tensor<4>>) = (None, None);
        // The last rows see the most keys: what is added to their sums fits in.
        for part in parts(rows, step).collect::<Vec<_>>().into_iter().rev() {
            let seen = match self.slots.mask {
                Mask::Causal => first + part.end,
                Mask::Bidirectional => tokens,
            };
            let of_part = cotangent.clone().narrow(1, part.start, part.len());
            let block = first + part.start..first + part.end;
            let flop = part.len() as u64 * self.flop_of_a_row(count, seen);
            let made = self.block_vjp(layer, attended, tables, row_positions, block, seen, of_part, through, hook);
            value = Some(add_to_first_keys(value, made.value, tokens));
            if let Some([of_query, of_key]) = made.query_key {
                queries.push(of_query);
                key = Some(add_to_first_keys(key, of_key, tokens));
            }
            normed.extend(made.normed);
            work.add(if through == Through::All { 2 * flop } else { flop / 2 }).await?;
        }
        queries.reverse();
        normed.reverse();

        // Side by side as they came out of the product with the inputs: [count, tokens, heads · head width].
        let flat = |x: Tensor<4>| {
            let [heads, count, rows, head_width] = x.dims();
            x.permute([1, 2, 0, 3]).reshape([count, rows, heads * head_width])
        };
        let keys = maps * head_width..(maps + self.slots.maps() * self.key_value_heads) * head_width;
        let values = keys.end..keys.end + self.key_value_heads * head_width;
        let value = value.map(|value| flat(self.for_each_group(value)));
        let read = match (key, value) {
            (Some(key), Some(value)) => {
                let both = Tensor::cat(vec![flat(tables.rotate_vjp(self.for_each_group(key))), value], 2);
                self.inputs.vjp(keys.start..values.end, both, work).await?
            }
            (_, Some(value)) => self.inputs.vjp(values, value, work).await?,
            (_, None) => attended.normed.zeros_like().repeat_dim(0, count),
        };
        let mut of_rows = Vec::new();
        if !queries.is_empty() {
            let query = flat(tables.rotate_vjp(Tensor::cat(queries, 2)));
            of_rows.push(self.inputs.vjp(0..keys.start, query, work).await?);
        }
        if !normed.is_empty() {
            of_rows.push(Tensor::cat(normed, 1));
        }
        Ok(of_rows.into_iter().fold(read, add_to_last_rows))
    }

    /// The cotangents of keys or values of a group, the sums of those for the heads of queries that it serves: [maps · head, count, rows, head width] to
    /// [maps · group, count, rows, head width].
    fn for_each_group(&self, cotangent: Tensor<4>) -> Tensor<4> {
        let ([heads, count, rows, head_width], served) = (cotangent.dims(), self.heads / self.key_value_heads);
        if served == 1 {
            return cotangent;
        }
        let groups = heads / served;
        cotangent.reshape([groups, served, count, rows, head_width]).sum_dim(1).reshape([groups, count, rows, head_width])
    }

    /// The cotangents that some queries give, from those of the heads' outputs [count, rows, head, head width].
    #[allow(clippy::too_many_arguments)]
    fn block_vjp(
        &self,
        layer: usize,
        attended: &Attended,
        tables: &PositionTables<'_>,
        row_positions: &RowPositions,
        block: Range<usize>,
        seen: usize,
        cotangent: Tensor<4>,
        through: Through,
        hook: &mut dyn Hook,
    ) -> BlockCotangents {
        let [count, rows, heads, head_width] = cotangent.dims();
        let query = attended.query.clone().narrow(2, block.start, rows).div_scalar((head_width as f64).sqrt());
        let [key, value] = [&attended.key, &attended.value].map(|x| x.clone().narrow(2, 0, seen));
        let view = row_positions.view(0..1, block.clone(), seen, 0);
        let mask = view.mask(&self.slots, layer);
        let raw = scores(query.clone(), None, key.clone()); // [1, map · head, rows, keys]
        let raw = match tables.bias(&view) {
            Some(bias) => raw + bias,
            None => raw,
        };
        let capped = hook.heads(Site::Scores(layer), cap::apply(&self.slots, raw));
        let scaled = scale::apply(&self.slots, capped.clone(), &mask);
        let weighed = weigh::apply(&self.slots, self.sink.as_ref(), scaled.clone(), &mask);
        let weights = hook.heads(Site::Weights(layer), self.mix.weights(weighed.clone(), &mask)); // [1, head, rows, keys]

        let x = attended.normed.clone().narrow(1, block.start, rows);
        let mixed = || weighted_sum(weights.clone(), None, value.clone());
        let (cotangent, normed) = self.mix.outputs_vjp(mixed, &x, cotangent);

        // All cotangents are columns of one product, and rows of another.
        let columns = cotangent.clone().permute([2, 1, 0, 3]).reshape([heads, rows, count * head_width]);
        let of_value = matmul(weights.squeeze_dim::<3>(0).swap_dims(1, 2), columns); // [head, keys, count · head width]
        let of_value = of_value.reshape([heads, seen, count, head_width]).swap_dims(1, 2);
        if through == Through::Values {
            return BlockCotangents { query_key: None, value: of_value, normed };
        }
        let stacked = cotangent.permute([2, 0, 1, 3]).reshape([heads, count * rows, head_width]);
        let of_weights = matmul(stacked, value.squeeze_dim::<3>(0).swap_dims(1, 2)).reshape([heads, count, rows, seen]);
        let of_weighed = self.mix.weights_vjp(of_weights); // [map · head, count, rows, keys]
        let of_scaled = weigh::vjp(&self.slots, self.sink.as_ref(), scaled, weighed, &mask, of_weighed);
        let of_capped = scale::vjp(&self.slots, capped.clone(), &mask, of_scaled);
        let of_scores = cap::vjp(&self.slots, capped, of_capped);

        let maps = of_scores.dims()[0];
        let stacked = of_scores.clone().reshape([maps, count * rows, seen]);
        let of_query = matmul(stacked, key.squeeze_dim::<3>(0)).div_scalar((head_width as f64).sqrt());
        let of_key = matmul(of_scores.swap_dims(2, 3), query.swap_dims(0, 1)); // [map · head, count, keys, head width]
        BlockCotangents { query_key: Some([of_query.reshape([maps, count, rows, head_width]), of_key]), value: of_value, normed }
    }
}
