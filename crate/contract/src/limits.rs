//! What can be asked at the most. Every configuration passes here before an engine sees it.

mod cost;
mod training;

pub use cost::{flop_of_a_score, forward_flop, rows_flop};
pub use training::{MAX_STEP_BYTES, MAX_STEP_FLOP, StepCost, admit_training, micro_batch_tokens};

use crate::config::{Config, Input};
use crate::models;
use crate::say;
use crate::warning::Warning;
use cost::sweep_flop;
use std::ops::RangeInclusive;

/// Tokens in one sequence.
pub const MAX_TOKENS: usize = 4096;
/// Characters in one typed text.
pub const MAX_TEXT_CHARS: usize = 4096;
/// Blocks of the transformer.
pub const LAYERS: RangeInclusive<usize> = 1..=16;
/// Attention heads in a layer.
pub const HEADS: RangeInclusive<usize> = 1..=16;
/// Width of the residual stream.
pub const WIDTH: RangeInclusive<usize> = 4..=512;
/// Values of n.
pub const N: RangeInclusive<usize> = 1..=MAX_TOKENS;
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

/// The most characters of the typed texts that a sweep goes through, each once at every n: as many as the tokens of the longest sweep over
/// texts that repeat nothing. Only texts that stand for few tokens for their length, such as `1^0` a thousand times, come near.
pub const MAX_SWEPT_CHARS: usize = 2 * MAX_TOKENS * MAX_TOKENS;

/// The largest attention that the sensitivity keeps for its backward pass, layers · heads · tokens² elements (twice as many where heads
/// are differential): 16 Mi elements are 64 MiB in each of the few tensors that autodiff keeps, reached by 4 layers of 4 heads over 1,024
/// tokens.
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
pub fn too_large_for_a_model(bytes: u64) -> Option<String> {
    let mega = |bytes: u64| format!("{:.0}", bytes as f64 / 1e6);
    let most = max_model_file();
    (bytes > most).then(|| say!("it has {} MB, and the file of the largest model has {} MB", mega(bytes), mega(most)))
}

/// Makes a configuration one that the engine can answer: what does not fit together or is too much in product is replaced by
/// the nearest that works, with a sentence for each replacement. Single values are in range already: [`crate::controls`] sees to it.
pub fn admit(mut config: Config) -> (Config, Vec<Warning>) {
    let mut warnings = Vec::new();
    let model = &mut config.model;

    for key in models::fit(model) {
        let sentence = say!("The weights were trained with another “{}”; theirs is taken.", key);
        warnings.push(Warning::about(key, sentence));
    }

    let pairs = model.position.turns();
    let splits = |heads: usize, width: usize| width.is_multiple_of(heads) && (!pairs || (width / heads).is_multiple_of(2));
    if !splits(model.heads, model.width) {
        // A width that no number of heads can split into pairs is odd: the next one below works.
        if !splits(1, model.width) {
            warnings.push(Warning::about(
                "d",
                say!("Rotary positions turn pairs of coordinates, so width {} became {}.", model.width, model.width - 1),
            ));
            model.width -= 1;
        }
        let heads = (1..=model.heads).rev().find(|&heads| splits(heads, model.width)).unwrap_or(1);
        if heads != model.heads {
            let sentence = if pairs {
                say!(
                    "{} heads do not split width {} evenly, in pairs of coordinates as rotary positions need; shown with {}.",
                    model.heads,
                    model.width,
                    heads
                )
            } else {
                say!("{} heads do not split width {} evenly; shown with {}.", model.heads, model.width, heads)
            };
            warnings.push(Warning::about("heads", sentence));
            model.heads = heads;
        }
    }

    let most = config.model.layers - 1;
    if config.view.layer > most {
        warnings.push(Warning::about("layer", say!("There is no layer {}; showing layer {}, the last.", config.view.layer + 1, most + 1)));
        config.view.layer = most;
    }
    let most = config.model.heads - 1;
    if config.view.head > most {
        warnings.push(Warning::about("head", say!("There is no head {}; showing head {}, the last.", config.view.head + 1, most + 1)));
        config.view.head = most;
    }

    let Input { a, b, prefix, suffix, .. } = &config.input;
    let typed: usize = [a, b, prefix, prefix, suffix, suffix].map(|text| text.chars().count()).iter().sum();
    let most = MAX_SWEPT_CHARS / typed.max(1);
    if config.input.max_n > most {
        let sentence = say!("The texts have {} characters to go through at every n; the sweep stops at n = {}.", typed, most);
        warnings.push(Warning::about("max", sentence));
        config.input.max_n = most;
    }

    if sweep_flop(&config, config.input.max_n) > MAX_FLOP {
        let asked = config.input.max_n;
        // The cost grows with n, so the last that fits is found by halving.
        let (mut fits, mut too_much) = (1, asked);
        while too_much - fits > 1 {
            let middle = fits.midpoint(too_much);
            if sweep_flop(&config, middle) <= MAX_FLOP { fits = middle } else { too_much = middle }
        }
        config.input.max_n = fits;
        warnings.push(Warning::about(
            "max",
            say!("A sweep to n = {} with a model of this size would run for minutes; it stops at n = {}.", asked, config.input.max_n),
        ));
    }
    (config, warnings)
}

/// The largest number of tokens that a model of this size reads within [`MAX_FLOP`].
pub fn max_tokens(config: &Config) -> usize {
    (1..=MAX_TOKENS).rfind(|&tokens| forward_flop(config, tokens) <= MAX_FLOP).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Mask, Position};

    #[test]
    fn each_limit_is_reachable_and_their_product_is_capped() {
        let mut config = Config::default();
        (config.model.layers, config.model.width, config.model.heads) = (8, 256, 8);
        config.input.max_n = MAX_TOKENS;
        assert_eq!(admit(config.clone()), (config.clone(), vec![]));

        (config.model.layers, config.model.width) = (*LAYERS.end(), *WIDTH.end());
        let (admitted, warnings) = admit(config);
        assert!(admitted.input.max_n < MAX_TOKENS);
        assert_eq!(admitted.input.max_n, max_tokens(&admitted));
        assert_eq!(warnings.len(), 1, "{warnings:?}");

        let mut config = Config::default();
        (config.model.attention.mask, config.input.max_n) = (Mask::Bidirectional, MAX_TOKENS);
        let (admitted, warnings) = admit(config);
        assert!((256..1024).contains(&admitted.input.max_n) && warnings.len() == 1, "{}", admitted.input.max_n);
    }

    #[test]
    fn texts_that_are_long_for_what_they_stand_for_shorten_the_sweep() {
        let mut config = Config::default();
        config.input.max_n = MAX_TOKENS;
        (config.input.a, config.input.b) = ("a".repeat(MAX_TEXT_CHARS), "b".repeat(MAX_TEXT_CHARS));
        assert_eq!(admit(config.clone()), (config.clone(), vec![]), "what a model reads is never too much");
        config.input.prefix = "a^0".repeat(1365);
        let (admitted, warnings) = admit(config);
        assert!((2000..2100).contains(&admitted.input.max_n) && warnings.len() == 1, "{} {warnings:?}", admitted.input.max_n);
        assert_eq!(admit(admitted.clone()), (admitted, vec![]));
    }

    #[test]
    fn a_file_is_too_large_where_no_model_is() {
        let most = max_model_file();
        assert_eq!(too_large_for_a_model(most), None);
        let why = too_large_for_a_model(1_900_000_000).unwrap_or_default();
        assert_eq!(why, format!("it has 1900 MB, and the file of the largest model has {:.0} MB", most as f64 / 1e6));
        assert!(too_large_for_a_model(most + 1).is_some() && too_large_for_a_model(u64::MAX).is_some());
    }

    #[test]
    fn every_shape_in_range_becomes_one_that_fits_together_with_a_note_where_it_changed() {
        for position in [Position::None, Position::Rotary] {
            for width in WIDTH {
                for heads in HEADS {
                    let mut config = Config::default();
                    (config.model.width, config.model.heads, config.model.position) = (width, heads, position);
                    let (admitted, warnings) = admit(config.clone());
                    assert_eq!(admitted.model.width % admitted.model.heads, 0);
                    assert!(position == Position::None || admitted.model.head_width().is_multiple_of(2));
                    assert_eq!(admitted == config, warnings.is_empty());
                }
            }
        }
    }
}
