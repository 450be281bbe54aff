//! Tokens as people read them.

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
