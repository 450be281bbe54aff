//! The sweep: distances at every n, and what is said of the two last tokens besides.

use super::{Distances, Likeness, Spread, Stage};
use crate::config::{Format, Metric};
use crate::real;
use serde::{Deserialize, Serialize};

/// The distances at every n.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// The values of n.
    pub n: Vec<usize>,
    /// How it was computed.
    pub method: SweepMethod,
    /// One curve for each stage.
    pub stages: Vec<StageCurve>,
    /// One curve a layer: least, mean and greatest over the heads of the distance of head outputs.
    pub heads: Vec<HeadCurve>,
    /// For each float format, from which n on the two are the same in it.
    pub collapse: Vec<Collapse>,
    /// Whether the most likely next token is the same for both, one entry for each n.
    pub same_next: Vec<bool>,
    /// The one-layer bound of Theorem 4.2 / B.3, one entry for each n: what the L1 distance of the first layer's head outputs cannot
    /// exceed, total variation of the attention rows times the largest value. None at an n at which B is not A with its last token once
    /// more, or has too many attention weights; the list ends behind the last bound. Empty where there is none, with gated, centred or
    /// differential heads, and without a causal mask.
    #[serde(with = "real::sparse")]
    pub bound: Vec<Option<f64>>,
    /// How like A's last token is to A's first one: one curve for each stage.
    #[serde(default)]
    pub likeness: Vec<Likeness>,
}

impl Sweep {
    /// The first n from which on the most likely next token is the same for both, to the end of the sweep, where it is [`lasting`].
    pub fn same_next_from(&self) -> Option<usize> {
        lasting(&self.n, from_on(&self.n, &self.same_next))
    }

    /// Whether it is computed at some n only of those between its first and its last, as that of a language model may be: nothing is known of the others.
    pub fn is_at_some_n(&self) -> bool {
        self.n.windows(2).any(|pair| pair[1] != pair[0] + 1)
    }

    /// The part of it up to an n.
    #[must_use]
    pub fn until(mut self, most: usize) -> Self {
        let count = self.n.partition_point(|&n| n <= most);
        self.n.truncate(count);
        self.same_next.truncate(count);
        self.bound.truncate(count);
        self.stages.iter_mut().for_each(|curve| curve.distances.truncate(count));
        self.likeness.iter_mut().for_each(|curve| curve.cosine.truncate(count));
        for curve in &mut self.heads {
            [&mut curve.l1, &mut curve.l2, &mut curve.linf, &mut curve.cosine].into_iter().for_each(|spreads| spreads.truncate(count));
        }
        for collapse in &mut self.collapse {
            collapse.stages.iter_mut().for_each(|from| *from = from.filter(|&from| from <= most));
        }
        self
    }
}

/// The collapse length in one float format: the first n from which on, to the end of the sweep, the two representations are
/// bit-identical once their coordinates are rounded to the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collapse {
    /// The format.
    pub format: Format,
    /// One entry for each stage; none where they still differ at the end of the sweep.
    pub stages: Vec<Option<usize>>,
}

/// The first n from which on something holds to the end.
pub fn from_on(n: &[usize], holds: &[bool]) -> Option<usize> {
    let before = holds.iter().rposition(|&holds| !holds).map_or(0, |at| at + 1);
    n.get(before).copied()
}

/// An n from which on something holds to the end, where that is a quarter of all n at least. Where two vectors come and go from one cell of a format to
/// another, some of the last n find them in one by chance, and a longer sweep finds them apart again.
pub fn lasting(n: &[usize], from: Option<usize>) -> Option<usize> {
    from.filter(|from| 4 * (n.len() - n.partition_point(|n| n < from)) >= n.len())
}

/// How a sweep was computed. Both give the same numbers, up to rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SweepMethod {
    /// One forward over the longest sequence holds the last token of all its prefixes.
    SharedPrefix,
    /// One forward for each n.
    OneForwardEach,
}

/// A stage's distances at every n.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageCurve {
    /// The stage.
    pub stage: Stage,
    /// One entry for each n.
    pub distances: Vec<Distances>,
}

/// The spread over a layer's heads at every n.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadCurve {
    /// The layer, from 1.
    pub layer: usize,
    /// L1, one entry for each n.
    pub l1: Vec<Spread>,
    /// L2.
    pub l2: Vec<Spread>,
    /// L∞.
    pub linf: Vec<Spread>,
    /// Cosine.
    pub cosine: Vec<Spread>,
}

impl HeadCurve {
    /// The curve of one distance.
    pub fn get(&self, metric: Metric) -> &[Spread] {
        match metric {
            Metric::L1 => &self.l1,
            Metric::L2 => &self.l2,
            Metric::Linf => &self.linf,
            Metric::Cosine => &self.cosine,
        }
    }
}
