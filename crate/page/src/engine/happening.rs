//! What can happen to the engine client, and what it can want done.

use super::notice::About;
use super::plan::Wanted;
use glasses_contract::Config;
use glasses_contract::config::DeviceChoice;
use glasses_contract::device::DeviceKind;
use glasses_contract::message::{Event, Question, Request};
use glasses_contract::report::{ModelInfo, Part};

/// What happened.
#[derive(Debug)]
pub enum Happening {
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
        /// Whether the browser will tell when it ends.
        watched: bool,
    },
    /// A worker said something that can't be read: it is of another build.
    Unreadable(DeviceKind, u64),
    /// A worker ended: why, as a sentence.
    Died(DeviceKind, u64, String),
    /// The WebGPU worker's code is in the browser's cache, with the adapter's name; or there is no use in it: why, as a sentence.
    Fetched(Result<String, String>),
    /// The reader stops the work.
    Stop,
    /// The reader takes it up again.
    GoOn,
    /// The reader wants an engine to be started again.
    Retry(DeviceKind),
    /// The reader has read a notice.
    Dismiss(About),
}

/// What to do.
#[derive(Debug)]
pub enum Effect {
    /// Fetch the WebGPU worker's code.
    Fetch,
    /// Start a worker, of this generation.
    Start(DeviceKind, u64),
    /// End a worker.
    End(DeviceKind),
    /// Send a worker a request.
    Post(DeviceKind, Request),
    /// Show an answer.
    Show(Box<Part>, Box<Origin>),
    /// Say why there is no answer.
    Refuse(Question, String),
    /// The trained weights can't be had, or are damaged: why.
    Disown(String),
}

/// Where an answer came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The model that gave it.
    pub model: ModelInfo,
    /// What was asked.
    pub question: Question,
    /// What it depends on: the configuration, with everything at its default that the question does not look at.
    pub about: Config,
    /// The engine that computed it.
    pub device: DeviceKind,
    /// How long it took.
    pub milliseconds: f64,
}
