//! Things the reader should know about what was made of their input.

use crate::locale::heard;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something in the input was replaced or capped: what, where and by what, as one plain sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The key of the control that it is about, as in the link; empty where it is about none.
    pub key: String,
    /// The sentence, in the language of the program that found it; shown, it is in the reader's.
    pub sentence: String,
}

impl Warning {
    /// A warning about one control.
    pub fn about(key: &str, sentence: impl Into<String>) -> Self {
        Self { key: key.into(), sentence: sentence.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&heard(&self.sentence))
    }
}
