//! Why a question has no answer.

use crate::sentence::Sentence;
use crate::sequence::InputError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The input can't be read: the reader can mend it.
    Input(InputError),
    /// It does not apply or is too much here: a sentence that says what would.
    Refused(Sentence),
    /// The weights can't be had, or are damaged: the page goes on with those of the seed.
    Weights(Sentence),
    /// The device failed: the page goes on with another engine.
    Device(Sentence),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Refused(sentence) | Self::Weights(sentence) | Self::Device(sentence) => sentence.fmt(f),
        }
    }
}
