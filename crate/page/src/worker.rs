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
pub use handle::{Heard, Wire};
pub use input::{Ending, Origin, OwnModel};
pub use notice::{About, Action, Notice};
pub use scheduler::{Stale, Topic, Wanted, raising, relevant};
pub use status::{Badge, Preparing, Work};

use glasses_contract::config::DeviceChoice;
use glasses_contract::device::DeviceKind;
use glasses_contract::report::{Answers, Comparison, Found, Lengths, Pair, Sensitivity, SeparatorMap, Simulation, Sweep, Theory};
use input::Happening;
use leptos::prelude::*;
use runtime::Runtime;
use std::sync::Arc;

/// The engines.
#[derive(Clone, Copy)]
pub struct Engine {
    /// What they tell.
    pub says: Signals,
    runtime: StoredValue<Runtime, LocalStorage>,
}

/// What the engines tell.
#[derive(Clone, Copy)]
pub struct Signals {
    /// The two sequences at n.
    pub pair: RwSignal<Shown<Pair>>,
    /// The distances at every n.
    pub sweep: RwSignal<Shown<Sweep>>,
    /// The sensitivity to every token.
    pub sensitivity: RwSignal<Shown<Sensitivity>>,
    /// Why the sensitivity stays an estimate, if it does.
    pub exact_refusal: RwSignal<Option<String>>,
    /// The distances at every n, computed in f64.
    pub reference: RwSignal<Shown<Sweep>>,
    /// What the paper's statements say.
    pub theory: RwSignal<Shown<Theory>>,
    /// The cures beside the plain model.
    pub comparison: RwSignal<Shown<Comparison>>,
    /// The distance for every period of separators.
    pub separators: RwSignal<Shown<SeparatorMap>>,
    /// The pair that can hardly be told apart.
    pub found: RwSignal<Shown<Found>>,
    /// One of the paper's synthetic figures.
    pub simulation: RwSignal<Shown<Simulation>>,
    /// What the model answers.
    pub answers: RwSignal<Shown<Answers>>,
    /// How a task is answered at many lengths.
    pub lengths: RwSignal<Shown<Lengths>>,
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
pub struct Shown<T> {
    /// The last answer.
    pub told: Option<Arc<Told<T>>>,
    /// Why the newest question has none.
    pub refusal: Option<String>,
}

impl<T> Default for Shown<T> {
    fn default() -> Self {
        Self { told: None, refusal: None }
    }
}

impl<T> Shown<T> {
    fn new(part: T, origin: Origin) -> Self {
        Self { told: Some(Arc::new(Told { part, origin })), refusal: None }
    }
}

/// An answer and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Told<T> {
    /// The answer.
    pub part: T,
    /// Where it came from.
    pub origin: Origin,
}

impl Engine {
    /// Starts the CPU engine; the WebGPU engine follows where the browser has WebGPU.
    pub fn start(choice: DeviceChoice) -> Self {
        let says = Signals {
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
        let runtime = Runtime::new(has_webgpu(), says);
        runtime.happen(Happening::Chosen(choice));
        Self { says, runtime: StoredValue::new_local(runtime) }
    }

    /// The reader looks at this.
    pub fn want(&self, wanted: Wanted) {
        self.happen(Happening::Wanted(wanted));
    }

    /// The reader chose a device.
    pub fn choose(&self, choice: DeviceChoice) {
        self.happen(Happening::Chosen(choice));
    }

    /// The reader's own model is another one.
    pub fn own(&self, own: OwnModel) {
        self.happen(Happening::Owned(own));
    }

    /// The reader stops the work.
    pub fn stop(&self) {
        self.happen(Happening::Stop);
    }

    /// The reader takes the work up again.
    pub fn go_on(&self) {
        self.happen(Happening::GoOn);
    }

    /// The reader wants an engine to be started again.
    pub fn retry(&self, device: DeviceKind) {
        self.happen(Happening::Retry(device));
    }

    /// The reader has read a notice.
    pub fn dismiss(&self, about: About) {
        self.happen(Happening::Dismiss(about));
    }

    fn happen(&self, happening: Happening) {
        self.runtime.with_value(|runtime| runtime.happen(happening));
    }
}

fn has_webgpu() -> bool {
    js_sys::Reflect::get(&window().navigator(), &"gpu".into()).is_ok_and(|gpu| gpu.is_truthy())
}
