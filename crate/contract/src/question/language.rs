//! The questions that are raised of language models alone, rows of the table like the others.

use super::{Ask, ShownIn, When};
use crate::config::{Experiment, Part};
use crate::report;
use crate::say;
use serde::{Deserialize, Serialize};

/// The tokens of the two sequences at n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens;

impl Ask for Tokens {
    type Answer = report::Tokens;

    fn label(&self) -> &'static str {
        say!("Making tokens of both texts")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Parts(&[Part::Sequences])
    }

    /// It takes no forward pass, so that it is there long before all else.
    fn when(&self) -> When {
        When::First
    }

    /// The tokens of other models are the characters of the texts.
    fn raised(experiment: &Experiment) -> Vec<Self> {
        experiment.model.file.map(|_| Self).into_iter().collect()
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        key.input.max_n = rest.input.max_n;
    }
}

/// What a language model writes behind both sequences at n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuation;

impl Ask for Continuation {
    type Answer = report::Continuation;

    fn label(&self) -> &'static str {
        say!("Writing on")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Parts(&[Part::Next])
    }

    /// Models of a task answer it, and what they would write besides says nothing.
    fn raised(experiment: &Experiment) -> Vec<Self> {
        experiment.model.file.map(|_| Self).into_iter().collect()
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        key.input.max_n = rest.input.max_n;
    }
}
