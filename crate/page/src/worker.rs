//! The engines, as the page sees them: signals that tell, and a handle that asks.

mod displayed;
mod download;
mod gpu_qualification;
mod handle;
mod input;
mod notice;
mod runtime;
mod scheduler;
mod slot;
mod status;
mod supervisor;
pub mod training;

pub use download::Download;
pub use handle::{WorkerHandle, WorkerMessage};
pub use input::{OwnModel, Provenance};
pub use notice::{About, Action, Notice};
pub use scheduler::{Stale, Topic, Wanted, cache_key, state_for};
pub use status::{Badge, Preparing, Work};

use glasses_contract::config::DeviceChoice;
use glasses_contract::device::DeviceKind;
use glasses_contract::report::{Answers, Comparison, Found, Lengths, Pair, Sensitivity, SeparatorMap, Simulation, Sweep, Theory};
use input::Input;
use leptos::prelude::*;
use runtime::Runtime;
use std::sync::Arc;

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
    /// The two sequences at n.
    pub pair: RwSignal<Latest<Pair>>,
    /// The distances at every n.
    pub sweep: RwSignal<Latest<Sweep>>,
    /// The sensitivity to every token.
    pub sensitivity: RwSignal<Latest<Sensitivity>>,
    /// Why the sensitivity stays an estimate, if it does.
    pub exact_refusal: RwSignal<Option<String>>,
    /// The distances at every n, computed in f64.
    pub reference: RwSignal<Latest<Sweep>>,
    /// What the paper's statements say.
    pub theory: RwSignal<Latest<Theory>>,
    /// The cures beside the plain model.
    pub comparison: RwSignal<Latest<Comparison>>,
    /// The distance for every period of separators.
    pub separators: RwSignal<Latest<SeparatorMap>>,
    /// The pair that can hardly be told apart.
    pub found: RwSignal<Latest<Found>>,
    /// One of the paper's synthetic figures.
    pub simulation: RwSignal<Latest<Simulation>>,
    /// What the model answers.
    pub answers: RwSignal<Latest<Answers>>,
    /// How a task is answered at many lengths.
    pub lengths: RwSignal<Latest<Lengths>>,
    /// Why the trained weights can't be used, when they can't.
    pub disowned: RwSignal<Option<String>>,
    /// Which of these answer something older than what is wanted, in the order of [`Topic::ALL`].
    pub stale: RwSignal<Stale>,
    /// Who computes.
    pub badge: RwSignal<Option<Badge>>,
    /// What takes long.
    pub work: RwSignal<Option<Work>>,
    /// The reader stopped the work.
    pub is_stopped: RwSignal<bool>,
    /// What went wrong.
    pub notices: RwSignal<Vec<Notice>>,
    /// How far the WebGPU engine's download has come, while it lasts.
    pub download: RwSignal<Option<Download>>,
}

/// The last answer on a topic, and why there is no newer one.
#[derive(Clone, Debug, PartialEq)]
pub struct Latest<T> {
    /// The last answer.
    pub told: Option<Arc<Answered<T>>>,
    /// Why the newest question has none.
    pub refusal: Option<String>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { told: None, refusal: None }
    }
}

impl<T> Latest<T> {
    fn new(part: T, origin: Provenance) -> Self {
        Self { told: Some(Arc::new(Answered { part, origin })), refusal: None }
    }
}

/// An answer and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered<T> {
    /// The answer.
    pub part: T,
    /// Where it came from.
    pub origin: Provenance,
}

impl Engine {
    /// Starts the CPU engine; the WebGPU engine follows where the browser has WebGPU.
    pub fn start(choice: DeviceChoice) -> Self {
        let signals = Signals {
            pair: RwSignal::default(),
            sweep: RwSignal::default(),
            sensitivity: RwSignal::default(),
            exact_refusal: RwSignal::default(),
            reference: RwSignal::default(),
            theory: RwSignal::default(),
            comparison: RwSignal::default(),
            separators: RwSignal::default(),
            found: RwSignal::default(),
            simulation: RwSignal::default(),
            answers: RwSignal::default(),
            lengths: RwSignal::default(),
            disowned: RwSignal::default(),
            stale: RwSignal::default(),
            badge: RwSignal::default(),
            work: RwSignal::default(),
            is_stopped: RwSignal::default(),
            notices: RwSignal::default(),
            download: RwSignal::default(),
        };
        let runtime = Runtime::new(has_webgpu(), signals);
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

    /// The reader stops the work.
    pub fn stop(&self) {
        self.handle(Input::Stop);
    }

    /// The reader takes the work up again.
    pub fn go_on(&self) {
        self.handle(Input::GoOn);
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
    js_sys::Reflect::get(&window().navigator(), &"gpu".into()).is_ok_and(|gpu| gpu.is_truthy())
}
