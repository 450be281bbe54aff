//! Cures beside the plain model.

use super::{Collapse, Distances, Profile};
use crate::real;
use crate::sentence::Sentence;
use serde::{Deserialize, Serialize};

/// The text on which it is measured how well a language model still reads: plain English of no source, so that no model has read it.
pub const PLAIN_TEXT: &str = "The lighthouse keeper climbed the stairs every evening before the sun went down. He carried a small lamp in one hand and a book \
    in the other. From the top he could see the fishing boats coming home, and he counted them one by one until the last of them was safe in the harbour. \
    Then he lit the great light, sat down in his chair, and read until the morning.";

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

    /// The plain model, which is the first.
    pub fn plain(&self) -> Option<&Compared> {
        self.rows.iter().find(|row| row.word.is_empty())
    }

    /// How much more than the plain model's the cross-entropy of a cure is; none of a tiny model.
    pub fn cost(&self, row: &Compared) -> Option<Cost> {
        Some(row.cross_entropy.as_ref()?.cost(self.plain()?.cross_entropy.as_ref()?))
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
    /// How well the model reads [`PLAIN_TEXT`]; only of a language model, and only where no token sees what follows it.
    #[serde(default)]
    pub cross_entropy: Option<CrossEntropy>,
}

/// The next-token cross-entropy of a model on a text t₁ … t_T: how badly it foretells what comes next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossEntropy {
    /// The mean of `tokens`, in nats a token. A guess among V tokens that are alike has ln V.
    #[serde(with = "real")]
    pub mean: f64,
    /// −ln p(t_i | t₁ … t_(i−1)) for i = 2 … T, in nats.
    #[serde(with = "real::list")]
    pub tokens: Vec<f64>,
}

/// By how much one cross-entropy exceeds another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// The difference of the means, in nats a token.
    pub mean: f64,
    /// Its standard error, from the differences token by token: both models read the same ones.
    pub standard_error: f64,
}

impl CrossEntropy {
    /// Of so many nats for each token; of none it is not a number.
    pub fn new(tokens: Vec<f64>) -> Self {
        Self { mean: mean(&tokens), tokens }
    }

    fn cost(&self, plain: &Self) -> Cost {
        let differences: Vec<f64> = self.tokens.iter().zip(&plain.tokens).map(|(cured, plain)| cured - plain).collect();
        let (mean, count) = (mean(&differences), differences.len() as f64);
        let squares: f64 = differences.iter().map(|difference| (difference - mean).powi(2)).sum();
        Cost { mean, standard_error: (squares / (count * (count - 1.0))).sqrt() }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_a_mean_difference_with_its_standard_error() {
        let [cured, plain] = [vec![3.0, 1.0, 5.0], vec![1.0, 1.0, 1.0]].map(CrossEntropy::new);
        // Differences 2, 0 and 4: their variance is 4, and that of their mean 4/3.
        let cost = cured.cost(&plain);
        assert_eq!((cured.mean, cost.mean), (3.0, 2.0));
        assert!((cost.standard_error - (4.0_f64 / 3.0).sqrt()).abs() < 1e-15, "{cost:?}");
        assert_eq!(plain.cost(&plain), Cost { mean: 0.0, standard_error: 0.0 });
        assert!(CrossEntropy::new(vec![]).mean.is_nan());
    }
}
