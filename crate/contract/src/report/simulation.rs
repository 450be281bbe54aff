//! The simulations behind the paper's synthetic figures: single attention heads with random inputs, not the transformer of the link.

use crate::config::Published;
use crate::locale::heard;
use crate::real;
use serde::{Deserialize, Serialize};

/// One of the paper's synthetic figures, simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// The figure.
    pub figure: Published,
    /// What was simulated, as one sentence in English.
    pub says: String,
    /// Its curves.
    pub curves: Vec<Simulated>,
}

impl Simulation {
    /// What was simulated, in the reader's language.
    pub fn says(&self) -> String {
        heard(&self.says)
    }
}

/// One curve: the mean over seeds, with the least and the greatest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// What it is of, in English.
    pub label: String,
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

impl Simulated {
    /// What it is of, in the reader's language.
    pub fn label(&self) -> String {
        heard(&self.label)
    }
}
