//! Why texts can't be put into the chat template of a file: one clause for each reason.

use glasses_contract::quote::quote;
use glasses_contract::{Sentence, sentence};

/// Why texts can't be put into the chat template of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NoChat {
    /// The file has none.
    Missing,
    /// A template of a kind that is not known: its source, and the kinds that are.
    Other {
        /// The source.
        source: String,
        /// The names of the kinds.
        known: Vec<&'static str>,
    },
    /// A token that templates of the kind need and the file has not.
    Lacks {
        /// The kind.
        kind: &'static str,
        /// How the token is written.
        token: &'static str,
    },
}

impl NoChat {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Missing => sentence!("the file of this model has no chat template"),
            Self::Other { source, known } => sentence!(
                "the chat template of this file is of none of the kinds that are known ({}): “{}”",
                known.join(", "),
                quote(source)
            ),
            Self::Lacks { kind, token } => {
                sentence!("the chat template of this file is of the kind {}, and it has no token “{}”", *kind, *token)
            }
        }
    }
}
