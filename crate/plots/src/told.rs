//! What a figure is made of: an answer with where it came from, and how it is looked at.

use crate::Premises;
use glasses_contract::Experiment;
use glasses_contract::config::{Metric, Pinned, Published, Units, Which};
use glasses_contract::names;
use glasses_contract::question::Sensitivity;
use glasses_contract::report::{ModelInfo, Sweep};
use glasses_contract::sequence::{self, Sequences};
use std::sync::Arc;

/// An answer, and where it came from.
#[derive(Clone, Debug)]
pub struct Told<T> {
    /// The answer.
    pub answer: Arc<T>,
    /// The model that gave it.
    pub model: ModelInfo,
    /// What was asked, as far as the answer depends on it.
    pub about: Experiment,
}

impl<T> Told<T> {
    /// The value of n that it is of; none where nothing of what was asked depends on it.
    pub(crate) fn n(&self) -> Option<usize> {
        sequence::n_of(&self.about.input)
    }

    /// What the figure supposes of the model that answered, and of the texts at the n that it is of.
    pub(crate) fn premises(&self) -> Premises {
        let input = &self.about.input;
        let is_one = Sequences::parse(input).is_ok_and(|read| read.is_one_text_at(input.n));
        Premises { differ: !is_one, ..Premises::of(&self.model.config) }
    }

    /// The same of a figure that shows every n.
    pub(crate) fn premises_at_every_n(&self) -> Premises {
        let input = &self.about.input;
        let is_one = Sequences::parse(input).is_ok_and(|read| read.is_one_text_up_to(input.max_n));
        Premises { differ: !is_one, ..Premises::of(&self.model.config) }
    }

    /// Which model drew it: “seeded random weights, 4 layers, …”.
    pub(crate) fn model(&self) -> String {
        names::model(&self.model)
    }

    /// The same of one of the two sequences: “sequence A, seeded random weights, …”.
    pub(crate) fn reader(&self, which: Which) -> String {
        names::reader(which, &self.model)
    }
}

/// How figures look at their answers: as an experiment chooses, and as the page adds.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Which of the distances.
    pub metric: Metric,
    /// The value of n that the rest of the page shows.
    pub n: usize,
    /// The period of separators that the rest of the page shows.
    pub k: usize,
    /// Which sensitivity is shown, and in which units.
    pub sensitivity: Sensitivity,
    /// See [`View::sensitivity`].
    pub units: Units,
    /// Whether what theory says is drawn beside the sensitivity.
    pub theory: bool,
    /// The layer that is looked at, from 0.
    pub layer: usize,
    /// The head whose weights the anatomy draws, from 0; none for their mean over all heads.
    pub head: Option<usize>,
    /// The token that the anatomy follows: see [`crate::Anatomy::followed`].
    pub followed: Option<usize>,
    /// The depth at which the first token's share is looked at, in layers.
    pub depth: usize,
    /// Whose published curves lie behind ours.
    pub published: Published,
    /// How many seeds lie beside ours.
    pub seeds: usize,
    /// Which experiments lie beside ours.
    pub pinned: Pinned,
    /// The word of the cure that is lit: see [`crate::CuresByN::lit`].
    pub lit: Option<String>,
    /// Whether what comes behind n is veiled, because a guess comes first.
    pub is_veiled: bool,
    /// The guess: see [`crate::DistanceByN::guess`].
    pub guess: Option<Vec<(usize, f64)>>,
}

impl From<&Experiment> for View {
    fn from(experiment: &Experiment) -> Self {
        let (input, view) = (&experiment.input, &experiment.view);
        let is_tiny = experiment.model.file.is_none();
        Self {
            metric: view.metric,
            n: input.n,
            k: input.k,
            // The exact one of a language model would take too long.
            sensitivity: if is_tiny { Sensitivity::exact(view.sequence) } else { Sensitivity::estimate(view.sequence) },
            units: view.units,
            theory: true,
            layer: view.layer,
            head: None,
            followed: None,
            depth: view.depth,
            published: view.paper,
            seeds: view.seeds,
            pinned: view.pinned.clone(),
            lit: None,
            is_veiled: false,
            guess: None,
        }
    }
}

impl View {
    /// A sweep as far as it is given, and where it ends that is veiled behind that; all of it where nothing is veiled.
    pub(crate) fn given(&self, sweep: &Arc<Sweep>) -> (Arc<Sweep>, Option<usize>) {
        match self.is_veiled {
            true => (Sweep::clone(sweep).until(self.n).into(), sweep.n.last().copied()),
            false => (sweep.clone(), None),
        }
    }
}
