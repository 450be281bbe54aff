//! Things the reader should know about what was made of their input.

use crate::sentence::Sentence;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something in the input was replaced or capped: what, where and by what, as one plain sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The key of the control that it is about, as in the link; empty where it is about none.
    pub key: String,
    /// The sentence.
    pub sentence: Sentence,
}

impl Warning {
    /// A warning about one control.
    pub fn about(key: &str, sentence: Sentence) -> Self {
        Self { key: key.into(), sentence }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence.fmt(f)
    }
}
