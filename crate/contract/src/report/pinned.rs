//! Pinned curves: the distances of other experiments.

use super::Distances;
use serde::{Deserialize, Serialize};

/// The output's distances of the pinned experiments, in the order in which they were pinned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pinned {
    /// One entry for each.
    pub curves: Vec<PinnedCurve>,
}

/// The output's distances of one experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PinnedCurve {
    /// The link that opens it.
    pub link: String,
    /// The values of n.
    pub n: Vec<usize>,
    /// The distance of the two last tokens at the output, one entry for each n.
    pub distances: Vec<Distances>,
}
