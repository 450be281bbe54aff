//! Separators as an instrument: the distance over their period k and over n.

use super::Distances;
use crate::config::Metric;
use serde::{Deserialize, Serialize};

/// The distance of the two last tokens at the output for every period and some n.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeparatorMap {
    /// The periods; 0 stands for no separators at all.
    pub k: Vec<usize>,
    /// The values of n.
    pub n: Vec<usize>,
    /// For each k, one entry for each n.
    pub distances: Vec<Vec<Distances>>,
}

impl SeparatorMap {
    /// The period with the greatest geometric mean distance over n, the one without separators aside; none where all are zero or not
    /// a number.
    pub fn best(&self, metric: Metric) -> Option<usize> {
        let score = |row: &[Distances]| row.iter().map(|distances| distances.get(metric).ln()).sum::<f64>();
        let rows = self.k.iter().zip(&self.distances).filter(|(k, _)| **k > 0);
        let scored = rows.map(|(k, row)| (*k, score(row))).filter(|(_, score)| score.is_finite());
        scored.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(k, _)| k)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_period_keeps_the_two_apart_on_the_whole() {
        let row = |values: [f64; 2]| values.map(|l1| Distances { l1, ..Distances::default() }).to_vec();
        let map = SeparatorMap { k: vec![0, 1, 2], n: vec![5, 6], distances: vec![row([9.0, 9.0]), row([1.0, 1.0]), row([0.5, 4.0])] };
        assert_eq!(map.best(Metric::L1), Some(2));
        assert_eq!(map.best(Metric::Linf), None);
    }
}
