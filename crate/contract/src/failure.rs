//! Why a question has no answer.

use crate::locale::heard;
use crate::sequence::InputError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The input can't be read: the reader can mend it.
    Input(InputError),
    /// It does not apply or is too much here: a sentence that says what would.
    Refused(String),
    /// The weights can't be had, or are damaged: the page goes on with those of the seed.
    Weights(String),
    /// The device failed: the page goes on with another engine.
    Device(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Refused(sentence) | Self::Weights(sentence) | Self::Device(sentence) => f.write_str(&heard(sentence)),
        }
    }
}
