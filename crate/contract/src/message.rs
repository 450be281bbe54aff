//! What the page and a worker say to each other.
//!
//! A request is complete in itself, so that a worker can be ended and started again with nothing lost. The newest request wins: a worker
//! that gets one stops answering, or training, at its next step, unless the new one runs beside it ([`Command::is_concurrent`]). What has
//! to do with what is kept in the browser (`LoadSaved`, `DiscardRun`, `SaveModel`, `Use`) is brought to its end once it has begun. Of other
//! requests that wait meanwhile a worker holds the newest only: an older one is dropped without an event.

use crate::admit::Admitted;
use crate::config::Experiment;
use crate::device::Adapter;
use crate::failure::Failure;
use crate::language_model::LanguageModelInfo;
use crate::question::{Answer, Question};
use crate::recipe::{Accuracy, Recipe};
use crate::report::{EngineInfo, LastTokenRepresentations, ModelInfo};
use crate::sentence;
use crate::sentence::Sentence;
use crate::warning::Warning;
use serde::{Deserialize, Serialize};

/// Changes whenever this crate does, and messages with it. Page and worker compare it in [`Event::Ready`]; where they differ, a cached file is stale and the page asks to be reloaded.
pub const PROTOCOL: u32 = match u32::from_str_radix(env!("GLASSES_PROTOCOL"), 10) {
    Ok(hash) => hash,
    Err(_) => 0,
};

/// From the page to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Larger than that of every earlier request.
    pub id: u64,
    /// What to do.
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Answer these questions, in this order, about this configuration.
    Answer {
        /// What they are about.
        config: Box<Admitted>,
        /// The questions.
        questions: Vec<Question>,
    },
    /// Answer one shard of a question, as if it were all of it: see [`Ask::shards`](crate::question::Ask::shards).
    AnswerShard {
        /// What it is about.
        config: Box<Admitted>,
        /// The question.
        question: Question,
        /// Which of its shards, from 0.
        shard: usize,
    },
    /// Give the last tokens' representations of a configuration.
    Represent {
        /// What they are of.
        config: Box<Admitted>,
    },
    /// Stop what is being answered, or trained: a run that is stopped is kept. Finished once that has stopped.
    Cancel,
    /// Say what is kept in this browser, and all of the run of one recipe.
    LoadSaved {
        /// The link of that recipe.
        link: String,
        /// Whether to send the reader's own model along: the page has it already where it asked before.
        own: bool,
    },
    /// Train the configuration's model, going on where a run of the same recipe was stopped.
    Train {
        /// The model, and how it is trained.
        config: Box<Experiment>,
    },
    /// Forget what is kept of a recipe.
    DiscardRun {
        /// The link of the recipe.
        link: String,
        /// Which of the two that may be kept of it.
        stage: KeptStage,
    },
    /// Keep the model in the file that comes with this message as the reader's own. The file is no part of the message: the worker reads of
    /// it what it needs, so that one that is refused was never in anybody's memory.
    SaveModel,
    /// Make the finished model that is kept of a recipe the reader's own.
    Use {
        /// The link of the recipe.
        link: String,
    },
    /// Answer with this file where a configuration asks for the reader's own model, for as long as the worker lives.
    Hold {
        /// The bytes of the file.
        file: Vec<u8>,
    },
    /// Read the language model in the file that comes with this message, and answer with it where a configuration is of it, for as long as the
    /// worker lives. Of several that were read the last one stays.
    OpenLanguageModel,
    /// Take back what the page holds of a worker that ended: see [`Event::Held`].
    Restore {
        /// Names and bytes.
        files: Vec<(String, Vec<u8>)>,
    },
}

/// What may be kept of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptStage {
    /// A run that has not come to its end.
    Run,
    /// The finished model.
    Model,
}

impl Command {
    /// Whether it is done beside what is under way, and does not stop it: it changes no run.
    pub fn is_concurrent(&self) -> bool {
        matches!(
            self,
            Self::LoadSaved { .. }
                | Self::SaveModel
                | Self::Use { .. }
                | Self::Hold { .. }
                | Self::OpenLanguageModel
                | Self::Restore { .. }
        )
    }
}

/// From a worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The first message of all.
    Ready {
        /// [`PROTOCOL`] as the worker was built with it.
        protocol: u32,
        /// The engine that will answer.
        engine: EngineInfo,
        /// What is known of the device beneath.
        adapter: Adapter,
        /// Whether the worker holds the lock of its name, which comes free when the worker ends.
        holds_lock: bool,
    },
    /// There is no engine and there will be none: no adapter, a refused device.
    Unavailable {
        /// Why, as one sentence.
        sentence: Sentence,
    },
    /// An answer is under way.
    Progress {
        /// The request.
        id: u64,
        /// The question.
        question: Question,
        /// Share done, from 0 to 1.
        done: f32,
    },
    /// One question is answered; an exact answer may be preceded by partial ones of the same question.
    Answered {
        /// The request.
        id: u64,
        /// The answer.
        answer: Box<Answer>,
        /// The model that answered.
        model: ModelInfo,
        /// What was made of the input.
        warnings: Vec<Warning>,
        /// How long it took, in milliseconds of the worker's clock.
        milliseconds: f64,
    },
    /// A question has no answer.
    Failed {
        /// The request.
        id: u64,
        /// The question.
        question: Question,
        /// Why.
        failure: Failure,
    },
    /// The last tokens' representations.
    Represented {
        /// The request.
        id: u64,
        /// What they are.
        last: Box<LastTokenRepresentations>,
    },
    /// What is kept in this browser.
    Recalled {
        /// The request.
        id: u64,
        /// All that is kept, a row for each recipe and stage.
        kept: Vec<Kept>,
        /// The run that was asked for, where it is kept and not finished.
        run: Option<Run>,
        /// The reader's own model, where it was asked for.
        own: Option<Own>,
    },
    /// Steps were taken.
    Stepped {
        /// The request.
        id: u64,
        /// Steps before these.
        from: usize,
        /// The loss of each step, in nats.
        losses: Vec<f64>,
    },
    /// The model was judged on the way.
    Judged {
        /// The request.
        id: u64,
        /// Steps taken so far.
        steps: usize,
        /// How often it answers right.
        accuracy: Vec<Accuracy>,
    },
    /// There is a newer model of the reader's own: a run came to its end, a file was opened, or a kept model was chosen.
    Kept {
        /// The request.
        id: u64,
        /// The model.
        own: Own,
    },
    /// A language model is being read.
    Reading {
        /// The request.
        id: u64,
        /// Bytes that were read.
        bytes: u64,
    },
    /// A language model was read, and answers from now on.
    LanguageModel {
        /// The request.
        id: u64,
        /// What its file says of it.
        model: Box<LanguageModelInfo>,
    },
    /// Whether what is to be kept is kept in this browser. Said whenever it changes.
    Keeping {
        /// Why nothing more is kept, as one sentence; none where all is kept.
        fault: Option<Sentence>,
    },
    /// A file that the browser does not keep: the page holds it, in the place of an older one of the same name, for the next worker.
    Held {
        /// Its name.
        name: String,
        /// Its bytes; none where it needs to be held no longer.
        file: Option<Vec<u8>>,
    },
    /// What was to be done with a run or a model of the reader's own could not be done.
    Unable {
        /// The request.
        id: u64,
        /// Why, as one sentence.
        sentence: Sentence,
    },
    /// Nothing more will come for this request: all is answered, or it was cancelled.
    Finished {
        /// The request.
        id: u64,
        /// Whether it was stopped before all was answered.
        cancelled: bool,
    },
}

/// What is kept of a recipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The link of the recipe.
    pub link: String,
    /// Which of the two that may be kept of it.
    pub stage: KeptStage,
    /// Steps taken so far.
    pub steps: usize,
}

/// A training run that is kept until it goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The link of its recipe.
    pub link: String,
    /// The loss of every step so far.
    pub losses: Vec<f64>,
}

/// A model of the reader's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Own {
    /// How it was made, and how well it answers.
    pub recipe: Recipe,
    /// Its file.
    pub file: Vec<u8>,
    /// What a reader should know of its file, a sentence each.
    pub notes: Vec<Sentence>,
}

/// Writes a message as bytes.
///
/// # Panics
/// If a message holds what postcard can't write, such as a flattened field; the test below sends one of each.
pub fn to_bytes<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_stdvec(message).expect("messages are plain data, which postcard writes")
}

/// Reads a message.
///
/// # Errors
/// If the bytes are none, which means that page and worker are of different builds.
pub fn from_bytes<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Sentence> {
    postcard::from_bytes(bytes)
        .map_err(|error| sentence!("a message could not be read ({}); page and engine are of different versions", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FileHash, Format, Published, WeightsSource, Which};
    use crate::device::DeviceKind;
    use crate::question;
    use crate::report::{Answer, *};
    use crate::sequence::InputError;
    use crate::task as asked;

    #[test]
    fn every_kind_of_message_arrives_as_it_was_sent() -> Result<(), Sentence> {
        let question = Question::from(question::Sensitivity::estimate(Which::B));
        let distances = Distances { linf: f64::INFINITY, ..Distances::default() };
        let reading = Reading {
            tokens: vec!["1".into()],
            next: vec![0.5, f64::INFINITY],
            attention: AttentionMap { layer: 0, head: 1, first: 0, side: 1, weights: vec![1.0] },
            sink_share: 0.25,
            sink_by_layer: vec![0.5, f64::INFINITY],
        };
        let pair = Pair {
            n: 3,
            a: reading.clone(),
            b: reading,
            stages: Stage::all(1).into_iter().map(|stage| StageDistances { stage, distances }).collect(),
            heads: vec![vec![distances]],
            identical_in: vec![Format::Bf16],
            labels: vec![TokenText { token: 7, text: "g".into() }],
        };
        let spread = Spread { min: 0.0, mean: 0.5, max: 1.0 };
        let sweep = Sweep {
            n: vec![1],
            method: SweepMethod::SharedPrefix,
            stages: vec![StageCurve { stage: Stage::Layer(1), distances: vec![distances] }],
            heads: vec![HeadCurve { layer: 1, l1: vec![spread], l2: vec![spread], linf: vec![spread], cosine: vec![spread] }],
            collapse: vec![Collapse { format: Format::E4m3, stages: vec![None, Some(7)] }],
            same_next: vec![true],
            bound: vec![Some(f64::INFINITY), None],
            likeness: vec![Likeness { stage: Stage::Layer(1), cosine: vec![f64::INFINITY] }],
        };
        let profile = Profile { norm: vec![1.0], standard_error: vec![0.1], method: JacobianMethod::Estimate { probes: 8 } };
        let paths = PathTheory { bound: vec![f64::INFINITY], rollout: vec![1.0], paths: vec![1.0], place: vec![] };
        let sensitivity = Sensitivity {
            n: 3,
            sequence: Which::A,
            tokens: vec!["1".into()],
            full: profile.clone(),
            frozen: profile.clone(),
            paths: Some(paths),
        };
        let limit = FirstToken { share: vec![0.5] };
        let theory = Theory {
            n: 3,
            sequence: Which::B,
            tokens: vec!["1".into()],
            variation: vec![Variation { layer: 1, heads: vec![0.5] }],
            alternating: 0.9,
            uniform: limit.clone(),
            measured: limit,
            profile: vec![1.0],
            uniform_profile: vec![1.0],
            anatomy: Anatomy {
                shown: vec![0],
                layers: vec![AnatomyOfLayer { weights: vec![1.0], influence: vec![1.0] }],
                paths: vec![1.0],
                answer: "1".into(),
                probability: 1.0,
            },
        };
        let compared = Compared {
            word: String::new(),
            label: sentence!("plain"),
            distances: vec![distances],
            collapse: sweep.collapse.clone(),
            sensitivity: Some(profile),
            cross_entropy: Some(CrossEntropy::new(vec![1.5, f64::INFINITY])),
        };
        let comparison = Comparison { n: vec![1], tokens: vec!["1".into()], rows: vec![compared] };
        let separators = SeparatorMap { k: vec![0, 3], n: vec![1], distances: vec![vec![distances]; 2] };
        let found = Found {
            n: 2,
            a: "10".into(),
            b: "01".into(),
            differing: 2,
            distances,
            identical_in: vec![Format::Fp32],
            same_next: true,
            read: 9,
            finished: false,
            link: "v=1".into(),
        };
        let curve = Simulated { label: sentence!("none"), n: vec![5], mean: vec![0.5], min: vec![0.25], max: vec![1.0], seeds: 3 };
        let simulation = Simulation { figure: Published::Fig8, says: Sentence::verbatim("A sentence."), curves: vec![curve] };
        let model = ModelInfo {
            name: sentence!("our tiny model, {}", sentence!("trained, rotary")),
            config: Experiment::default().model,
            parameters: 7,
        };
        let engine = EngineInfo { version: "0".into(), device: DeviceKind::WebGpu, adapter: "one".into(), precision: "f32".into() };
        let answered = |answer| Event::Answered {
            id: 1,
            answer: Box::new(answer),
            model: model.clone(),
            warnings: vec![Warning::about("n", Sentence::verbatim("A sentence."))],
            milliseconds: 1.5,
        };
        let said = Said { tokens: vec!["1".into()], probabilities: vec![f64::INFINITY] };
        let answer = Answer { said: "1".into(), right: None, steps: vec![said] };
        let answers = Answers { n: 1, task: asked::Task::Ones, a: answer.clone(), b: answer };
        let length =
            Length { n: 1, right: vec!["1".into()], said: vec!["2".into()], twin: spread, identical_in: vec![Format::Bf16], same_next: 1 };
        let of = LengthsOf { origin: WeightsSource::Rotary, name: Sentence::verbatim("one"), trained_to: None, lengths: vec![length] };
        let lengths = LengthGeneralization { task: asked::Task::Ones, asked: asked::QuestionPosition::After, models: vec![of] };
        let accuracy = Accuracy { task: asked::Task::Ones, trained: 1.0, n: vec![1], exact: vec![0.5], examples: 2 };
        let own = Own {
            recipe: Recipe::new(&Experiment::default(), &[0.5], vec![accuracy]),
            file: vec![1, 2],
            notes: vec![Sentence::verbatim("rounded")],
        };
        let kept = Kept { link: "v=1".into(), stage: KeptStage::Run, steps: 1 };
        let run = Run { link: "v=1".into(), losses: vec![0.25] };
        let input = InputError { key: "a".into(), at: Some(2), sentence: Sentence::verbatim("wrong") };
        let file = FileHash::of(&[7; 32]);
        let events = [
            Event::Ready { protocol: PROTOCOL, engine, adapter: Adapter::Software, holds_lock: true },
            Event::Unavailable { sentence: Sentence::verbatim("none") },
            Event::Progress { id: 1, question, done: 0.5 },
            answered(question::Answer::Pair(pair)),
            answered(question::Answer::Reference(sweep.clone())),
            answered(question::Answer::Sweep(sweep)),
            answered(question::Answer::Meeting(Meeting {
                n: vec![1],
                moments: vec![Moment::default()],
                cube: vec![PlanePoint::default()],
                ..Meeting::default()
            })),
            answered(question::Answer::Theory(theory)),
            answered(question::Answer::Comparison(comparison)),
            answered(question::Answer::Separators(separators)),
            answered(question::Answer::Search(found)),
            answered(question::Answer::Simulation(simulation)),
            answered(question::Answer::Sensitivity(sensitivity)),
            answered(question::Answer::Answers(answers)),
            answered(question::Answer::LengthGeneralization(lengths)),
            Event::Represented {
                id: 1,
                last: Box::new(LastTokenRepresentations { n: vec![1], stages: vec![f32::INFINITY], heads: vec![0.5] }),
            },
            Event::Recalled { id: 1, kept: vec![kept], run: Some(run), own: Some(own.clone()) },
            Event::Stepped { id: 1, from: 2, losses: vec![0.5] },
            Event::Judged { id: 1, steps: 3, accuracy: own.recipe.accuracy.clone() },
            Event::Kept { id: 1, own },
            Event::Reading { id: 1, bytes: 4096 },
            Event::LanguageModel { id: 1, model: Box::new(LanguageModelInfo::new(&Experiment::default().model, file, 9, 7)) },
            Event::Keeping { fault: Some(Sentence::verbatim("full")) },
            Event::Held { name: "run:v=1".into(), file: Some(vec![1, 2]) },
            Event::Unable { id: 1, sentence: Sentence::verbatim("full") },
            Event::Failed { id: 1, question, failure: Failure::Input(input) },
            Event::Failed { id: 1, question, failure: Failure::Device(Sentence::verbatim("lost")) },
            Event::Finished { id: 1, cancelled: true },
        ];
        for event in events {
            assert_eq!(from_bytes::<Event>(&to_bytes(&event))?, event);
        }
        let ask = Command::Answer { config: Box::new(crate::self_check::config()), questions: vec![question::Pair.into(), question] };
        let shard = Command::AnswerShard { config: Box::new(crate::self_check::config()), question, shard: 3 };
        let represent = Command::Represent { config: Box::new(crate::self_check::config()) };
        let train = Command::Train { config: Box::default() };
        let keep = Command::SaveModel;
        let recall = Command::LoadSaved { link: "v=1".into(), own: true };
        let forget = Command::DiscardRun { link: "v=1".into(), stage: KeptStage::Model };
        let uses = Command::Use { link: "v=1".into() };
        let hold = Command::Hold { file: vec![9] };
        let restore = Command::Restore { files: vec![("run:v=1".into(), vec![9])] };
        for task in [ask, shard, represent, Command::Cancel, recall, train, forget, keep, uses, hold, Command::OpenLanguageModel, restore] {
            let request = Request { id: 9, command: task };
            assert_eq!(from_bytes::<Request>(&to_bytes(&request))?, request);
        }
        Ok(())
    }
}
