//! The simulations behind the paper's synthetic figures: single attention heads with random inputs, not the transformer of the link.

use crate::config::Published;
use crate::real;
use crate::sentence::Sentence;
use serde::{Deserialize, Serialize};

/// One of the paper's synthetic figures, simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// The figure.
    pub figure: Published,
    /// What was simulated, as one sentence.
    pub says: Sentence,
    /// Its curves.
    pub curves: Vec<Simulated>,
}

/// One curve: the mean over seeds, with the least and the greatest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// What it is of.
    pub label: Sentence,
    /// The lengths.
    pub n: Vec<usize>,
    /// The mean over seeds.
    #[serde(with = "real::list")]
    pub mean: Vec<f64>,
    /// The least of the seeds.
    #[serde(with = "real::list")]
    pub min: Vec<f64>,
    /// The greatest of the seeds.
    #[serde(with = "real::list")]
    pub max: Vec<f64>,
    /// How many seeds.
    pub seeds: usize,
}
