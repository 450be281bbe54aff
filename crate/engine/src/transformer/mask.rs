//! The attention mask: which queries see which keys, by the direction and the window of attention.

use crate::device::TensorSpec;
use burn::tensor::{Bool, Tensor};
use glasses_contract::config::{self, Mask};
use std::ops::Range;

/// What a masked key scores: finite, since WGSL need not know infinities, and so low that its weight is exactly zero.
pub const MASKED_SCORE: f64 = -1e30;

/// A place that no query is at: a key that is seen from here on is never seen.
const NOWHERE: f64 = 1e9;

/// The positions of a batch of rows, on the device, once for a forward pass.
pub(super) struct RowPositions {
    /// The place of each row, [batch or 1, 1, rows, 1].
    of_rows: Tensor<4>,
    /// How many cached tokens each sequence sees, [batch or 1, 1, 1, 1].
    starts: Tensor<4>,
    spec: TensorSpec,
}

impl RowPositions {
    pub(super) fn new(starts: &[usize], rows: usize, spec: &TensorSpec) -> Self {
        let places = starts.iter().flat_map(|start| *start..start + rows);
        Self {
            of_rows: spec.floats(places.map(|place| place as f64), [starts.len(), 1, rows, 1]),
            starts: spec.floats(starts.iter().map(|&start| start as f64), [starts.len(), 1, 1, 1]),
            spec: spec.clone(),
        }
    }

    /// Those of one sequence.
    pub(super) fn of(&self, sequence: usize) -> Self {
        let one = |x: &Tensor<4>| x.clone().narrow(0, sequence.min(x.dims()[0] - 1), 1);
        Self { of_rows: one(&self.of_rows), starts: one(&self.starts), spec: self.spec.clone() }
    }

    /// The queries of some sequences and rows, and the keys that they might see: `cache_len` cached keys, then the rows before `end`.
    pub(super) fn view(&self, batch: Range<usize>, rows: Range<usize>, end: usize, cache_len: usize) -> QueryKeyPositions {
        let sequences = if self.of_rows.dims()[0] == 1 { 0..1 } else { batch };
        let queries = self.of_rows.clone().slice([sequences.clone(), 0..1, rows, 0..1]);
        let own = self.of_rows.clone().slice([sequences.clone(), 0..1, 0..end, 0..1]).swap_dims(2, 3); // [batch or 1, 1, 1, rows]
        if cache_len == 0 {
            return QueryKeyPositions { queries, keys: own.clone(), seen_from: own };
        }
        let starts = self.starts.clone().slice([sequences.clone(), 0..1, 0..1, 0..1]);
        let before = self.spec.floats((0..cache_len).map(|place| place as f64), [1, 1, 1, cache_len]).repeat_dim(0, sequences.len());
        // A cached key is seen if it comes before the sequence's start; a key of its own if it does not come after the query.
        let hidden = before.clone().greater_equal(starts);
        let seen_from = before.clone().mask_fill(hidden, NOWHERE);
        QueryKeyPositions { queries, keys: Tensor::cat(vec![before, own.clone()], 3), seen_from: Tensor::cat(vec![seen_from, own], 3) }
    }
}

/// The positions of some queries and of the keys that they might see.
pub struct QueryKeyPositions {
    /// The place of each query, [batch or 1, 1, rows, 1].
    queries: Tensor<4>,
    /// The place of each key, [batch or 1, 1, 1, keys].
    keys: Tensor<4>,
    /// The first place from which a causal query sees each key, [batch or 1, 1, 1, keys].
    seen_from: Tensor<4>,
}

impl QueryKeyPositions {
    /// Query's place less key's place, [batch or 1, 1, rows, keys].
    pub fn distances(&self) -> Tensor<4> {
        self.queries.clone() - self.keys.clone()
    }

    /// The mask of a layer.
    pub(super) fn mask(&self, slots: &config::Attention, layer: usize) -> AttentionMask {
        let behind = match slots.mask {
            Mask::Causal => Some(self.seen_from.clone().greater(self.queries.clone())),
            Mask::Bidirectional => None,
        };
        let far = slots.is_windowed(layer).then(|| self.distances().abs().greater_equal_elem(slots.window as f64));
        let hidden = match (behind, far) {
            (Some(behind), Some(far)) => Some(behind.bool_or(far)),
            (behind, far) => behind.or(far),
        };
        AttentionMask { hidden, shape: [self.queries.dims()[2], self.keys.dims()[3]] }
    }
}

/// The keys that each query may attend to.
pub(super) struct AttentionMask {
    /// True where a key is hidden, [batch or 1, 1, rows, keys]; none where every query sees every key.
    hidden: Option<Tensor<4, Bool>>,
    /// Rows and keys.
    shape: [usize; 2],
}

impl AttentionMask {
    /// Scores or weights with another value at hidden keys, [batch, head, rows, keys].
    pub(super) fn fill(&self, x: Tensor<4>, value: f64) -> Tensor<4> {
        let shape = x.dims();
        match &self.hidden {
            Some(hidden) => x.mask_fill(hidden.clone().expand(shape), value),
            None => x,
        }
    }

    /// m, the number of keys that each query sees, [batch, 1, rows, 1], in the format of `like`.
    pub(super) fn count(&self, like: &Tensor<4>) -> Tensor<4> {
        let ([rows, keys], batch) = (self.shape, like.dims()[0]);
        let one = like.clone().narrow(1, 0, 1).zeros_like().add_scalar(1.0).expand([batch, 1, rows, keys]);
        self.fill(one, 0.0).sum_dim(3)
    }
}
