//! What was read of the last sequences, so that one that begins as they do costs its end only (prefix caching).
//!
//! A reader types at the end, and a keystroke changes the last token of many. What those before it were is kept: their keys and values, and what a pair
//! tells of their rows.

use super::Loaded;
use super::kv_cache::shared;
use crate::transformer::{KvCache, LEAST_ROWS};
use glasses_contract::alphabet::Token;
use glasses_contract::limits::MAX_ATTENTION_SIDE;
use std::rc::Rc;

/// Keys and values of a sequence that are kept at the most, in numbers: 32 MiB of f32.
const MOST_KEPT: usize = 8 << 20;

/// Rows of a map that are kept beyond those that are shown: so many tokens may be taken away before rows are read again.
const SPARE_ROWS: usize = 128;

/// The sequences of one model that were read last.
#[derive(Default)]
pub(super) struct PrefixCache {
    of: Option<Rc<Loaded>>,
    sequences: Vec<ReadSequence>,
}

/// A sequence that was read from its first token on.
pub(super) struct ReadSequence {
    pub tokens: Vec<Token>,
    /// Of all tokens; none where nothing may follow on it.
    pub kv: Option<KvCache>,
    pub rows: ReadRows,
}

/// What a pair tells of every row.
#[derive(Clone)]
pub(super) struct ReadRows {
    /// Each row's attention to the first token, [row][layer · head].
    pub first_token: Vec<Vec<f64>>,
    /// The last rows of an attention map.
    pub map: MapRows,
}

/// The last rows of the attention map of one head, over the keys from the first of these rows on.
#[derive(Clone)]
pub(super) struct MapRows {
    pub layer: usize,
    pub head: usize,
    /// The place of the first row, and of the first key.
    pub from: usize,
    /// Each row's weights. Keys that came later have none.
    pub rows: Vec<Vec<f64>>,
}

impl PrefixCache {
    /// What was read by a model; what another one read is left.
    pub(super) fn of(&mut self, loaded: &Rc<Loaded>) -> &mut Self {
        if !self.of.as_ref().is_some_and(|of| Rc::ptr_eq(of, loaded)) {
            *self = Self { of: Some(loaded.clone()), sequences: Vec::new() };
        }
        self
    }

    /// The sequences that were read.
    pub(super) fn sequences(&self) -> &[ReadSequence] {
        &self.sequences
    }

    /// Keeps these in place of those before them, where there are keys and values to go on from, and not too many.
    pub(super) fn keep(&mut self, sequences: impl IntoIterator<Item = ReadSequence>) {
        self.sequences = sequences.into_iter().filter(|read| read.kv.as_ref().is_some_and(|kv| numbers(kv) <= MOST_KEPT)).collect();
    }
}

/// How many numbers keys and values are.
fn numbers(kv: &KvCache) -> usize {
    kv.iter().map(|layer| layer.keys.shape().num_elements() + layer.values.shape().num_elements()).sum()
}

/// Where the reading of a sequence begins that others were read before: which of them it goes on from, and behind how many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    pub other: usize,
    pub known: usize,
}

impl Beginning {
    /// The beginning that leaves least to read of a sequence whose map of some layer and head is shown; none where all is to be read.
    pub(super) fn of(tokens: &[Token], (layer, head): (usize, usize), others: &[&ReadSequence]) -> Option<Self> {
        let first_shown = tokens.len() - tokens.len().min(MAX_ATTENTION_SIDE);
        let known = |other: &&ReadSequence| {
            // The last rows are read again: fewer would be multiplied in another order, and the last token's representations are not kept.
            let known = shared(&other.tokens, tokens).min(tokens.len().saturating_sub(LEAST_ROWS));
            if other.rows.map.shows(layer, head, first_shown) { known } else { known.min(first_shown) }
        };
        // Going on from a few rows saves less than it takes.
        let all = others.iter().map(known).enumerate().filter(|(_, known)| *known >= LEAST_ROWS);
        all.max_by_key(|(_, known)| *known).map(|(other, known)| Self { other, known })
    }
}

impl ReadRows {
    /// What is known of the first rows, and behind it what a forward says of the others of so many tokens: their attention to the first token
    /// [layer · head, row], and a map's rows from one on, over the keys from `map_from` on, [row, key].
    pub(super) fn joined(
        before: Option<(&Self, usize)>,
        length: usize,
        (layer, head): (usize, usize),
        map_from: usize,
        (first, map): (&[f64], &[f64]),
    ) -> Self {
        let known = before.map_or(0, |(_, known)| known);
        let read = length - known;
        let mut first_token: Vec<Vec<f64>> = before.map_or_else(Vec::new, |(rows, known)| rows.first_token[..known].to_vec());
        first_token.extend((0..read).map(|row| first.iter().skip(row).step_by(read).copied().collect()));
        let mut rows = Vec::with_capacity(length - map_from);
        if let Some((ReadRows { map: before, .. }, known)) = before.filter(|(_, known)| *known > map_from) {
            for row in &before.rows[map_from - before.from..known - before.from] {
                let mut row = row[map_from - before.from..].to_vec();
                row.resize(length - map_from, 0.0);
                rows.push(row);
            }
        }
        rows.extend(map.chunks_exact(length - map_from).map(<[f64]>::to_vec));
        Self { first_token, map: MapRows { layer, head, from: map_from, rows } }
    }

    /// Where the map of a sequence begins that goes on from `before`, with rows to spare where it is kept.
    pub(super) fn map_from(before: Option<(&MapRows, usize)>, length: usize, (layer, head): (usize, usize), spare: bool) -> usize {
        let last = |side: usize| length - length.min(side);
        let widest = last(MAX_ATTENTION_SIDE + if spare { SPARE_ROWS } else { 0 });
        match before {
            Some((map, _)) if map.shows(layer, head, last(MAX_ATTENTION_SIDE)) => widest.max(map.from),
            Some((_, known)) => widest.max(known),
            None => widest,
        }
    }

    /// The last token's attention to the first one, for each layer and head.
    pub(super) fn last_first_token(&self) -> &[f64] {
        self.first_token.last().map_or(&[], Vec::as_slice)
    }

    /// The mean attention to the first token, for each layer and head.
    pub(super) fn mean_first_token(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.first_token.first().map_or(0, Vec::len)];
        for row in &self.first_token {
            sums.iter_mut().zip(row).for_each(|(sum, share)| *sum += share);
        }
        sums.into_iter().map(|sum| sum / self.first_token.len() as f64).collect()
    }
}

impl MapRows {
    /// Whether it has the rows from one on of a head's map.
    fn shows(&self, layer: usize, head: usize, from: usize) -> bool {
        (self.layer, self.head) == (layer, head) && self.from <= from
    }

    /// The last rows over as many last keys, [row, key].
    pub(super) fn last(&self, side: usize) -> Vec<f64> {
        let left_out = self.rows.len() - side;
        self.rows[left_out..].iter().flat_map(|row| &row[left_out..]).copied().collect()
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests;
