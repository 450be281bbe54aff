//! The one-layer bound of Theorem 4.2 / B.3: how far apart the first layer's head outputs can be, where B is A with its last token
//! once more.
//!
//! ```text
//! ‖o_n − o*_{n+1}‖₁ ≤ (Σ_{j≤n} |α_{n,j} − α*_{n+1,j}| + α*_{n+1,n+1}) · max_j ‖v_j‖₁
//! ```
//! The bracket is the total variation of the two rows and the weight of the repeated token. A is a prefix of B, so that both rows are the
//! last two of one forward over B, through the first block only. As in a sweep, one forward over the longest B holds those that are
//! prefixes of it, and another B costs the rows behind the place where it leaves the longest, its last two at the least.
//!
//! Weights and values are those of that forward; what is made of them is rounded upward.

use super::{NoAnswer, Progress};
use crate::device;
use crate::hook::Recorder;
use crate::measure::greater;
use crate::precision::Rounding;
use crate::progress::Work;
use crate::theory::upward;
use crate::transformer::{KvCache, LayerKv, Transformer};
use burn::tensor::Tensor;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Mask, Mix};
use glasses_contract::limits::rows_flop;
use glasses_contract::sentence;
use glasses_contract::site::Site;
use std::collections::BTreeMap;

/// Attention weights that are kept at the most, in elements.
const MOST_WEIGHTS: usize = 4 << 20;
/// Rows that go through the block at once where they do not lie on the longest sequence.
const BATCH_ROWS: usize = 1024;

/// One entry for each pair, the greatest of the heads' bounds, or none where B is not A with its last token once more or their attention
/// weights are too many. The list ends behind the last bound that there is.
pub(super) async fn bound(transformer: &Transformer, pairs: &[Vec<Token>], progress: &impl Progress) -> Result<Vec<Option<f64>>, NoAnswer> {
    let model = transformer.model();
    if model.attention.mix != Mix::Plain || model.attention.mask != Mask::Causal {
        return Ok(Vec::new());
    }
    let side = (MOST_WEIGHTS / model.heads).isqrt();
    let is_known = |pair: &[Vec<Token>]| repeats_its_last(pair) && pair[1].len() <= side;
    let known: Vec<(usize, &[Token])> =
        pairs.chunks_exact(2).enumerate().filter(|(_, pair)| is_known(pair)).map(|(at, pair)| (at, pair[1].as_slice())).collect();
    let (Some(&(last, _)), Some(&(_, longest))) = (known.last(), known.iter().max_by_key(|(_, b)| b.len())) else {
        return Ok(Vec::new());
    };
    let (mut prefixes, mut suffixes): (Vec<_>, BTreeMap<usize, Vec<Suffix>>) = (Vec::new(), BTreeMap::new());
    for (at, b) in known {
        match super::kv_cache::shared(longest, b) {
            shared if shared == b.len() => prefixes.push((at, b.len())),
            shared => {
                let leaves = shared.min(b.len() - 2);
                suffixes.entry(b.len() - leaves).or_default().push(Suffix { at, leaves, tokens: &b[leaves..] });
            }
        }
    }
    let of_tails: u64 = suffixes.iter().map(|(&length, suffixes)| suffixes.len() as u64 * rows_flop(model, length, longest.len())).sum();
    let work = Work::new(progress, (rows_flop(model, longest.len(), 0) + of_tails) / model.layers as u64);

    let mut bound = vec![None; last + 1];
    let shared_prefix = Seen::read(transformer, &[longest], &[0], None, longest.len(), &work).await?;
    // For each head, the largest value up to each token.
    let greatest: Vec<Vec<f64>> = (0..model.heads).map(|head| running(&shared_prefix.sizes(0, head))).collect();
    for (at, length) in prefixes {
        let of_head = |head: usize| upward::product(shared_prefix.variation(0, head, length - 1), greatest[head][length - 1]);
        bound[at] = Some((0..model.heads).map(of_head).fold(0.0, greater));
    }
    let cache = shared_prefix.cache();
    for (length, suffixes) in suffixes {
        for batch in suffixes.chunks((BATCH_ROWS / length).max(1)) {
            let tokens: Vec<&[Token]> = batch.iter().map(|suffix| suffix.tokens).collect();
            let leaves: Vec<usize> = batch.iter().map(|suffix| suffix.leaves).collect();
            let seen = Seen::read(transformer, &tokens, &leaves, Some(&cache), 2, &work).await?;
            for (place, suffix) in batch.iter().enumerate() {
                let of_head = |head: usize| {
                    let before = suffix.leaves.checked_sub(1).map_or(0.0, |last| greatest[head][last]);
                    let largest = seen.sizes(place, head).into_iter().fold(before, greater);
                    upward::product(seen.variation(place, head, 1), largest)
                };
                bound[suffix.at] = Some((0..model.heads).map(of_head).fold(0.0, greater));
            }
        }
    }
    Ok(bound)
}

/// What of a sequence does not lie on the longest.
struct Suffix<'a> {
    /// The pair.
    at: usize,
    /// The place behind which it is another sequence, or has its last two tokens.
    leaves: usize,
    tokens: &'a [Token],
}

/// Whether B is A with its last token once more.
fn repeats_its_last(pair: &[Vec<Token>]) -> bool {
    let [a, b] = pair else { return false };
    !a.is_empty() && b.len() == a.len() + 1 && b[..a.len()] == a[..] && b.last() == a.last()
}

/// The greatest number so far, at each place.
fn running(numbers: &[f64]) -> Vec<f64> {
    let so_far = |greatest: &mut f64, number: &f64| {
        *greatest = greater(*greatest, *number);
        Some(*greatest)
    };
    numbers.iter().scan(0.0, so_far).collect()
}

/// The last rows of the first block's attention weights in some sequences of one length, and all their values.
struct Seen {
    /// [sequence, head, row, key], so many rows.
    weights: Vec<f64>,
    /// [sequence, head, token, coordinate]
    values: Vec<f64>,
    kept: LayerKv,
    shape: Shape,
}

struct Shape {
    heads: usize,
    rows: usize,
    keys: usize,
    tokens: usize,
    head_width: usize,
}

impl Seen {
    async fn read(
        transformer: &Transformer,
        sequences: &[&[Token]],
        starts: &[usize],
        cache: Option<&KvCache>,
        rows: usize,
        work: &Work<'_>,
    ) -> Result<Self, NoAnswer> {
        let model = transformer.model();
        let tokens = sequences.first().map_or(0, |sequence| sequence.len());
        let recorder = Recorder::new(|site| matches!(site, Site::Weights(0) | Site::Key(0) | Site::Value(0)));
        let mut hook = (Rounding::of(&model.formats), recorder);
        let embedded = transformer.embed(sequences, starts, &mut hook);
        transformer.block(0, embedded, cache, &mut hook, work).await?;
        let whole = |site| hook.1.head_blocks(site).into_iter().next();
        let missing = || NoAnswer::Failed(glasses_contract::failure::Failure::Device(sentence!("a forward left no keys and values")));
        let kept = LayerKv { keys: whole(Site::Key(0)).ok_or_else(missing)?, values: whole(Site::Value(0)).ok_or_else(missing)? };
        let before = cache.and_then(|cache| cache.first()).map_or(0, |cache| cache.keys.dims()[2]);
        let weights = match cache {
            // Blocks follow each other along the batch, with every key each.
            Some(_) => Tensor::cat(hook.1.head_blocks(Site::Weights(0)), 0),
            None => hook.1.weights(0, 0..model.heads, tokens),
        };
        let weights = weights.narrow(2, tokens - rows, rows);
        let mut read = device::read(vec![weights.flatten(0, 3), kept.values.clone().flatten(0, 3)]).await?.into_iter();
        let mut next = || read.next().unwrap_or_default();
        let shape = Shape { heads: model.heads, rows, keys: before + tokens, tokens, head_width: model.head_width() };
        Ok(Self { weights: next(), values: next(), kept, shape })
    }

    /// The KV cache for suffixes of the sequence.
    fn cache(&self) -> KvCache {
        vec![self.kept.clone()]
    }

    /// ‖v‖₁ of every token in a head.
    fn sizes(&self, sequence: usize, head: usize) -> Vec<f64> {
        let Shape { heads, tokens, head_width, .. } = self.shape;
        let of_head = &self.values[(sequence * heads + head) * tokens * head_width..][..tokens * head_width];
        of_head.chunks_exact(head_width).map(|value| value.iter().map(|x| x.abs()).fold(0.0, upward::sum)).collect()
    }

    /// Σ |α − α*| of a row and the one before it. The repeated token has no weight in the shorter row, so that its weight in the longer one is
    /// part of it.
    fn variation(&self, sequence: usize, head: usize, row: usize) -> f64 {
        let Shape { heads, rows, keys, .. } = self.shape;
        let of_row = |row: usize| &self.weights[((sequence * heads + head) * rows + row) * keys..][..keys];
        let differences = of_row(row - 1).iter().zip(of_row(row)).map(|(shorter, longer)| upward::difference(*shorter, *longer));
        differences.fold(0.0, upward::sum)
    }
}
