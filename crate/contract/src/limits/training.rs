//! What a step of training costs, and what is too much.

use super::{MAX_FLOP, rows_flop};
use crate::alphabet;
use crate::config::{Experiment, Model, Position, Training};
use crate::task::Task;
use crate::{Sentence, sentence};

/// Floating-point operations of a step at the most: as many as the largest forward pass has, half a minute on one core, give or take.
pub const MAX_STEP_FLOP: u64 = MAX_FLOP;
/// Bytes that a run may hold at the most: a browser gives a page's worker four times as much, and not everywhere.
pub const MAX_STEP_BYTES: u64 = 1 << 30;

/// Tokens, padding included, that go through the model at once where the model is small.
const MICRO_BATCH_TOKENS: u64 = 2048;
/// Floating-point operations of one block, forward, at the most for that; backward has twice as many, in one go.
const BLOCK_FLOP: u64 = 4_000_000_000;
/// Bytes of the tape at the most for that.
const TAPE_BYTES: u64 = 512 << 20;
/// Copies of the weights that a run holds: themselves, their gradients so far and of a batch, two moments, and two of the optimiser's steps.
const COPIES: u64 = 7;
/// Tokens of a question and the end of an answer, beside the sequence and the answer itself.
const AROUND: usize = 5;
/// What a core does in a second, roughly: floating-point operations of the default model in a browser (docs/benchmarks.md).
const FLOP_A_SECOND: f64 = 5e9;

/// What a step of training costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepCost {
    /// Floating-point operations, forward and backward.
    pub flop: u64,
    /// Bytes held at once.
    pub bytes: u64,
}

impl StepCost {
    /// Of a step of this configuration's recipe, with every sequence of the greatest length.
    pub fn of(config: &Experiment) -> Self {
        let (model, training) = (&config.model, &config.training);
        let tokens = most_tokens(training);
        // Backward, the gradients of inputs and of weights cost a forward each.
        let flop = 3 * training.examples as u64 * rows_flop(model, tokens, 0);
        let at_once = micro_batch_tokens(config).max(tokens).min(training.examples * tokens) as u64;
        let bytes = 4 * (COPIES * weights(model) + at_once * numbers_of_a_token(model, tokens));
        Self { flop, bytes }
    }

    /// About how many seconds it takes on one core.
    pub fn seconds(&self) -> f64 {
        self.flop as f64 / FLOP_A_SECOND
    }
}

/// Refuses a recipe whose steps would take too long or too much memory, before the first one.
///
/// # Errors
/// A sentence that says what a step would cost, and what would cost less.
pub fn admit_training(config: &Experiment) -> Result<(), Sentence> {
    let cost = StepCost::of(config);
    if cost.flop <= MAX_STEP_FLOP && cost.bytes <= MAX_STEP_BYTES {
        return Ok(());
    }
    let memory = format!("{:.1}", cost.bytes as f64 / f64::from(1 << 30));
    Err(match cost.seconds() {
        seconds if seconds < 120.0 => sentence!(
            "One training step would take about {} s on one core and {} GiB of memory. Try a smaller batch, shorter sequences, fewer layers or a smaller width.",
            format!("{seconds:.0}"),
            memory
        ),
        seconds => sentence!(
            "One training step would take about {} minutes on one core and {} GiB of memory. Try a smaller batch, shorter sequences, fewer layers or a smaller width.",
            format!("{:.0}", seconds / 60.0),
            memory
        ),
    })
}

/// Tokens, padding included, that go through the model at once; an example that has more goes alone. The gradient of a step is the sum over such
/// batches, so that another number here is another order of adding, and other weights in their last bits.
pub fn micro_batch_tokens(config: &Experiment) -> usize {
    let model = &config.model;
    let of_a_token = rows_flop(model, 1, 0) / model.layers as u64;
    let tape = 4 * numbers_of_a_token(model, most_tokens(&config.training));
    MICRO_BATCH_TOKENS.min(BLOCK_FLOP / of_a_token).min(TAPE_BYTES / tape).max(1) as usize
}

/// The longest example, with its question and answer.
fn most_tokens(training: &Training) -> usize {
    let answer = |task| match task {
        Task::Whole => training.tokens,
        Task::First | Task::Last => 1,
        _ => training.tokens.to_string().len(),
    };
    AROUND + training.tokens + training.tasks.chosen().map(answer).max().unwrap_or(0)
}

/// Numbers that the tapes keep for each token: some 32 times the width in every block, and scores and weights in their stages.
fn numbers_of_a_token(model: &Model, tokens: usize) -> u64 {
    let of_scores = model.heads * model.attention.maps() * tokens * 6;
    (model.layers * (32 * model.width + of_scores)) as u64
}

/// Numbers that are trained, roughly: the matrices.
fn weights(model: &Model) -> u64 {
    let places = if model.position == Position::Learned { super::MAX_TOKENS } else { 0 };
    let of_a_block = (10 + 2 * model.attention.maps()) * model.width * model.width;
    (model.layers * of_a_block + (2 * alphabet::SIZE + places) * model.width) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::TRAINED;
    use crate::{chapters, open, presets};

    fn admitted(hash: &str) -> Result<(), Sentence> {
        admit_training(&open::decode(hash).0)
    }

    #[test]
    fn every_recipe_that_we_ship_or_name_is_admitted_with_the_batches_it_had() {
        let recipes = TRAINED.iter().map(|row| row.recipe);
        let links = presets::PRESETS.iter().map(|preset| preset.link).chain(chapters::CHAPTERS.iter().map(|chapter| chapter.link));
        for hash in recipes.chain(links).chain([""]) {
            assert_eq!(admitted(hash), Ok(()), "{hash}");
            assert_eq!(micro_batch_tokens(&open::decode(hash).0), 2048, "{hash}");
        }
    }

    #[test]
    fn what_takes_minutes_a_step_is_refused_with_its_cost() {
        let sentence = admitted("v=1&layers=16&d=512&heads=16&length=256&batch=1024&steps=10").expect_err("83 TFLOP").to_string();
        assert!(sentence.contains("minutes") && sentence.contains("GiB"), "{sentence}");
        // Each of its numbers smaller, one at a time, is still too much; a small model with many long examples is not.
        for smaller in ["layers=4", "d=128", "length=64", "batch=64"] {
            assert!(admitted(&format!("v=1&layers=16&d=512&heads=16&length=256&batch=1024&steps=10&{smaller}")).is_err(), "{smaller}");
        }
        assert_eq!(admitted("v=1&layers=2&d=32&heads=2&length=256&batch=256"), Ok(()));
        assert_eq!(admitted("v=1&layers=6&d=128&length=128&batch=64"), Ok(()));
    }

    #[test]
    fn wide_models_go_through_in_smaller_batches() {
        let tokens = |hash: &str| micro_batch_tokens(&open::decode(hash).0);
        assert!(tokens("v=1&d=512&heads=1&layers=1") < 2048);
        assert!(tokens("v=1&d=512&heads=16&layers=8&length=256") < tokens("v=1&d=512&heads=1&layers=1"));
    }
}
