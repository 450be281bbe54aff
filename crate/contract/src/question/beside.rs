//! The questions whose answers are drawn beside the distance at every n, rows of the table like the others.

use super::{About, Ask, ShownIn, Sweep, refuse};
use crate::config::Experiment;
use crate::failure::Failure;
use crate::report;
use crate::{say, sentence};
use serde::{Deserialize, Serialize};

/// The output's distance at every n, of models that are drawn from several seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeds;

impl Ask for Seeds {
    type Answer = report::Seeds;

    fn label(&self) -> &'static str {
        say!("Measuring the distance for every seed")
    }

    fn shown_in(&self) -> ShownIn {
        Sweep.shown_in()
    }

    fn raised(experiment: &Experiment) -> Vec<Self> {
        (experiment.view.seeds > 1 && experiment.model.is_drawn()).then_some(Self).into_iter().collect()
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        if !about.experiment.model.is_drawn() {
            return refuse(sentence!("Only weights that are drawn from a seed have others beside them."));
        }
        Sweep.applies(about)
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        Sweep.narrow(key, asked, rest);
        key.view.seeds = asked.view.seeds;
    }

    /// A seed each.
    fn shards(&self, experiment: &Experiment) -> usize {
        experiment.view.seeds
    }

    fn join(&self, first: Self::Answer, rest: Vec<Self::Answer>) -> Self::Answer {
        first.join(rest)
    }
}

/// The output's distance at every n of the pinned experiments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned;

impl Ask for Pinned {
    type Answer = report::Pinned;

    fn label(&self) -> &'static str {
        say!("Measuring the pinned curves")
    }

    fn shown_in(&self) -> ShownIn {
        Sweep.shown_in()
    }

    fn raised(experiment: &Experiment) -> Vec<Self> {
        (!experiment.view.pinned.links().is_empty()).then_some(Self).into_iter().collect()
    }

    /// A pinned curve has sequences of its own.
    fn applies(&self, _: &About) -> Result<(), Failure> {
        Ok(())
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        let (most, pinned) = (asked.input.max_n, asked.view.pinned.clone());
        *key = rest.clone();
        (key.input.max_n, key.view.pinned) = (most, pinned);
    }
}
