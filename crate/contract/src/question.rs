//! Questions, each a type that knows its answer's: one table, which the engine, the page and the command line walk.
//!
//! What a question is called, when it applies, what its answer depends on, and where and when the page asks it stands in `question/table.rs`.
//! Whoever needs something of its own for each of them walks the same table with [`for_each_question!`](crate::for_each_question).

mod beside;
mod cost;
mod language;
mod table;

pub use beside::{Pinned, Seeds};
pub use language::{Continuation, Tokens};
pub use table::{
    Answers, Comparison, LengthGeneralization, Meeting, Pair, QUICK_PROBES, Reference, Search, Sensitivity, Separators, Simulation, Sweep,
    Theory,
};

use crate::config::{Experiment, Part, Parts, Tool, View};
use crate::device::DeviceKind;
use crate::failure::Failure;
use crate::report::{EngineInfo, ModelInfo, Report, VERSION};
use crate::sentence;
use crate::sentence::Sentence;
use crate::sequence::{InputError, Sequences};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A question about an experiment, and what there is to know of its answer.
pub trait Ask: Copy + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// What the answer holds.
    type Answer: Clone + fmt::Debug + PartialEq + Send + Sync + 'static;

    /// What is done while it is being answered, as the start of a sentence.
    fn label(&self) -> &'static str;

    /// Where the page shows the answer.
    fn shown_in(&self) -> ShownIn;

    /// When the page asks.
    fn when(&self) -> When {
        When::Pause
    }

    /// The forms in which an experiment raises it; none where nothing in it asks for an answer.
    fn raised(experiment: &Experiment) -> Vec<Self>;

    /// Whether it has an answer there at all; how much work that is has no part in it.
    ///
    /// # Errors
    /// A sentence that says what would have one, or the mistake in a text that it would have to read.
    fn applies(&self, about: &About) -> Result<(), Failure> {
        about.sequences().map(drop)
    }

    /// Makes `key` hold no more of `asked` than the answer depends on. It begins with the model and the input of `asked`, and with the view and the
    /// training of `rest`; what else the answer does not depend on becomes that of `rest`.
    fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment);

    /// Makes a view look at what is asked.
    fn point(&self, _view: &mut View) {}

    /// Whether the answer makes one that is there already more exact: that one stands where this is refused.
    fn is_refinement(&self) -> bool {
        false
    }

    /// Whether it is the refinement of this very one.
    fn refines(&self, _other: &Self) -> bool {
        false
    }

    /// The engine whose answer it is, where one of this kind is asked: what every engine computes alike is answered once.
    fn answered_by(&self, device: DeviceKind) -> DeviceKind {
        device
    }

    /// Into how many shards the work is divided, each answered by itself, at once or in any order: as many whoever answers, so that the answer is
    /// the same bit for bit.
    fn shards(&self, _: &Experiment) -> usize {
        1
    }

    /// The answer, of those to all shards in their order.
    fn join(&self, first: Self::Answer, _rest: Vec<Self::Answer>) -> Self::Answer {
        first
    }

    /// All that the answer depends on as in one experiment, and the rest as in another.
    fn dependencies(&self, asked: &Experiment, rest: &Experiment) -> Experiment {
        let mut key =
            Experiment { input: asked.input.clone(), model: asked.model.clone(), training: rest.training.clone(), view: rest.view.clone() };
        self.narrow(&mut key, asked, rest);
        key
    }

    /// The experiment with everything at its default that the answer does not depend on: where two are equal, the answer is the same.
    fn key(&self, experiment: &Experiment) -> Experiment {
        self.dependencies(experiment, &Experiment::default())
    }
}

/// Where the page shows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownIn {
    /// In any of these parts.
    Parts(&'static [Part]),
    /// In an instrument: an answer that the reader chose to see.
    Instrument(Tool),
    /// In an instrument, and in a part that has use for the same answer.
    InstrumentAnd(Tool, Part),
}

impl ShownIn {
    /// Whether it is in sight, where these parts are shown with this instrument.
    pub fn is_seen(self, shown: Parts, tool: Tool) -> bool {
        match self {
            Self::Parts(parts) => parts.iter().any(|&part| shown.contains(part)),
            Self::Instrument(instrument) => instrument == tool && shown.contains(Part::Instruments),
            Self::InstrumentAnd(instrument, part) => shown.contains(part) || Self::Instrument(instrument).is_seen(shown, tool),
        }
    }

    /// The instrument, if it is one.
    pub fn instrument(self) -> Option<Tool> {
        match self {
            Self::Instrument(tool) | Self::InstrumentAnd(tool, _) => Some(tool),
            Self::Parts(_) => None,
        }
    }
}

/// When the page asks, in the order in which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// While the reader types, before all else.
    First,
    /// While the reader types.
    Typing,
    /// Once the reader pauses.
    Pause,
    /// Once the reader pauses, if a search was asked for.
    Request,
}

/// What a question is asked about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// Its two sequences, or the mistake in one of them.
    pub sequences: Result<&'a Sequences, &'a InputError>,
    /// Who answers.
    pub device: DeviceKind,
}

impl About<'_> {
    fn sequences(&self) -> Result<&Sequences, Failure> {
        self.sequences.map_err(|error| Failure::Input(error.clone()))
    }

    /// What takes plain weights, or an alphabet of characters, is not asked of language models.
    fn is_of_a_tiny_model(&self) -> Result<(), Failure> {
        match self.experiment.model.file {
            Some(_) => refuse(sentence!(
                "This is not answered for language models: distances, next tokens, continuations, sweeps, cures and estimates are."
            )),
            None => Ok(()),
        }
    }

    fn has_something_to_sweep(&self) -> Result<(), Failure> {
        if self.sequences()?.depend_on_n() {
            return Ok(());
        }
        refuse(sentence!("Neither sequence changes with n, so there is nothing to sweep: write a repetition such as 1^n."))
    }
}

fn refuse(sentence: Sentence) -> Result<(), Failure> {
    Err(Failure::Refused(sentence))
}

/// A question whose answer has a place in a report.
pub trait Reported: Ask {
    /// What stands there.
    fn in_report(report: &Report) -> Option<&Self::Answer>;
}

macro_rules! define {
    ($($field:ident: $name:ident,)*) => {
        /// Any of the questions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Question {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        /// The answer to any of the questions, as it travels.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Answer {
            $(#[doc = concat!("The answer to [`", stringify!($name), "`].")] $name(<$name as Ask>::Answer),)*
        }

        $(impl Reported for $name {
            fn in_report(report: &Report) -> Option<&Self::Answer> {
                report.$field.as_ref()
            }
        })*

        /// A question whatever it is asked of. The page keeps the last answer on each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Topic {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name,)*
        }

        impl Topic {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What its part of a report is called.
            pub fn part(self) -> &'static str {
                match self { $(Self::$name => stringify!($field),)* }
            }
        }

        impl Question {
            /// What it is about.
            pub fn topic(&self) -> Topic {
                match self { $(Self::$name(_) => Topic::$name,)* }
            }
        }

        impl Answer {
            /// What it is about.
            pub fn topic(&self) -> Topic {
                match self { $(Self::$name(_) => Topic::$name,)* }
            }
        }

        $(impl From<$name> for Question {
            fn from(question: $name) -> Self {
                Self::$name(question)
            }
        })*

        impl Ask for Question {
            type Answer = Answer;

            fn label(&self) -> &'static str {
                match self { $(Self::$name(asked) => asked.label(),)* }
            }

            fn shown_in(&self) -> ShownIn {
                match self { $(Self::$name(asked) => asked.shown_in(),)* }
            }

            fn when(&self) -> When {
                match self { $(Self::$name(asked) => asked.when(),)* }
            }

            fn raised(experiment: &Experiment) -> Vec<Self> {
                let mut raised = Vec::new();
                $(raised.extend($name::raised(experiment).into_iter().map(Self::$name));)*
                raised
            }

            fn applies(&self, about: &About) -> Result<(), Failure> {
                match self { $(Self::$name(asked) => asked.applies(about),)* }
            }

            fn narrow(&self, key: &mut Experiment, asked: &Experiment, rest: &Experiment) {
                match self { $(Self::$name(question) => question.narrow(key, asked, rest),)* }
            }

            fn point(&self, view: &mut View) {
                match self { $(Self::$name(asked) => asked.point(view),)* }
            }

            fn is_refinement(&self) -> bool {
                match self { $(Self::$name(asked) => asked.is_refinement(),)* }
            }

            fn refines(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$name(asked), Self::$name(other)) => asked.refines(other),)*
                    _ => false,
                }
            }

            fn answered_by(&self, device: DeviceKind) -> DeviceKind {
                match self { $(Self::$name(asked) => asked.answered_by(device),)* }
            }

            fn shards(&self, experiment: &Experiment) -> usize {
                match self { $(Self::$name(asked) => asked.shards(experiment),)* }
            }

            fn join(&self, first: Answer, rest: Vec<Answer>) -> Answer {
                if rest.is_empty() {
                    return first;
                }
                match (self, first) {
                    $((Self::$name(asked), Answer::$name(first)) => {
                        let same = |answer| if let Answer::$name(answer) = answer { Some(answer) } else { None };
                        Answer::$name(asked.join(first, rest.into_iter().filter_map(same).collect()))
                    })*
                    (_, first) => first,
                }
            }
        }

        impl Report {
            /// A report in which nothing is answered yet.
            pub fn new(link: String, engine: EngineInfo, model: ModelInfo) -> Self {
                Self { version: VERSION, link, engine, model, warnings: Vec::new(), sees: None, $($field: None,)* }
            }

            /// Puts an answer into its place.
            pub fn put(&mut self, answer: Answer) {
                match answer { $(Answer::$name(answer) => self.$field = Some(answer),)* }
            }
        }
    };
}

crate::for_each_question!(define);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FileHash, Model, Published};
    use crate::message::{from_bytes, to_bytes};
    use crate::task;
    use std::collections::HashSet;

    /// An experiment that raises every question, but for those about language models.
    fn everything() -> Experiment {
        let mut experiment = Experiment::default();
        (experiment.input.b, experiment.input.task, experiment.view.paper) = ("1^(n+1){,/k}".into(), task::Task::Ones, Published::Fig8);
        experiment.view.pinned.pin("v=1&pos=rotary");
        experiment.view.seeds = 3;
        experiment
    }

    /// Each question, with an experiment that raises it.
    fn raised() -> Vec<(Question, Experiment)> {
        let of_language = Experiment { model: Model { file: FileHash::read("00000000"), ..Model::default() }, ..everything() };
        let tiny = Question::raised(&everything());
        let others = Question::raised(&of_language)
            .into_iter()
            .filter(|question| !tiny.contains(question))
            .map(|question| (question, of_language.clone()));
        tiny.iter().map(|&question| (question, everything())).chain(others).collect()
    }

    fn applies(question: Question, experiment: &Experiment, device: DeviceKind) -> Result<(), Failure> {
        let sequences = Sequences::parse(&experiment.input);
        question.applies(&About { experiment, sequences: sequences.as_ref(), device })
    }

    #[test]
    fn every_question_can_be_raised_applies_there_has_a_label_and_travels() -> Result<(), Sentence> {
        let raised = raised();
        let topics: HashSet<Topic> = raised.iter().map(|(question, _)| question.topic()).collect();
        assert_eq!(topics.len(), Topic::ALL.len());
        let labels: HashSet<&str> = raised.iter().map(|(question, _)| question.label()).collect();
        assert_eq!(labels.len(), raised.len());
        for (question, experiment) in raised {
            assert_eq!(applies(question, &experiment, DeviceKind::Cpu), Ok(()), "{question:?}");
            assert_eq!(from_bytes::<Question>(&to_bytes(&question))?, question);
        }
        Ok(())
    }

    #[test]
    fn a_key_holds_all_that_its_question_needs_and_nothing_else() {
        for (question, experiment) in raised() {
            let key = question.key(&experiment);
            assert_eq!(question.key(&key), key, "{question:?}");
            assert_eq!(question.dependencies(&key, &experiment), experiment, "{question:?}: what it leaves out is put back");
            let mut looked_at = experiment.clone();
            (looked_at.view.tool, looked_at.view.units) = (Tool::Train, crate::config::Units::Normalised);
            assert_eq!(question.key(&looked_at), key, "{question:?} does not depend on how it is looked at");
        }
    }

    #[test]
    fn what_does_not_apply_says_so_in_a_sentence() {
        let asks = |question: Question, change: fn(&mut Experiment), device| {
            let mut experiment = everything();
            change(&mut experiment);
            applies(question, &experiment, device).is_ok()
        };
        let still = |experiment: &mut Experiment| (experiment.input.a, experiment.input.b) = ("10".into(), "01".into());
        let cpu = DeviceKind::Cpu;
        for question in [Sweep.into(), Meeting.into(), Reference.into(), Comparison.into(), Separators.into()] {
            assert!(!asks(question, still, cpu), "{question:?}");
        }
        assert!(!asks(Separators.into(), |experiment| experiment.input.b = "1^(n+1)".into(), cpu));
        assert!(!asks(Reference.into(), |_| {}, DeviceKind::WebGpu));
        assert!(asks(Reference.into(), |experiment| experiment.model.formats.weights = crate::config::Format::Bf16, cpu));
        for question in [Answers.into(), LengthGeneralization.into()] {
            assert!(!asks(question, |experiment| experiment.input.task = task::Task::None, cpu), "{question:?}");
        }
        assert!(!asks(Simulation(Published::Fig5a).into(), |_| {}, cpu));
        let unreadable = |experiment: &mut Experiment| experiment.input.a = "1^".into();
        let still_asked: Vec<Question> =
            Question::raised(&everything()).into_iter().filter(|question| asks(*question, unreadable, cpu)).collect();
        assert_eq!(
            still_asked,
            [Question::from(Simulation(Published::Fig8)), LengthGeneralization.into(), Pinned.into()],
            "these read neither text"
        );
    }
}
