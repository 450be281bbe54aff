//! Cures beside the plain model.

use super::{Collapse, Distances, Profile};
use crate::sentence::Sentence;
use serde::{Deserialize, Serialize};

/// The same two sequences and the same seed, read by the plain model and by some cured ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The values of n of the sweeps.
    pub n: Vec<usize>,
    /// One label a token of the sequence whose sensitivity is compared; empty where it is too long.
    pub tokens: Vec<String>,
    /// The plain model first, then one row a cure.
    pub rows: Vec<Compared>,
}

impl Comparison {
    /// The models of several as one: those without any have no values of n.
    pub fn join(mut self, rest: Vec<Self>) -> Self {
        for other in rest.into_iter().filter(|other| !other.rows.is_empty()) {
            self.n = other.n;
            self.rows.extend(other.rows);
        }
        self
    }
}

/// One model of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The cure as it stands in a link; empty for the plain model.
    pub word: String,
    /// The cure as people read it.
    pub label: Sentence,
    /// The distance of the two last tokens at the output, one entry for each n.
    pub distances: Vec<Distances>,
    /// From which n on the two are the same at the output, for each format: one stage.
    pub collapse: Vec<Collapse>,
    /// The sensitivity of the last token to every token at n, with everything depending on the input.
    pub sensitivity: Option<Profile>,
}
