//! Bands over seeds: the distances of models that differ in nothing but the seed of their weights.

use super::Distances;
use crate::config::Metric;
use serde::{Deserialize, Serialize};

/// The output's distances at every n, for several seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seeds {
    /// The values of n.
    pub n: Vec<usize>,
    /// The seeds.
    pub seeds: Vec<u32>,
    /// The distance of the two last tokens at the output: a row for each seed, an entry for each n.
    pub distances: Vec<Vec<Distances>>,
}

/// How the distances of several seeds are spread at one n.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// The least.
    pub least: f64,
    /// The median: the mean of the two in the middle where their number is even.
    pub median: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Seeds {
    /// The seeds of several answers as one.
    pub fn join(mut self, rest: Vec<Self>) -> Self {
        for other in rest {
            self.seeds.extend(other.seeds);
            self.distances.extend(other.distances);
        }
        self
    }

    /// The spread at each n.
    pub fn quantiles(&self, metric: Metric) -> Vec<Quantiles> {
        (0..self.n.len()).map(|index| self.quantiles_at(index, metric)).collect()
    }

    /// The spread at one n, counted from the first. What is not a number is greater than all numbers.
    pub fn quantiles_at(&self, index: usize, metric: Metric) -> Quantiles {
        let mut values: Vec<f64> = self.distances.iter().filter_map(|row| Some(row.get(index)?.get(metric))).collect();
        values.sort_by(f64::total_cmp);
        let value = |at: usize| values.get(at).copied().unwrap_or(f64::NAN);
        let last = values.len().saturating_sub(1);
        Quantiles { least: value(0), median: 0.5 * (value(last / 2) + value(values.len() / 2)), greatest: value(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_an_even_and_an_odd_number_of_seeds() {
        let row = |linf: f64| vec![Distances { linf, ..Distances::default() }];
        let of = |values: &[f64]| Seeds {
            n: vec![1],
            seeds: (1..).take(values.len()).collect(),
            distances: values.iter().map(|&value| row(value)).collect(),
        };
        let even = of(&[4.0]).join([1.0, 3.0, 2.0].map(|value| of(&[value])).into());
        assert_eq!(even.quantiles(Metric::Linf), [Quantiles { least: 1.0, median: 2.5, greatest: 4.0 }]);
        assert_eq!(of(&[9.0, 1.0, 4.0]).quantiles(Metric::Linf), [Quantiles { least: 1.0, median: 4.0, greatest: 9.0 }]);
        assert_eq!(even.seeds.len(), 4);
    }
}
