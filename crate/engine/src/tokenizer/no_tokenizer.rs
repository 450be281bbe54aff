//! Why the tokenizer of a file can't be used: one clause for each reason.

use crate::gguf::Unreadable;
use glasses_contract::quote::quote;
use glasses_contract::{Sentence, sentence};

/// Why a file's tokenizer can't be used. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum NoTokenizer {
    /// Something of the header.
    Header(#[from] Unreadable),
    /// It has none.
    Missing(&'static str),
    /// A tokenizer of another kind.
    Other {
        /// The entry.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What is read.
        expected: &'static str,
    },
    /// More tokens than any model has, or none.
    Count {
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A token that stands for no bytes.
    NoBytes {
        /// Its number.
        id: usize,
        /// How the file writes it.
        text: String,
    },
    /// A merge that makes no token, or one out of order.
    Merge {
        /// Its place, from 1.
        at: usize,
        /// How the file writes it.
        text: String,
    },
    /// Tokens that are not numbered one behind the other.
    Numbers {
        /// The first number that no token or more than one has.
        at: usize,
    },
    /// A token that is asked for by number.
    NoToken {
        /// The entry.
        field: &'static str,
        /// The number.
        found: u64,
        /// The number of tokens.
        size: usize,
    },
}

impl NoTokenizer {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Header(why) => why.sentence(),
            Self::Missing(field) => sentence!("it has no “{}”, and so no tokenizer", *field),
            Self::Other { field, found, expected } => {
                sentence!("its tokenizer has “{}” as its “{}”, and only “{}” is read", quote(found), *field, *expected)
            }
            Self::Count { found, most } => sentence!("its tokenizer has {} tokens, and one of 1 to {} is read", *found, *most),
            Self::NoBytes { id, text } => sentence!("its token {}, “{}”, does not stand for bytes", *id, quote(text)),
            Self::Merge { at, text } => sentence!("its merge {}, “{}”, does not make the next token of its list", *at, quote(text)),
            Self::Numbers { at } => sentence!("its tokens are not numbered from 0 on, each once: {} is missing or stands twice", *at),
            Self::NoToken { field, found, size } => sentence!("its “{}” is {}, and it has {} tokens", *field, *found, *size),
        }
    }
}
