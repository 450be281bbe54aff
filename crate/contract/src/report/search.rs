//! The indistinguishable pair: two sequences that a model can hardly tell apart.

use super::Distances;
use crate::config::Format;
use serde::{Deserialize, Serialize};

/// The closest pair that a search came across.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The value of n that the length was taken from.
    pub n: usize,
    /// The first sequence, as a pattern text that stands for itself.
    pub a: String,
    /// The second one.
    pub b: String,
    /// Symbols that differ between the two.
    pub differing: usize,
    /// The distance of their last tokens at the output.
    pub distances: Distances,
    /// The formats in which they are bit-identical there.
    pub identical_in: Vec<Format>,
    /// Whether their most likely next token is the same.
    pub same_next: bool,
    /// Sequences that the model read on the way.
    pub read: usize,
    /// Whether the search came to its end: no exchange that it knows makes the pair closer.
    pub finished: bool,
    /// The link that opens the pair.
    pub link: String,
}
