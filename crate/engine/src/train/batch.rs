//! The examples of a step, and their way through the model: sorted by length, in batches padded to one.

use glasses_contract::alphabet::{BOS, Token};
use glasses_contract::config::{Model, Training};
use glasses_contract::random::below;
use glasses_contract::task::Example;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// The first random stream of examples: above those of weights and sequences.
const STREAM: u64 = 1 << 48;

/// Length curriculum: the share of a run in which sequences grow to their full length. What is short is learned first, and quickly.
const CURRICULUM_SHARE: f64 = 0.4;

/// Sequences of one length, with what is to be learned from them.
pub struct Batch {
    sequences: Vec<Vec<Token>>,
    pub targets: Vec<Target>,
}

/// A token that is to be said.
pub struct Target {
    pub example: usize,
    /// The row behind which it is said.
    pub row: usize,
    pub token: Token,
    /// Its weight in the loss.
    pub share: f64,
}

/// The examples of a step: each of a task of the recipe in turn, of any length up to the longest.
pub fn draw(model: &Model, training: &Training, step: usize) -> Vec<Example> {
    let mut random = ChaCha8Rng::seed_from_u64(u64::from(model.seed));
    random.set_stream(STREAM + step as u64);
    let tasks: Vec<_> = training.tasks.chosen().collect();
    let grown = ((step + 1) as f64 / (CURRICULUM_SHARE * training.steps as f64)).min(1.0);
    let tokens = (training.tokens as f64 * grown).ceil().max(training.tokens.min(8) as f64) as usize;
    let example = |index: usize| {
        let task = tasks[(step * training.examples + index) % tasks.len()];
        let most = task.elements_within(tokens, training.separators);
        let n = 1 + below(&mut random, most);
        let sequence = task.sequence(n, training.separators, &mut random);
        Example::about(task, training.asked, &sequence)
    };
    (0..training.examples).filter_map(example).collect()
}

impl Batch {
    /// Examples of about the same length together, so that little is padded.
    pub fn split(mut examples: Vec<Example>, most_tokens: usize) -> Vec<Self> {
        let total = examples.len();
        examples.sort_by_key(length);
        let mut batches = Vec::new();
        while let Some(longest) = examples.last() {
            let count = (most_tokens / length(longest)).clamp(1, examples.len());
            batches.push(Self::new(&examples.split_off(examples.len() - count), total));
        }
        batches
    }

    /// The sequences, padded behind their ends: in a causal model nothing before an end sees what is behind it.
    pub fn rows(&self) -> Vec<&[Token]> {
        self.sequences.iter().map(Vec::as_slice).collect()
    }

    fn new(examples: &[Example], total: usize) -> Self {
        let longest = examples.iter().map(length).max().unwrap_or(0);
        let mut targets = Vec::new();
        let mut sequences = Vec::with_capacity(examples.len());
        for (index, example) in examples.iter().enumerate() {
            let share = 1.0 / (example.answer.len() * total) as f64;
            let target = |(at, &token)| Target { example: index, row: example.prompt.len() - 1 + at, token, share };
            targets.extend(example.answer.iter().enumerate().map(target));
            let mut sequence = example.prompt.clone();
            // The last token of an answer is said, not read.
            sequence.extend(&example.answer[..example.answer.len() - 1]);
            sequence.resize(longest, BOS);
            sequences.push(sequence);
        }
        Self { sequences, targets }
    }
}

fn length(example: &Example) -> usize {
    example.prompt.len() + example.answer.len() - 1
}
