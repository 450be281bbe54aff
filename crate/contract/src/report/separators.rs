//! Separators as an instrument: the distance over their period k and over n.

use super::Distances;
use crate::config::Metric;
use crate::spaced::spaced;
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

/// Values of n that are kept.
const COLUMNS: usize = 48;

impl SeparatorMap {
    /// The periods that are compared.
    pub const PERIODS: usize = 12;

    /// The rows of several maps as one, at some of the first one's values of n. With separators a long sequence may be too long to be read: what
    /// every row has is kept. A map alone stays as it is.
    pub fn join(self, rest: Vec<Self>) -> Self {
        if rest.is_empty() {
            return self;
        }
        let maps: Vec<Self> = std::iter::once(self).chain(rest).collect();
        let at = |map: &Self, n: &usize| map.n.binary_search(n).ok();
        let mut n = maps[0].n.first().zip(maps[0].n.last()).map_or_else(Vec::new, |(&first, &last)| spaced(first, last, COLUMNS));
        n.retain(|n| maps.iter().all(|map| at(map, n).is_some()));
        let row = |map: &Self, row: &Vec<Distances>| n.iter().filter_map(|n| row.get(at(map, n)?)).copied().collect();
        let distances = maps.iter().flat_map(|map| map.distances.iter().map(|distances| row(map, distances))).collect();
        Self { k: maps.iter().flat_map(|map| map.k.iter().copied()).collect(), distances, n }
    }

    /// The map as far as a value of n.
    pub fn until(mut self, most: usize) -> Self {
        let count = self.n.partition_point(|&n| n <= most);
        self.n.truncate(count);
        self.distances.iter_mut().for_each(|row| row.truncate(count));
        self
    }

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
    fn rows_are_joined_at_what_all_of_them_have() {
        let of = |k: usize, n: std::ops::RangeInclusive<usize>| {
            let at = |n: usize| Distances { l1: (1000 * k + n) as f64, ..Distances::default() };
            SeparatorMap { k: vec![k], n: n.clone().collect(), distances: vec![n.map(at).collect()] }
        };
        let map = of(0, 1..=200).join(vec![of(1, 1..=80), of(2, 1..=90)]);
        assert_eq!(map.k, [0, 1, 2]);
        assert!(map.n.len() < COLUMNS && map.n.last().is_some_and(|&last| (70..=80).contains(&last)), "{:?}", map.n);
        for (&k, row) in map.k.iter().zip(&map.distances) {
            let expected: Vec<f64> = map.n.iter().map(|n| (1000 * k + n) as f64).collect();
            assert_eq!(row.iter().map(|distances| distances.l1).collect::<Vec<_>>(), expected);
        }
        assert_eq!(map.clone().join(vec![]), map, "one that is joined stays as it is");
    }

    #[test]
    fn the_best_period_keeps_the_two_apart_on_the_whole() {
        let row = |values: [f64; 2]| values.map(|l1| Distances { l1, ..Distances::default() }).to_vec();
        let map = SeparatorMap { k: vec![0, 1, 2], n: vec![5, 6], distances: vec![row([9.0, 9.0]), row([1.0, 1.0]), row([0.5, 4.0])] };
        assert_eq!(map.best(Metric::L1), Some(2));
        assert_eq!(map.best(Metric::Linf), None);
    }
}
