//! What work costs, in floating-point operations: counted from the shapes, so that it is known before anything is computed.

use super::{LANGUAGE_SWEEP, MAX_TOKENS, max_flop};
use crate::config::{Activation, Attention, Experiment, Mask, Model, Scale, Weigh, Which};
use crate::sequence::Sequences;

/// Values of n at which the texts of a sweep are looked at, to tell what the sweep costs.
const SAMPLES: usize = 16;

/// Floating-point operations for one query and one key that it sees, over all heads of a layer: two for each coordinate in the score and in
/// the weighted sum, or what it takes to make weights of scores, where that is more.
pub fn flop_of_a_score(slots: &Attention, heads: usize, width: usize) -> u64 {
    let (maps, heads, width) = (slots.maps() as u64, heads as u64, width as u64);
    (2 * (maps + 1) * width).max(heads * maps * flop_of_a_weight(slots))
}

/// What the time of making one weight of a score amounts to, in floating-point operations of a matrix product.
fn flop_of_a_weight(slots: &Attention) -> u64 {
    let weigh = match slots.weigh {
        Weigh::Softmax | Weigh::Sigmoid => 16,
        Weigh::Clipped => 64,
        // Sixteen halvings and two steps of Newton's method, each with a power.
        Weigh::Entmax => 2_000,
    };
    let scale = match slots.scale {
        Scale::One | Scale::Log | Scale::LogRelative | Scale::Power => 0,
        // A softmax of its own, and its entropy.
        Scale::Adaptive => 64,
    };
    weigh + scale
}

/// Floating-point operations of so many rows through all blocks, behind so many others whose keys and values are there already: two for each
/// weight and row, and what scores cost.
pub fn rows_flop(model: &Model, rows: usize, before: usize) -> u64 {
    let (layers, width, rows, before) = (model.layers as u64, model.width as u64, rows as u64, before as u64);
    let twice_seen = match model.attention.mask {
        Mask::Causal => 2 * before + rows,
        Mask::Bidirectional => 2 * (before + rows),
    };
    let of_scores = twice_seen * flop_of_a_score(&model.attention, model.heads, model.width) / 2;
    layers * rows * (2 * width * columns_of_a_block(model) + of_scores)
}

/// Columns of all matrices of a block, each with as many rows as the stream is wide.
fn columns_of_a_block(model: &Model) -> u64 {
    let (maps, width) = (model.attention.maps(), model.width);
    let of_keys_and_values = (1 + maps) * model.key_value_heads() * model.head_width();
    let of_feed_forward = match model.architecture.activation {
        Activation::Gelu => 2,
        Activation::SwiGlu => 3,
    };
    ((1 + maps) * width + of_keys_and_values + of_feed_forward * model.hidden_width()) as u64
}

/// Floating-point operations of one forward over `tokens` tokens.
pub fn forward_flop(config: &Experiment, tokens: usize) -> u64 {
    rows_flop(&config.model, tokens, 0)
}

/// Whether a sweep to `max_n` is more than [`super::MAX_FLOP`]. Where texts can't be read, one forward is what is known.
pub(crate) fn is_too_much(config: &Experiment, max_n: usize) -> bool {
    let most = max_flop(&config.model);
    let Ok(sequences) = Sequences::parse(&config.input) else { return forward_flop(config, max_n) > most };
    // Writing the texts out takes longer than all else that is done about a configuration, so their lengths are looked at first.
    most_flop(config, &sequences, max_n) > most && sweep_flop(config, &sequences, max_n) > most
}

/// More than a sweep to `max_n` can have, whatever its sequences share: one forward over the longest, and each behind all of it.
fn most_flop(config: &Experiment, sequences: &Sequences, max_n: usize) -> u64 {
    let lengths: Vec<usize> = [Which::A, Which::B]
        .into_iter()
        .flat_map(|which| samples(max_n).map(move |n| sequences.len(which, n)))
        .filter_map(|length| usize::try_from(length).ok().filter(|&length| length <= MAX_TOKENS))
        .collect();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let tails = lengths.iter().map(|&length| rows_flop(&config.model, length, longest)).fold(0, u64::saturating_add);
    forward_flop(config, max_n).saturating_add(of_all(tails, max_n, max_n))
}

/// Floating-point operations of a sweep to `max_n`: one forward over the longest sequence and what does not lie on it, or one for each n and
/// sequence where little is shared, or every token sees every other. What the texts are at some values of n stands for all of them.
pub fn sweep_flop(config: &Experiment, sequences: &Sequences, max_n: usize) -> u64 {
    let (model, trunk) = (&config.model, forward_flop(config, max_n));
    let read = texts(sequences, max_n);
    let Some(trunks) = read.last() else { return trunk };
    let longest = trunks.iter().map(Vec::len).max().unwrap_or(0);
    let (mut tails, mut each) = (Cost::default(), Cost::default());
    for sequence in read.iter().flatten() {
        let shared = |trunk: &Vec<char>| trunk.iter().zip(sequence).take_while(|(one, other)| one == other).count();
        let tail = sequence.len() - trunks.iter().map(shared).max().unwrap_or(0);
        // A tail attends to its whole trunk, hidden or not.
        tails.add(tail, rows_flop(model, tail, longest));
        each.add(sequence.len(), forward_flop(config, sequence.len()));
    }
    // As the engine decides it: a language model's is computed at some n only, where sequences have many rows of their own.
    let is_of_all = model.file.is_none() || of_all(tails.tokens, max_n, max_n) <= longest as u64;
    let count = if is_of_all { max_n } else { max_n.min(LANGUAGE_SWEEP) };
    let of = |of_samples| of_all(of_samples, max_n, count);
    let is_shared = model.attention.mask == Mask::Causal && 2 * (of(tails.tokens) + longest as u64) <= of(each.tokens);
    if is_shared { trunk.saturating_add(of(tails.flop)) } else { of(each.flop) }
}

/// Some values of n, evenly spaced to `max_n`.
fn samples(max_n: usize) -> impl Iterator<Item = usize> {
    let samples = SAMPLES.min(max_n);
    (1..=samples).map(move |at| (at * max_n).div_ceil(samples))
}

/// What a sum over those values of n up to `max_n` is over `count` of them.
fn of_all(of_samples: u64, max_n: usize, count: usize) -> u64 {
    (of_samples as f64 * count as f64 / SAMPLES.min(max_n) as f64) as u64
}

/// Both sequences at some values of n: those that can be read. A character stands for a token, and no token of a language model for less than one.
fn texts(sequences: &Sequences, max_n: usize) -> Vec<[Vec<char>; 2]> {
    let text = |which, n| sequences.whole_text(which, n).ok().map(|text| text.chars().collect());
    samples(max_n).filter_map(|n| Some([text(Which::A, n)?, text(Which::B, n)?])).collect()
}

/// Some tokens, and what they cost.
#[derive(Default)]
struct Cost {
    tokens: u64,
    flop: u64,
}

impl Cost {
    fn add(&mut self, tokens: usize, flop: u64) {
        self.tokens += tokens as u64;
        self.flop = self.flop.saturating_add(flop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(a: &str, b: &str) -> Experiment {
        let mut config = Experiment::default();
        (config.input.a, config.input.b) = (a.into(), b.into());
        config
    }

    /// Of a sweep to 256, which is never more than what is known of it by lengths.
    fn flop(config: &Experiment) -> u64 {
        let sequences = Sequences::parse(&config.input).expect("they can be read");
        let flop = sweep_flop(config, &sequences, 256);
        assert!(flop <= most_flop(config, &sequences, 256));
        flop
    }

    #[test]
    fn what_lies_on_one_sequence_costs_one_forward_and_what_does_not_costs_one_each() {
        let shared = config("1^n", "1^(n+1)");
        assert_eq!(flop(&shared), forward_flop(&shared, 256));
        // One extra token behind each costs its own row.
        let read = config("1^n=", "1^(n+1)=");
        assert!(flop(&read) < 4 * forward_flop(&read, 256));
        // Where less than half is shared at every n, there is one forward for each n and sequence.
        let alone = config("1^n0^(2n)", "1^n0^(2n+1)");
        let each: u64 = (1..=256).map(|n| forward_flop(&alone, 3 * n + 1) + forward_flop(&alone, 3 * n + 2)).sum();
        let counted = flop(&alone) as f64 / each as f64;
        assert!((0.9..1.2).contains(&counted), "{counted}");
        let mut both = shared;
        both.model.attention.mask = Mask::Bidirectional;
        let each: u64 = (1..=256).map(|n| forward_flop(&both, n + 1) + forward_flop(&both, n + 2)).sum();
        let counted = flop(&both) as f64 / each as f64;
        assert!((0.9..1.2).contains(&counted), "{counted}");
    }

    #[test]
    fn rows_behind_others_cost_what_the_longer_forward_costs_more() {
        let config = Experiment::default();
        let (model, whole) = (&config.model, forward_flop(&config, 100));
        assert_eq!(rows_flop(model, 60, 0) + rows_flop(model, 40, 60), whole);
        // 4 layers of width 64: two for each of the 12 d² weights and row, and 4 d for each of the 5,000 pairs.
        assert_eq!(whole, 4 * (100 * 2 * 12 * 64 * 64 + 5_000 * 4 * 64));
    }
}
