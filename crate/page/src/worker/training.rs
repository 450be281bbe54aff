//! Training in this browser: a worker of its own, so that everything else on the page stays live.

mod supervisor;

pub use supervisor::Phase;

use crate::browser::{file, now_ms};
use crate::worker::{OwnModel, WorkerHandle, WorkerMessage};
use glasses_contract::Config;
use glasses_contract::device::DeviceKind;
use glasses_contract::message::Kept;
use leptos::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use supervisor::{Effect, Input, Judged, Supervisor};
use web_sys::File;

/// The name of the file in which a reader keeps a model.
const FILE: &str = "glasses-model.safetensors";

/// The run, the reader's own model, and the worker that has to do with both: signals that tell, and what can be asked.
#[derive(Clone, Copy)]
pub struct Training {
    /// What the worker is at.
    pub phase: RwSignal<Phase>,
    /// The loss of every step of the run that is shown.
    pub losses: RwSignal<Arc<Vec<f64>>>,
    /// Steps taken when the model was judged, and how often it answered right.
    pub judged: RwSignal<Arc<Judged>>,
    /// The link of that run's recipe; none where no run is shown.
    pub recipe: RwSignal<Option<String>>,
    /// All that is kept, in this browser or in this tab.
    pub kept: RwSignal<Vec<Kept>>,
    /// Why it is kept in this tab only, where that is so.
    pub unkept: RwSignal<Option<String>>,
    /// The reader's own model. It is this tab's: what another tab keeps does not change it.
    pub own: RwSignal<OwnModel>,
    /// What went wrong.
    pub fault: RwSignal<Option<String>>,
    inside: StoredValue<Inside, LocalStorage>,
}

struct Inside {
    supervisor: Supervisor<File>,
    wire: Option<WorkerHandle>,
    generation: u64,
    timer: Option<TimeoutHandle>,
    /// What happened while something else was being handled.
    waiting: VecDeque<Input<File>>,
    is_handling: bool,
}

impl Training {
    /// Starts nothing yet.
    pub fn new() -> Self {
        Self {
            phase: RwSignal::default(),
            losses: RwSignal::default(),
            judged: RwSignal::default(),
            recipe: RwSignal::default(),
            kept: RwSignal::default(),
            unkept: RwSignal::default(),
            own: RwSignal::default(),
            fault: RwSignal::default(),
            inside: StoredValue::new_local(Inside {
                supervisor: Supervisor::new(),
                wire: None,
                generation: 0,
                timer: None,
                waiting: VecDeque::new(),
                is_handling: false,
            }),
        }
    }

    /// Looks at what is kept in this browser, unless that was done.
    pub fn wake(self) {
        self.handle(Input::Wake);
    }

    /// The form holds the recipe of this link: its run is shown, where one is kept and none is under way.
    pub fn look_at(self, link: String) {
        self.handle(Input::LookAt(link));
    }

    /// Looks again at what is kept, which another tab may have changed.
    pub fn recall(self) {
        self.handle(Input::Recall);
    }

    /// Trains the configuration's model, whose link is this, or goes on with the run of the same recipe.
    pub fn train(self, config: Config, link: String) {
        self.handle(Input::Train(Box::new(config.experiment), link));
    }

    /// Whether a run is under way.
    pub fn is_busy(self) -> bool {
        matches!(self.phase.get(), Phase::Running | Phase::Pausing)
    }

    /// Whether the run that is shown is of this recipe.
    pub fn is_of(self, link: &str) -> bool {
        self.recipe.with(|recipe| recipe.as_deref() == Some(link))
    }

    /// Stops the run; it is kept. A worker that does not stop is ended.
    pub fn pause(self) {
        self.handle(Input::Pause);
    }

    /// Forgets what is kept of a recipe.
    pub fn forget(self, kept: &Kept) {
        self.handle(Input::Forget(kept.clone()));
    }

    /// Makes a finished model that is kept the reader's own.
    pub fn choose(self, link: String) {
        self.handle(Input::Choose(link));
    }

    /// Opens a file as the reader's own model: by its size here, and by what is in it where it is kept.
    pub fn open(self, file: File) {
        self.handle(Input::Open { name: file.name(), bytes: file.size() as u64, file });
    }

    /// Saves the reader's own model where the browser keeps downloads.
    pub fn save(self) {
        let saved = self.own.with_untracked(|own| match own {
            OwnModel::Here { file, .. } => file::save_bytes(FILE, "application/octet-stream", file),
            OwnModel::Unknown | OwnModel::None(_) => Ok(()),
        });
        if let Err(why) = saved {
            self.handle(Input::Unsaved(why));
        }
    }

    /// Takes what happened, one thing after the other.
    fn handle(self, input: Input<File>) {
        let was_handling = self.inside.try_update_value(|inside| {
            inside.waiting.push_back(input);
            std::mem::replace(&mut inside.is_handling, true)
        });
        if was_handling != Some(false) {
            return;
        }
        let next = |inside: &mut Inside| {
            let input = inside.waiting.pop_front();
            inside.is_handling = input.is_some();
            input.map(|input| inside.supervisor.handle(input, now_ms()))
        };
        while let Some(effects) = self.inside.try_update_value(next).flatten() {
            effects.into_iter().for_each(|effect| self.perform(effect));
        }
        self.tell();
        self.set_clock();
    }

    fn perform(self, effect: Effect<File>) {
        match effect {
            Effect::Start(generation) => self.start(generation),
            Effect::End => self.inside.update_value(|inside| inside.wire = None),
            Effect::Post(request, file) => {
                let posted = self.inside.with_value(|inside| match (&inside.wire, file) {
                    (Some(wire), Some(file)) => wire.post_with(&request, &file),
                    (Some(wire), None) => wire.post(&request),
                    (None, _) => Ok(()),
                });
                if let Err(why) = posted {
                    self.handle(Input::Unreachable(self.inside.with_value(|inside| inside.generation), why));
                }
            }
            Effect::ShowLosses { from: 0, losses } => self.losses.set(Arc::new(losses)),
            Effect::ShowLosses { from, losses } => self.losses.update(|known| {
                let known = Arc::make_mut(known);
                known.truncate(from);
                known.extend(losses);
            }),
            Effect::ShowOwn(own) => self.own.set(own),
        }
    }

    fn start(self, generation: u64) {
        let hear = move |message| {
            self.handle(match message {
                WorkerMessage::Event(event) => Input::Heard(generation, event),
                // A run takes as long as it takes: only a pause has its time.
                WorkerMessage::Watched => return,
                WorkerMessage::Unreadable => Input::Unreadable(generation),
                WorkerMessage::Died(ending) => Input::Died(generation, ending),
            });
        };
        match WorkerHandle::start(DeviceKind::Cpu, hear) {
            Ok(wire) => self.inside.update_value(|inside| (inside.wire, inside.generation) = (Some(wire), generation)),
            Err(why) => self.handle(Input::Unreachable(generation, why)),
        }
    }

    /// Sets the signals that changed, and only those.
    fn tell(self) {
        let status = self.inside.with_value(|inside| inside.supervisor.status().clone());
        set(self.phase, status.phase);
        set(self.judged, status.judged);
        set(self.recipe, status.recipe);
        set(self.kept, status.kept);
        set(self.unkept, status.unkept);
        set(self.fault, status.fault);
    }

    fn set_clock(self) {
        let wake_ms = self.inside.try_update_value(|inside| {
            inside.timer.take().iter().for_each(TimeoutHandle::clear);
            inside.supervisor.wake_ms()
        });
        let Some(wake_ms) = wake_ms.flatten() else { return };
        // A millisecond more, for timers are rounded down.
        let wait = Duration::from_secs_f64((wake_ms - now_ms() + 1.0).max(0.0) / 1000.0);
        // What waits to be heard, where the page itself was busy, is heard first.
        let tick = move || set_timeout(move || self.handle(Input::Tick), Duration::ZERO);
        let timer = set_timeout_with_handle(tick, wait).ok();
        self.inside.update_value(|inside| inside.timer = timer);
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
