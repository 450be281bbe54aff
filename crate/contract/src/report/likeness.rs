//! How like the last token is to the first one, at every n: the end of a collapse in a model that has read texts.
//!
//! Such a model holds the first token of a text apart from all others, as the one that heads attend to when there is nothing to attend to: the attention
//! sink (Xiao et al. 2023, arXiv 2309.17453). A token that is repeated often enough may come to be held for it (Yona et al. 2025, arXiv 2503.08908).

use super::{Stage, Sweep};
use crate::real;
use serde::{Deserialize, Serialize};

/// The cosine above which the last token is said to be like the first one.
pub const LIKE: f64 = 0.9;

/// How like the last token is to the first one at a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The stage.
    pub stage: Stage,
    /// x·y / (‖x‖ ‖y‖), x the representation of A's last token and y that of its first one: 1 where they have one direction. One entry for each n; not
    /// a number where one of them is zero.
    #[serde(with = "real::list")]
    pub cosine: Vec<f64>,
}

/// The stage at which the last token comes to be most like the first one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likest {
    /// Its number in [`Stage::all`].
    pub index: usize,
    /// The stage.
    pub stage: Stage,
    /// The first n at which the cosine exceeds [`LIKE`] there; none where it never does.
    pub from: Option<usize>,
    /// The greatest cosine there.
    pub greatest: f64,
    /// The first n at which it is that.
    pub at: usize,
}

impl Sweep {
    /// The first stage behind the embedding at which the last token comes as near to the first one as at any, but for a hundredth: a block writes what
    /// makes the first token the first, and the residual stream carries it on. None of a sweep without numbers.
    pub fn likest(&self) -> Option<Likest> {
        /// What the layers behind it add.
        const CARRIED: f64 = 0.01;
        let greatest = |curve: &Likeness| {
            let numbers = self.n.iter().zip(&curve.cosine).filter(|(_, cosine)| cosine.is_finite());
            numbers.fold(None, |best: Option<(usize, f64)>, (&n, &cosine)| best.filter(|best| best.1 >= cosine).or(Some((n, cosine))))
        };
        let stages = self.likeness.iter().enumerate().filter(|(_, curve)| curve.stage != Stage::Embedding);
        let found: Vec<_> = stages.filter_map(|(index, curve)| Some((index, curve, greatest(curve)?))).collect();
        let most = found.iter().map(|(_, _, best)| best.1).fold(f64::NEG_INFINITY, f64::max);
        let (index, curve, (at, greatest)) = found.into_iter().find(|(_, _, best)| best.1 >= most - CARRIED)?;
        let from = self.n.iter().zip(&curve.cosine).find(|(_, cosine)| **cosine > LIKE).map(|(&n, _)| n);
        Some(Likest { index, stage: curve.stage, from, greatest, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::SweepMethod;

    fn sweep(curves: &[(Stage, &[f64])]) -> Sweep {
        Sweep {
            n: vec![2, 4, 8],
            method: SweepMethod::SharedPrefix,
            stages: vec![],
            heads: vec![],
            collapse: vec![],
            same_next: vec![],
            bound: vec![],
            likeness: curves.iter().map(|(stage, cosine)| Likeness { stage: *stage, cosine: cosine.to_vec() }).collect(),
        }
    }

    #[test]
    fn the_stage_is_the_first_that_comes_as_near_as_any_and_never_the_embedding() {
        let curves: [(Stage, &[f64]); 5] = [
            (Stage::Embedding, &[1.0, 1.0, 1.0]),
            (Stage::Layer(1), &[0.1, 0.2, 0.95]),
            (Stage::Layer(2), &[0.1, 0.92, 0.973]),
            (Stage::Layer(3), &[0.1, 0.95, 0.98]),
            (Stage::Output, &[-0.5, 0.3, 0.6]),
        ];
        let likest = sweep(&curves).likest();
        assert_eq!(likest, Some(Likest { index: 2, stage: Stage::Layer(2), from: Some(4), greatest: 0.973, at: 8 }));
        assert_eq!(sweep(&curves).until(2).likest().map(|likest| (likest.index, likest.from)), Some((1, None)), "nothing is known behind");
    }

    #[test]
    fn what_is_no_number_is_passed_over_and_a_sweep_without_any_has_none() {
        let holes = sweep(&[(Stage::Layer(1), &[f64::NAN, 0.4, 0.4])]).likest();
        assert_eq!(holes.map(|likest| (likest.from, likest.greatest, likest.at)), Some((None, 0.4, 4)));
        assert_eq!(sweep(&[(Stage::Embedding, &[1.0; 3]), (Stage::Output, &[f64::NAN; 3])]).likest(), None);
        assert_eq!(sweep(&[]).likest(), None);
    }
}
