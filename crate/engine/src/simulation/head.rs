//! One attention head over random queries, keys and values: how far its last output moves when the last token stands there twice.

use super::random::Random;
use crate::theory::variation::softmax;

/// Random queries, keys and values, one of each for every token.
pub(super) struct Head {
    queries: Vec<Vec<f64>>,
    keys: Vec<Vec<f64>>,
    values: Vec<Vec<f64>>,
}

/// How a token's place enters.
pub(super) struct Scheme<'a> {
    /// A query or key at its place.
    pub(super) at: &'a dyn Fn(&[f64], usize) -> Vec<f64>,
    /// What is added to the score of a query and the key so many places before it.
    pub(super) bias: &'a dyn Fn(usize) -> f64,
}

impl Head {
    /// So many tokens, each vector drawn by `draw`.
    pub(super) fn new(tokens: usize, random: &mut Random, draw: impl Fn(&mut Random) -> Vec<f64>) -> Self {
        let mut all = || (0..tokens).map(|_| draw(random)).collect();
        Self { queries: all(), keys: all(), values: all() }
    }

    /// For each n, the norm of the difference of the outputs over n tokens and over n + 1, the last one twice.
    pub(super) fn moves(&self, n: &[usize], scheme: &Scheme<'_>, norm: fn(&[f64]) -> f64) -> Vec<f64> {
        let placed: Vec<Vec<f64>> = self.keys.iter().enumerate().map(|(place, key)| (scheme.at)(key, place)).collect();
        let output = |n: usize, twice: bool| {
            let (last, place) = (n - 1, if twice { n } else { n - 1 });
            let query = (scheme.at)(&self.queries[last], place);
            let again = (scheme.at)(&self.keys[last], place);
            let keys = placed[..n].iter().chain(twice.then_some(&again));
            let scale = (query.len() as f64).sqrt();
            let scores: Vec<f64> = keys.enumerate().map(|(at, key)| (dot(&query, key) + (scheme.bias)(place - at)) / scale).collect();
            let values = self.values[..n].iter().chain(twice.then_some(&self.values[last]));
            let mut output = vec![0.0; query.len()];
            for (weight, value) in softmax(&scores).iter().zip(values) {
                output.iter_mut().zip(value).for_each(|(sum, value)| *sum += weight * value);
            }
            output
        };
        let difference = |n: usize| -> Vec<f64> { output(n, false).iter().zip(output(n, true)).map(|(x, y)| x - y).collect() };
        n.iter().map(|&n| norm(&difference(n))).collect()
    }
}

/// Σ |x|.
pub(super) fn l1(x: &[f64]) -> f64 {
    x.iter().map(|x| x.abs()).sum()
}

/// max |x|.
pub(super) fn linf(x: &[f64]) -> f64 {
    x.iter().map(|x| x.abs()).fold(0.0, f64::max)
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}
