//! What can happen to the engine client, and what it can want done.

use super::notice::About;
use super::scheduler::Wanted;
use glasses_contract::config::DeviceChoice;
use glasses_contract::device::DeviceKind;
use glasses_contract::language_model::LanguageModelInfo;
use glasses_contract::locale::together;
use glasses_contract::message::{Event, Request};
use glasses_contract::question::{Answer, Ask, Question};
use glasses_contract::recipe::Recipe;
use glasses_contract::report::ModelInfo;
use glasses_contract::{Experiment, Sentence, say};
use std::sync::Arc;

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// Time passed.
    Tick,
    /// The reader looks at something else.
    Wanted(Wanted),
    /// The reader chose a device.
    Chosen(DeviceChoice),
    /// A worker said something.
    Heard {
        /// Which one.
        device: DeviceKind,
        /// Its generation.
        generation: u64,
        /// What.
        event: Event,
    },
    /// The browser will tell when this worker ends.
    Watched(DeviceKind, u64),
    /// A worker said something that can't be read: it is of another build.
    Unreadable(DeviceKind, u64),
    /// A worker ended, or never began.
    Died(DeviceKind, u64, Ending),
    /// A helper of the CPU engine, this one of this generation, said something, or something became of it.
    Helper(usize, u64, Heard),
    /// The browser was asked for a WebGPU adapter: its name, or why there is none, as a sentence.
    Adapter(Result<String, String>),
    /// A piece of the WebGPU worker's code has come.
    Downloaded,
    /// The WebGPU worker's code is in the browser's cache; or why it is not, as a sentence.
    Fetched(Result<(), String>),
    /// The reader's own model is another one.
    Owned(OwnModel),
    /// The reader chose the file of a language model, which is the one of this number.
    LanguageModelChosen(u32),
    /// The reader puts the language model away.
    LanguageModelClosed,
    /// The reader stops the work.
    Stop,
    /// The reader takes it up again.
    GoOn,
    /// The reader begins what takes long.
    Begin,
    /// The reader wants an engine to be started again.
    Retry(DeviceKind),
    /// The reader has read a notice.
    Dismiss(About),
}

/// What is heard of a helper.
#[derive(Debug)]
pub enum Heard {
    /// What it says.
    Event(Box<Event>),
    /// The browser will tell when it ends.
    Watched,
    /// It ended, or never began, or is of another build.
    Ended,
}

/// Why a worker is not there any more, or never was.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It failed: why, as a sentence.
    Crashed(String),
    /// Its files could not be loaded; perhaps they can later: why, as a sentence.
    Unreachable(String),
    /// Its files are not where this page has them from: what the server answered, as a sentence.
    Gone(String),
}

impl Ending {
    /// What became of an engine of this name that ended so often in a row, as a sentence.
    pub fn sentence(&self, name: &str, ends: u32) -> String {
        match self {
            Self::Crashed(why) if ends > 1 => say!("The {} engine stopped {} times in a row: {}", name, ends, why),
            Self::Crashed(why) => say!("The {} engine stopped: {}", name, why),
            Self::Unreachable(why) => say!("The {} engine could not be loaded, perhaps because this browser is offline: {}", name, why),
            Self::Gone(why) => {
                let gone = say!("The {} engine could not be loaded, perhaps because the site was updated since: {}", name, why);
                together([gone.as_str(), say!("Reload the page.")])
            }
        }
    }
}

/// The reader's own model, as the page has it.
#[derive(Clone, Debug, Default)]
pub enum OwnModel {
    /// What is kept in this browser is not known yet.
    #[default]
    Unknown,
    /// There is none: why, as a sentence.
    None(String),
    /// It is here.
    Here {
        /// Counts the models that were here: see [`glasses_contract::config::Model::revision`].
        revision: u32,
        /// How it was made.
        recipe: Box<Recipe>,
        /// Its file.
        file: Arc<Vec<u8>>,
        /// What a reader should know of the file, a sentence each.
        notes: Vec<Sentence>,
    },
}

impl OwnModel {
    /// Counts the models that were here; 0 where there was none.
    pub fn revision(&self) -> u32 {
        if let Self::Here { revision, .. } = self { *revision } else { 0 }
    }

    /// What a reader should know of its file.
    pub fn notes(&self) -> &[Sentence] {
        if let Self::Here { notes, .. } = self { notes } else { &[] }
    }

    /// How it was made, where there is one.
    pub fn recipe(&self) -> Option<&Recipe> {
        if let Self::Here { recipe, .. } = self { Some(recipe) } else { None }
    }
}

/// How it stands with a language model whose file the reader chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum LanguageModel {
    /// There is none.
    #[default]
    None,
    /// Its file is being read: bytes that were read so far.
    Reading(u64),
    /// It answers.
    Here(Box<LanguageModelInfo>),
    /// Its file can't be used: why, as a sentence.
    Refused(String),
}

impl LanguageModel {
    /// What its file says, where it answers.
    pub fn info(&self) -> Option<&LanguageModelInfo> {
        if let Self::Here(info) = self { Some(info) } else { None }
    }
}

/// What to do.
#[derive(Debug)]
pub enum Effect {
    /// Ask the browser for a WebGPU adapter.
    FindAdapter,
    /// Fetch the WebGPU worker's code.
    Fetch,
    /// Start a worker, of this generation.
    Start(DeviceKind, u64),
    /// End a worker.
    End(DeviceKind),
    /// Send a worker a request.
    Post(DeviceKind, Request),
    /// Start a helper of the CPU engine, of this generation.
    StartHelper(usize, u64),
    /// End a helper.
    EndHelper(usize),
    /// Send a helper a request.
    PostHelper(usize, Request),
    /// Send a worker a request with the file of the language model.
    PostLanguageModel(DeviceKind, Request),
    /// Say how it stands with the language model.
    TellLanguageModel(LanguageModel),
    /// Show an answer.
    Show(Box<Answer>, Box<Provenance>),
    /// Say why there is no answer.
    Refuse(Question, String),
    /// The trained weights can't be had, or are damaged: why.
    FallBackToSeed(String),
}

/// Where an answer came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// The model that gave it.
    pub model: ModelInfo,
    /// What was asked.
    pub question: Question,
    /// What it depends on: the configuration, with everything at its default that the question does not look at.
    pub about: Experiment,
    /// The engine that computed it.
    pub device: DeviceKind,
    /// How long it took.
    pub milliseconds: f64,
}

impl Provenance {
    /// Whether the answer is to what is asked now.
    pub fn is_of(&self, asked: &Experiment) -> bool {
        self.question.key(asked) == self.about
    }
}
