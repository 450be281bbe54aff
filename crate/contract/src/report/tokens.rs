//! Tokens as people read them.

use crate::alphabet::{self, Token};
use serde::{Deserialize, Serialize};

/// Two sequences at one n, as the model reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// The value of n.
    pub n: usize,
    /// The first sequence.
    pub a: TokenTexts,
    /// The second sequence.
    pub b: TokenTexts,
}

/// The tokens of a sequence as people read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenTexts {
    /// Number of tokens.
    pub count: usize,
    /// The first token that has a label; more than 0 where only the end of a long sequence is kept, as of [`AttentionMap`](super::AttentionMap).
    pub first: usize,
    /// One label a token.
    pub labels: Vec<String>,
}

/// A token as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenText {
    /// Its number.
    pub token: usize,
    /// Its text.
    pub text: String,
}

impl TokenText {
    /// A token as people read it: as it is known, else its character, or its number in the vocabulary of a model that brings its own.
    pub fn label(known: &[Self], token: usize) -> String {
        let unknown = || if token < alphabet::SIZE { alphabet::label(Token(token as u32)) } else { format!("#{token}") };
        known.iter().find(|label| label.token == token).map_or_else(unknown, |label| label.text.clone())
    }
}
