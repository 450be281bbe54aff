//! The questions, in the order in which a report asks them. A row is a line of the list and, below it, the question's type.

use super::{About, Ask, ShownIn, When, refuse};
use crate::config::{Experiment, Part, Published, Tool, View, Which};
use crate::device::DeviceKind;
use crate::failure::Failure;
use crate::report::{self, JacobianMethod};
use crate::task::Task;
use crate::{paper, say, sentence};
use serde::{Deserialize, Serialize};

/// Calls a macro with all questions: for each the field of [`report::Report`] that holds its answer, and its type.
#[macro_export]
macro_rules! for_each_question {
    ($then:ident) => {
        $then! {
            tokens: Tokens,
            pair: Pair,
            sweep: Sweep,
            meeting: Meeting,
            sensitivity: Sensitivity,
            theory: Theory,
            reference: Reference,
            answers: Answers,
            comparison: Comparison,
            separators: Separators,
            found: Search,
            simulation: Simulation,
            lengths: LengthGeneralization,
            continuation: Continuation,
            pinned: Pinned,
            seeds: Seeds,
        }
    };
}

/// Number of probes of the quick estimate: the standard error of a squared norm is then about half of it at the worst.
pub const QUICK_PROBES: usize = 8;

/// Distances, next tokens and attention of the two sequences at n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair;

impl Ask for Pair {
    type Answer = report::Pair;

    fn label(&self) -> &'static str {
        say!("Reading both sequences")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Parts(&[Part::Sequences, Part::ByLayer, Part::Next, Part::Attention])
    }

    fn when(&self) -> When {
        When::Typing
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        key.input.max_n = rest.input.max_n;
        (key.view.layer, key.view.head) = (asked.view.layer, asked.view.head);
    }
}

/// The sensitivity of the last token to every token of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// The sequence.
    pub sequence: Which,
    /// Exact, or an estimate by so many random probes.
    pub method: JacobianMethod,
}

impl Sensitivity {
    /// The exact one.
    pub fn exact(sequence: Which) -> Self {
        Self { sequence, method: JacobianMethod::Exact }
    }

    /// The estimate that is made while the reader types.
    pub fn estimate(sequence: Which) -> Self {
        Self { sequence, method: JacobianMethod::Estimate { probes: QUICK_PROBES } }
    }
}

impl Ask for Sensitivity {
    type Answer = report::Sensitivity;

    fn label(&self) -> &'static str {
        if self.is_refinement() { say!("Computing the exact sensitivity") } else { say!("Estimating the sensitivity") }
    }

    fn shown_in(&self) -> ShownIn {
        // The readout under the sequences does with the estimate.
        ShownIn::Parts(if self.is_refinement() { &[Part::Sensitivity] } else { &[Part::Sequences, Part::Sensitivity] })
    }

    fn when(&self) -> When {
        if self.is_refinement() { When::Pause } else { When::Typing }
    }

    fn raised(experiment: &Experiment) -> Vec<Self> {
        let (estimate, exact) = (Self::estimate(experiment.view.sequence), Self::exact(experiment.view.sequence));
        // A backward pass for each of the many coordinates of a language model would take hours.
        if experiment.model.file.is_some() { vec![estimate] } else { vec![estimate, exact] }
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        if self.is_refinement() {
            about.is_of_a_tiny_model()?;
        }
        about.sequences().map(drop)
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        key.input.max_n = rest.input.max_n;
    }

    fn point(&self, view: &mut View) {
        view.sequence = self.sequence;
    }

    fn is_refinement(&self) -> bool {
        self.method == JacobianMethod::Exact
    }

    fn refines(&self, other: &Self) -> bool {
        self.is_refinement() && !other.is_refinement() && self.sequence == other.sequence
    }

    /// Some coordinates of the last token's output each; all of an estimate's few probes go back at once.
    fn shards(&self, experiment: &Experiment) -> usize {
        if self.is_refinement() { self.exact_shards(experiment) } else { 1 }
    }

    fn join(&self, first: Self::Answer, rest: Vec<Self::Answer>) -> Self::Answer {
        first.join(rest)
    }
}

/// What the paper's statements say of the two sequences at n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theory;

impl Ask for Theory {
    type Answer = report::Theory;

    fn label(&self) -> &'static str {
        say!("Working out the theory")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Instrument(Tool::Theory)
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        key.input.max_n = rest.input.max_n;
        (key.view.sequence, key.view.depth) = (asked.view.sequence, asked.view.depth);
    }
}

/// Distances at every n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep;

impl Ask for Sweep {
    type Answer = report::Sweep;

    fn label(&self) -> &'static str {
        say!("Measuring the distance at every n")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Parts(&[Part::ByN])
    }

    fn when(&self) -> When {
        When::Typing
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        about.has_something_to_sweep()
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        key.input.n = rest.input.n;
    }
}

/// The two last tokens at every n in one plane, with the cell of a float format around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting;

impl Ask for Meeting {
    type Answer = report::Meeting;

    fn label(&self) -> &'static str {
        say!("Following both last tokens")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Parts(&[Part::Meeting, Part::Rounding])
    }

    fn when(&self) -> When {
        When::Typing
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        about.has_something_to_sweep()
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        (key.input.n, key.view.cell) = (rest.input.n, asked.view.cell);
    }
}

/// The same in f64 and without rounding: the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference;

impl Ask for Reference {
    type Answer = report::Sweep;

    fn label(&self) -> &'static str {
        say!("Measuring the distance again in f64")
    }

    fn shown_in(&self) -> ShownIn {
        Sweep.shown_in()
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        about.is_of_a_tiny_model()?;
        if about.device != DeviceKind::Cpu {
            return refuse(sentence!("The reference is computed in f64, which WebGPU does not have: the CPU engine answers it."));
        }
        Sweep.applies(about)
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        Sweep.narrow(key, asked, rest);
    }
}

/// What the model answers about the two sequences at n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers;

impl Answers {
    fn is_asked(experiment: &Experiment) -> Result<(), Failure> {
        match experiment.input.task {
            Task::None => refuse(sentence!("Nothing is asked about the sequences: choose a question.")),
            _ => Ok(()),
        }
    }
}

impl Ask for Answers {
    type Answer = report::Answers;

    fn label(&self) -> &'static str {
        say!("Answering")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Parts(&[Part::Answers])
    }

    fn when(&self) -> When {
        When::First
    }

    fn raised(experiment: &Experiment) -> Vec<Self> {
        Self::is_asked(experiment).map(|()| Self).into_iter().collect()
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        Self::is_asked(about.experiment)?;
        about.is_of_a_tiny_model()?;
        about.sequences().map(drop)
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        key.input.max_n = rest.input.max_n;
    }
}

/// The chosen cures beside the plain model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison;

impl Ask for Comparison {
    type Answer = report::Comparison;

    fn label(&self) -> &'static str {
        say!("Comparing cures")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Instrument(Tool::Cures)
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        about.has_something_to_sweep()
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, _: &Experiment) {
        (key.view.cures, key.view.sequence) = (asked.view.cures, asked.view.sequence);
    }

    /// A model each, the plain one first; none are asked of language models, whose weights one engine alone has.
    fn shards(&self, experiment: &Experiment) -> usize {
        if experiment.model.file.is_some() { 1 } else { 1 + experiment.view.cures.chosen().count() }
    }

    fn join(&self, first: Self::Answer, rest: Vec<Self::Answer>) -> Self::Answer {
        first.join(rest)
    }
}

/// The distance over the period of separators and n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separators;

impl Ask for Separators {
    type Answer = report::SeparatorMap;

    fn label(&self) -> &'static str {
        say!("Trying every period of separators")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Instrument(Tool::Separators)
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        if !about.sequences()?.depend_on_k() {
            return refuse(sentence!("There is no separator to vary yet. 1^n{,/k}, for instance, puts a comma after every k-th 1."));
        }
        about.has_something_to_sweep()
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        (key.input.n, key.input.k) = (rest.input.n, rest.input.k);
    }

    /// A period each; none are asked of language models, whose weights one engine alone has.
    fn shards(&self, experiment: &Experiment) -> usize {
        if experiment.model.file.is_some() { 1 } else { 1 + report::SeparatorMap::PERIODS }
    }

    fn join(&self, first: Self::Answer, rest: Vec<Self::Answer>) -> Self::Answer {
        first.join(rest)
    }
}

/// Two sequences of the same length that the model can hardly tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search;

impl Ask for Search {
    type Answer = report::Found;

    fn label(&self) -> &'static str {
        say!("Searching a pair")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Instrument(Tool::Search)
    }

    fn when(&self) -> When {
        When::Request
    }

    fn raised(_: &Experiment) -> Vec<Self> {
        vec![Self]
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        about.is_of_a_tiny_model()?;
        about.sequences().map(drop)
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        (key.input.max_n, key.view.metric) = (rest.input.max_n, asked.view.metric);
    }
}

/// The simulation behind one of the paper's synthetic figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulation(pub Published);

impl Simulation {
    /// Why a figure that random numbers do not show has no simulation.
    pub fn needs_a_model() -> Failure {
        Failure::Refused(sentence!("This figure needs a trained model; figures 8, 9 and 10 are the ones that random numbers show."))
    }
}

impl Ask for Simulation {
    type Answer = report::Simulation;

    fn label(&self) -> &'static str {
        say!("Simulating the paper's figure")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::Instrument(Tool::Paper)
    }

    fn raised(experiment: &Experiment) -> Vec<Self> {
        let figure = experiment.view.paper;
        paper::is_simulated(figure).then_some(Self(figure)).into_iter().collect()
    }

    fn applies(&self, _: &About) -> Result<(), Failure> {
        if paper::is_simulated(self.0) { Ok(()) } else { Err(Self::needs_a_model()) }
    }

    fn narrow(&self, key: &mut Experiment, _: &Experiment, rest: &Experiment) {
        *key = rest.clone();
    }

    fn point(&self, view: &mut View) {
        view.paper = self.0;
    }

    /// It is the same arithmetic in every engine, and none of their devices has a part in it.
    fn answered_by(&self, _: DeviceKind) -> DeviceKind {
        DeviceKind::Cpu
    }
}

/// How the task is answered at many lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LengthGeneralization;

impl Ask for LengthGeneralization {
    type Answer = report::LengthGeneralization;

    fn label(&self) -> &'static str {
        say!("Answering at each length")
    }

    fn shown_in(&self) -> ShownIn {
        ShownIn::InstrumentAnd(Tool::Answers, Part::Game)
    }

    fn raised(experiment: &Experiment) -> Vec<Self> {
        Answers::is_asked(experiment).map(|()| Self).into_iter().collect()
    }

    fn applies(&self, about: &About) -> Result<(), Failure> {
        Answers::is_asked(about.experiment)?;
        about.is_of_a_tiny_model()
    }

    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
        let input = &rest.input;
        (key.input.a, key.input.b) = (input.a.clone(), input.b.clone());
        (key.input.n, key.input.k) = (input.n, input.k);
        key.view.beside = asked.view.beside;
        // What a model was trained on is looked at where its lengths are.
        key.training = asked.training.clone();
    }
}
