//! How the distance over n is made of answers: of the sweep, and of what belongs beside it.

use super::{DistanceByN, PinnedLine};
use crate::AxisKind;
use crate::told::{Told, View};
use glasses_contract::report::{Pinned, Seeds, Sweep};
use glasses_contract::{Experiment, paper};

impl DistanceByN {
    /// The figure of an answer, with what belongs beside it, as it is looked at.
    pub fn of(
        told: &Told<Sweep>,
        reference: Option<Told<Sweep>>,
        seeds: Option<Told<Seeds>>,
        pinned: Option<Told<Pinned>>,
        view: &View,
    ) -> Self {
        let (sweep, veiled_to) = view.given(&told.answer);
        let is_pinned = |pinned: &Told<Pinned>| pinned.answer.curves.iter().all(|curve| view.pinned.links().contains(&curve.link));
        let is_of_seeds = |seeds: &Told<Seeds>| {
            let Experiment { input, model, view: asked, .. } = &seeds.about;
            (input, model, asked.seeds) == (&told.about.input, &told.about.model, view.seeds)
        };
        // A guess comes before all that would give the answer away.
        let pinned = pinned.filter(|pinned| veiled_to.is_none() && is_pinned(pinned));
        let curves = pinned.iter().flat_map(|pinned| &pinned.answer.curves);
        Self {
            // Logarithmic, so that a fall like 1/n is a straight line.
            x: AxisKind::Log,
            reference: reference.filter(|of| veiled_to.is_none() && of.about == told.about).map(|told| told.answer),
            seeds: seeds.filter(|seeds| veiled_to.is_none() && is_of_seeds(seeds)).map(|told| told.answer),
            pinned: curves.filter_map(|curve| PinnedLine::beside(curve, &told.about)).collect(),
            guess: view.guess.clone(),
            veiled_to,
            premises: told.premises_at_every_n(),
            published: paper::beside(view.published),
            ..Self::new(sweep, view.metric, view.n, told.model())
        }
    }
}
