//! What can be asked at the most, and what it costs.

mod cost;
mod training;

pub(crate) use cost::is_too_much;
pub use cost::{flop_of_a_score, forward_flop, rows_flop, sweep_flop};
pub use training::{MAX_STEP_BYTES, MAX_STEP_FLOP, StepCost, admit_training, micro_batch_tokens};

use crate::config::{Experiment, Model};
use crate::{Sentence, sentence};
use std::ops::RangeInclusive;

/// Tokens in one sequence.
pub const MAX_TOKENS: usize = 4096;
/// Characters in one typed text.
pub const MAX_TEXT_CHARS: usize = 4096;
/// Characters that a lesson takes in a link: every lesson travels in one ([`crate::link::MAX_LINK_CHARS`]).
pub const MAX_LESSON_CHARS: usize = 100_000;
/// Seeds that a band is drawn over.
pub const SEEDS: RangeInclusive<usize> = 1..=32;
/// The most characters that all pinned curves take in a link.
pub const MAX_PINNED_CHARS: usize = 20_000;
/// Blocks of the transformer.
pub const LAYERS: RangeInclusive<usize> = 1..=16;
/// Attention heads in a layer.
pub const HEADS: RangeInclusive<usize> = 1..=16;
/// Layers and heads that can be looked at, from 0: language models have more than those that are made here.
pub const SHOWN: RangeInclusive<usize> = 0..=127;
/// Width of the residual stream.
pub const WIDTH: RangeInclusive<usize> = 4..=512;
/// Values of n.
pub const N: RangeInclusive<usize> = 1..=MAX_TOKENS;
/// Keys that a query sees where attention begins to be sharpened: one has no logarithm to divide by.
pub const REFERENCE_LENGTH: RangeInclusive<usize> = 2..=MAX_TOKENS;
/// Values of k, the period of separators.
pub const K: RangeInclusive<usize> = 1..=64;
/// Mantissa bits that can be chosen.
pub const BITS: RangeInclusive<usize> = 2..=23;
/// Steps of a lesson.
pub const STEP: RangeInclusive<usize> = 0..=999;
/// Layers to which the first-token limit is followed.
pub const DEPTH: RangeInclusive<usize> = 1..=256;
/// Tokens of the longest sequence that a model is trained on.
pub const TRAINED_TOKENS: RangeInclusive<usize> = 1..=256;
/// Elements between two separators in training; 0 is none.
pub const TRAINED_SEPARATORS: RangeInclusive<usize> = 0..=64;
/// Steps of the optimiser.
pub const STEPS: RangeInclusive<usize> = 1..=1_000_000;
/// Examples in one step.
pub const EXAMPLES: RangeInclusive<usize> = 1..=1024;
/// Seeds: 32 bits, so that every place that meets one, JavaScript too, holds it exactly.
pub const SEED: RangeInclusive<usize> = 0..=u32::MAX as usize;

/// The largest forward pass, in floating-point operations. 8 layers of width 256 over 4,096 tokens are 0.6 of it; the largest layers,
/// width and length together would be 3.4 times as much. Forwards of the default model go at 5 to 8 · 10⁹ a second in a browser on two
/// shared cores (docs/benchmarks.md), at the lower rate where weights are rounded or looked at: half a minute, give or take.
pub const MAX_FLOP: u64 = 200_000_000_000;

/// Values of n at which a sweep of a language model is computed where most of its sequences have rows of their own, behind what they share: evenly
/// spaced on a logarithmic axis.
pub const LANGUAGE_SWEEP: usize = 20;

/// The same of a language model, which is only computed with where somebody gave its file: 135 million weights over 4,096 tokens are 0.75 of it, and
/// a minute on one core.
pub const MAX_LANGUAGE_FLOP: u64 = 2_000_000_000_000;

/// The largest forward pass with a model, in floating-point operations.
pub(crate) fn max_flop(model: &Model) -> u64 {
    if model.file.is_some() { MAX_LANGUAGE_FLOP } else { MAX_FLOP }
}

/// The most characters of the typed texts that a sweep goes through, each once at every n: as many as the tokens of the longest sweep over
/// texts that repeat nothing. Only texts that stand for few tokens for their length, such as `1^0` a thousand times, come near.
pub const MAX_SWEPT_CHARS: usize = 2 * MAX_TOKENS * MAX_TOKENS;

/// The largest attention that the theory beside the sensitivity, or the anatomy, keeps, layers · heads · tokens² elements (twice as many where heads are
/// differential): 16 Mi elements are 64 MiB on the device and 128 MiB in f64, reached by 4 layers of 4 heads over 1,024 tokens.
pub const MAX_SENSITIVITY_WEIGHTS: u64 = 16 << 20;

/// Cells along one side of an attention map: more than a screen has pixels for is shown from its end.
pub const MAX_ATTENTION_SIDE: usize = 512;

/// Weights of the largest model within the limits; the engine's list of parameters is held against it.
pub const MAX_WEIGHTS: u64 = 60_998_688;

/// Bytes in front of the arrays of a model's file: names, shapes and its recipe. The largest model's are some 60,000.
pub const MAX_HEADER_BYTES: u64 = 1 << 20;

/// Bytes of the widest number that a model's file may hold: f64.
const MAX_NUMBER_BYTES: u64 = 8;

/// Bytes of the largest file that can be a model within the limits.
pub fn max_model_file() -> u64 {
    // Eight bytes say how long the header is.
    8 + MAX_HEADER_BYTES + MAX_NUMBER_BYTES * MAX_WEIGHTS
}

/// Why a file of so many bytes can't be a model's, where it can't: known before any of it is read.
pub fn too_large_for_a_model(bytes: u64) -> Option<Sentence> {
    let mega = |bytes: u64| format!("{:.0}", bytes as f64 / 1e6);
    let most = max_model_file();
    (bytes > most).then(|| sentence!("it has {} MB, and the file of the largest model has {} MB", mega(bytes), mega(most)))
}

/// The largest number of tokens that a model of this size reads within its [`MAX_FLOP`].
pub fn max_tokens(config: &Experiment) -> usize {
    (1..=MAX_TOKENS).rfind(|&tokens| forward_flop(config, tokens) <= max_flop(&config.model)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_too_large_where_no_model_is() {
        let most = max_model_file();
        assert_eq!(too_large_for_a_model(most), None);
        let why = too_large_for_a_model(1_900_000_000).map(|why| why.to_string());
        assert_eq!(why, Some(format!("it has 1900 MB, and the file of the largest model has {:.0} MB", most as f64 / 1e6)));
        assert!(too_large_for_a_model(most + 1).is_some() && too_large_for_a_model(u64::MAX).is_some());
    }
}
