//! What an answer costs, so that it can be said before anything is computed.

use super::{Question, Sensitivity};
use crate::config::{Experiment, Which};
use crate::limits::{MAX_SENSITIVITY_WEIGHTS, MAX_TOKENS, forward_flop, sweep_flop};
use crate::report::JacobianMethod;
use crate::sequence::Sequences;

/// Forward passes that one cotangent is worth in all: two for the full product, two for the one with attention held fixed, as the engine counts them.
const FORWARDS_OF_A_COTANGENT: u64 = 4;

impl Question {
    /// Floating-point operations of the answer about a model that is made here, counted from shapes as in [`crate::limits`]: those of questions that
    /// are asked while somebody types, and 0 for all others. An answer that shares work with the one before it takes less.
    pub fn flop(&self, experiment: &Experiment, sequences: &Sequences) -> u64 {
        let model = &experiment.model;
        if model.file.is_some() {
            return 0;
        }
        let tokens = |which| tokens(experiment, sequences, which);
        let forward = |which| forward_flop(experiment, tokens(which));
        match self {
            Self::Pair(_) | Self::Answers(_) => forward(Which::A) + forward(Which::B),
            Self::Sweep(_) | Self::Meeting(_) => sweep_flop(experiment, sequences, experiment.input.max_n),
            Self::Sensitivity(Sensitivity { sequence, method: JacobianMethod::Estimate { probes } }) => {
                let weights = (model.layers * model.heads * model.attention.maps()) as u64 * (tokens(*sequence) as u64).pow(2);
                // More are refused, which takes no time.
                let is_answered = weights <= MAX_SENSITIVITY_WEIGHTS;
                if is_answered { forward(*sequence) * (1 + FORWARDS_OF_A_COTANGENT * *probes as u64) } else { 0 }
            }
            _ => 0,
        }
    }
}

/// Tokens of a sequence at the experiment's n, as far as they are read.
fn tokens(experiment: &Experiment, sequences: &Sequences, which: Which) -> usize {
    sequences.len(which, experiment.input.n).min(MAX_TOKENS as u64) as usize
}

impl Sensitivity {
    /// Into how many shards an exact sensitivity is divided: each a tenth of a second of a processor, so that a short one is not parted, whose shards
    /// would each begin with a forward pass, and have too few cotangents for the feed-forwards' Jacobians to pay.
    pub(super) fn exact_shards(&self, experiment: &Experiment) -> usize {
        /// Operations of a shard as they are counted here: more than twice as many as are made.
        const FLOP: u64 = 16_000_000_000 / 3;
        /// Enough for the cores of most devices.
        const MOST: u64 = 8;
        let tokens = Sequences::parse(&experiment.input).map_or(0, |sequences| tokens(experiment, &sequences, self.sequence));
        let width = experiment.model.width as u64;
        let flop = forward_flop(experiment, tokens).saturating_mul(FORWARDS_OF_A_COTANGENT * width);
        (flop / FLOP).clamp(1, MOST.min(width)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Meeting, Pair, Reference, Sweep};
    use super::*;
    use crate::config::FileHash;

    fn flop(question: impl Into<Question>, change: impl FnOnce(&mut Experiment)) -> u64 {
        let mut experiment = Experiment::default();
        change(&mut experiment);
        let sequences = Sequences::parse(&experiment.input).expect("texts that can be read");
        question.into().flop(&experiment, &sequences)
    }

    #[test]
    fn an_answer_costs_the_forwards_that_it_takes() {
        // n ones and n + 1, each behind the start: 2 · 12 d² a row and layer, and 4 d for each of tokens²/2 pairs.
        let forward = |tokens: u64| 4 * (tokens * 2 * 12 * 64 * 64 + tokens * tokens * 2 * 64);
        let n = |experiment: &mut Experiment| experiment.input.n = 100;
        assert_eq!(flop(Pair, n), forward(101) + forward(102));
        assert_eq!(flop(Sensitivity::estimate(Which::A), n), forward(101) * (1 + 4 * 8));
        let max_n = |experiment: &mut Experiment| experiment.input.max_n = 200;
        assert_eq!(flop(Sweep, max_n), flop(Meeting, max_n));
        assert!(flop(Sweep, max_n) >= forward(200));
    }

    #[test]
    fn what_is_refused_or_asked_at_a_pause_and_language_models_cost_nothing_that_is_counted() {
        assert_eq!(flop(Reference, |_| {}), 0);
        assert_eq!(flop(Sensitivity::exact(Which::A), |_| {}), 0);
        assert_eq!(flop(Sensitivity::estimate(Which::A), |experiment| experiment.input.n = 1100), 0);
        assert!(flop(Sensitivity::estimate(Which::A), |experiment| experiment.input.n = 1000) > 0);
        assert_eq!(flop(Pair, |experiment| experiment.model.file = FileHash::read("00000000")), 0);
    }
}
