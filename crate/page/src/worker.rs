//! The engines, as the page sees them: signals that tell, and a handle that asks.

mod answers;
mod displayed;
mod download;
mod gpu_qualification;
mod handle;
mod input;
#[cfg(test)]
mod made_up;
mod notice;
mod pace;
mod representations;
mod runtime;
mod scheduler;
mod slot;
mod status;
mod supervisor;
pub mod training;

pub use answers::{Answered, Answers, Kept, Latest};
pub use download::Download;
pub use handle::{WorkerHandle, WorkerMessage};
pub use input::{LanguageModel, OwnModel, Provenance};
pub use notice::{About, Action, Notice};
pub use representations::representations;
pub use scheduler::{Wanted, is_of_another, state_for};
pub use status::{Badge, Preparing, Work};

use crate::browser::optional;
use glasses_contract::config::DeviceChoice;
use glasses_contract::device::DeviceKind;
use glasses_contract::question::Topic;
use input::Input;
use leptos::prelude::*;
use runtime::Runtime;

/// The engines.
#[derive(Clone, Copy)]
pub struct Engine {
    /// What they tell.
    pub signals: Signals,
    runtime: StoredValue<Runtime, LocalStorage>,
}

/// What the engines tell.
#[derive(Clone, Copy)]
pub struct Signals {
    /// The last answer to each question.
    pub answers: Answers,
    /// Why the trained weights can't be used, when they can't.
    pub disowned: RwSignal<Option<String>>,
    /// Which of these answer something older than what is wanted.
    pub stale: RwSignal<Vec<Topic>>,
    /// Who computes.
    pub badge: RwSignal<Option<Badge>>,
    /// What takes long.
    pub work: RwSignal<Option<Work>>,
    /// How long what waits for the reader would take, in milliseconds; none where nothing does.
    pub held_ms: RwSignal<Option<f64>>,
    /// The reader stopped the work.
    pub is_stopped: RwSignal<bool>,
    /// What went wrong.
    pub notices: RwSignal<Vec<Notice>>,
    /// How it stands with a language model.
    pub language_model: RwSignal<LanguageModel>,
    /// How far the WebGPU engine's download has come, while it lasts.
    pub download: RwSignal<Option<Download>>,
}

impl Engine {
    /// Starts the CPU engine; the WebGPU engine follows where the browser has WebGPU.
    pub fn start(choice: DeviceChoice) -> Self {
        let signals = Signals {
            answers: Answers::default(),
            disowned: RwSignal::default(),
            stale: RwSignal::default(),
            badge: RwSignal::default(),
            work: RwSignal::default(),
            held_ms: RwSignal::default(),
            is_stopped: RwSignal::default(),
            notices: RwSignal::default(),
            language_model: RwSignal::default(),
            download: RwSignal::default(),
        };
        let runtime = Runtime::new(has_webgpu(), cores(), signals);
        runtime.handle(Input::Chosen(choice));
        Self { signals, runtime: StoredValue::new_local(runtime) }
    }

    /// The reader looks at this.
    pub fn want(&self, wanted: Wanted) {
        self.handle(Input::Wanted(wanted));
    }

    /// The reader chose a device.
    pub fn choose(&self, choice: DeviceChoice) {
        self.handle(Input::Chosen(choice));
    }

    /// The reader's own model is another one.
    pub fn own(&self, own: OwnModel) {
        self.handle(Input::Owned(own));
    }

    /// Answers with the language model in a file, where a configuration is of it.
    pub fn open_language_model(&self, file: web_sys::File) {
        self.runtime.with_value(|runtime| runtime.open_language_model(file));
    }

    /// Puts the language model away.
    pub fn close_language_model(&self) {
        self.handle(Input::LanguageModelClosed);
    }

    /// The reader stops the work.
    pub fn stop(&self) {
        self.handle(Input::Stop);
    }

    /// The reader takes the work up again.
    pub fn go_on(&self) {
        self.handle(Input::GoOn);
    }

    /// The reader begins what takes long.
    pub fn begin(&self) {
        self.handle(Input::Begin);
    }

    /// The reader wants an engine to be started again.
    pub fn retry(&self, device: DeviceKind) {
        self.handle(Input::Retry(device));
    }

    /// The reader has read a notice.
    pub fn dismiss(&self, about: About) {
        self.handle(Input::Dismiss(about));
    }

    fn handle(&self, input: Input) {
        self.runtime.with_value(|runtime| runtime.handle(input));
    }
}

fn has_webgpu() -> bool {
    optional::of_navigator("gpu").is_some_and(|gpu| gpu.is_truthy())
}

/// Cores as far as the browser says: some name fewer than there are.
fn cores() -> usize {
    optional::of_navigator("hardwareConcurrency").and_then(|cores| cores.as_f64()).map_or(1, |cores| cores as usize)
}
