//! Does what the client says: starts and ends workers, sends requests, sets the clock, and tells the page.

use super::Signals;
use super::download;
use super::handle::{WorkerHandle, WorkerMessage};
use super::input::{Effect, Ending, Heard, Input, LanguageModel};
use super::supervisor::Supervisor;
use crate::browser::idle::{self, set_busy};
use crate::browser::now_ms;
use glasses_contract::device::DeviceKind;
use glasses_contract::message::Request;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;
use web_sys::File;

/// A clock that strikes this much too late was held up.
const LATE_MS: f64 = 100.0;

/// The running engines. Clones are the same.
#[derive(Clone)]
pub struct Runtime(Rc<RefCell<Inside>>);

struct Inside {
    client: Supervisor,
    cpu: Option<WorkerHandle>,
    webgpu: Option<WorkerHandle>,
    helpers: BTreeMap<usize, WorkerHandle>,
    /// The file of a language model that the reader chose, and how many were chosen.
    language_model: (Option<File>, u32),
    timer: Option<TimeoutHandle>,
    /// What happened while something else was being handled.
    waiting: VecDeque<Input>,
    is_handling: bool,
    signals: Signals,
}

impl Runtime {
    /// Starts nothing yet: the first happening does.
    pub fn new(has_webgpu: bool, cores: usize, signals: Signals) -> Self {
        let client = Supervisor::new(has_webgpu, cores);
        Self(Rc::new(RefCell::new(Inside {
            client,
            cpu: None,
            webgpu: None,
            helpers: BTreeMap::new(),
            language_model: (None, 0),
            timer: None,
            waiting: VecDeque::new(),
            is_handling: false,
            signals,
        })))
    }

    /// Takes what happened, one thing after the other.
    pub fn handle(&self, input: Input) {
        {
            let mut inside = self.0.borrow_mut();
            inside.waiting.push_back(input);
            if std::mem::replace(&mut inside.is_handling, true) {
                return;
            }
        }
        loop {
            let effects = {
                let mut inside = self.0.borrow_mut();
                let Some(input) = inside.waiting.pop_front() else {
                    inside.is_handling = false;
                    break;
                };
                inside.client.handle(input, now_ms())
            };
            effects.into_iter().for_each(|effect| self.perform(effect));
        }
        self.tell();
        self.set_clock();
    }

    fn perform(&self, effect: Effect) {
        let signals = self.0.borrow().signals;
        match effect {
            Effect::FindAdapter => self.find_adapter(),
            Effect::Fetch => self.fetch(),
            Effect::Start(device, generation) => self.start(device, generation),
            Effect::End(device) => *self.0.borrow_mut().wire(device) = None,
            Effect::Post(device, request) => {
                let posted = self.0.borrow_mut().wire(device).as_ref().map(|wire| wire.post(&request));
                if let Some(Err(why)) = posted {
                    leptos::logging::warn!("{why}");
                }
            }
            Effect::StartHelper(index, generation) => self.start_helper(index, generation),
            Effect::EndHelper(index) => drop(self.0.borrow_mut().helpers.remove(&index)),
            Effect::PostHelper(index, request) => {
                let posted = self.0.borrow().helpers.get(&index).map(|wire| wire.post(&request));
                if let Some(Err(why)) = posted {
                    leptos::logging::warn!("{why}");
                }
            }
            Effect::PostLanguageModel(device, request) => self.post_language_model(device, &request),
            Effect::TellLanguageModel(language_model) => {
                if matches!(language_model, LanguageModel::None | LanguageModel::Refused(_)) {
                    self.0.borrow_mut().language_model.0 = None;
                }
                signals.language_model.set(language_model);
            }
            Effect::Show(answer, origin) => signals.answers.show(*answer, *origin),
            Effect::Refuse(question, sentence) => signals.answers.refuse(question, sentence),
            Effect::FallBackToSeed(why) => signals.disowned.set(Some(why)),
        }
    }

    /// Takes the file of a language model in the place of the one before.
    pub fn open_language_model(&self, file: File) {
        let number = {
            let (held, number) = &mut self.0.borrow_mut().language_model;
            (*held, *number) = (Some(file), *number + 1);
            *number
        };
        self.handle(Input::LanguageModelChosen(number));
    }

    fn post_language_model(&self, device: DeviceKind, request: &Request) {
        let posted = {
            let mut inside = self.0.borrow_mut();
            let file = inside.language_model.0.clone();
            inside.wire(device).as_ref().zip(file).map(|(wire, file)| wire.post_with(request, &file))
        };
        if let Some(Err(why)) = posted {
            leptos::logging::warn!("{why}");
        }
    }

    fn start(&self, device: DeviceKind, generation: u64) {
        let runtime = self.clone();
        let hear = move |heard| {
            runtime.handle(match heard {
                WorkerMessage::Event(event) => Input::Heard { device, generation, event: *event },
                WorkerMessage::Watched => Input::Watched(device, generation),
                WorkerMessage::Unreadable => Input::Unreadable(device, generation),
                WorkerMessage::Died(ending) => Input::Died(device, generation, ending),
            });
        };
        match WorkerHandle::start(device, hear) {
            Ok(wire) => *self.0.borrow_mut().wire(device) = Some(wire),
            Err(why) => self.handle(Input::Died(device, generation, Ending::Crashed(why))),
        }
    }

    fn start_helper(&self, index: usize, generation: u64) {
        let runtime = self.clone();
        let hear = move |heard| {
            let heard = match heard {
                WorkerMessage::Event(event) => Heard::Event(event),
                WorkerMessage::Watched => Heard::Watched,
                WorkerMessage::Unreadable | WorkerMessage::Died(_) => Heard::Ended,
            };
            runtime.handle(Input::Helper(index, generation, heard));
        };
        match WorkerHandle::start(DeviceKind::Cpu, hear) {
            Ok(wire) => drop(self.0.borrow_mut().helpers.insert(index, wire)),
            Err(_) => self.handle(Input::Helper(index, generation, Heard::Ended)),
        }
    }

    fn find_adapter(&self) {
        let runtime = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let adapter = download::adapter().await;
            runtime.handle(Input::Adapter(adapter));
        });
    }

    fn fetch(&self) {
        let runtime = self.clone();
        let download = self.0.borrow().signals.download;
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = download::webgpu_engine(|progress| {
                download.set(Some(progress));
                runtime.handle(Input::Downloaded);
            });
            let outcome = outcome.await;
            download.set(None);
            runtime.handle(Input::Fetched(outcome));
        });
    }

    /// Sets the signals that changed, and only those.
    fn tell(&self) {
        let (status, signals) = {
            let inside = self.0.borrow();
            (inside.client.status(now_ms()), inside.signals)
        };
        set(signals.badge, Some(status.badge));
        set(signals.work, status.work);
        set(signals.held_ms, status.held_ms);
        set(signals.is_stopped, status.is_stopped);
        set(signals.stale, status.stale);
        set(signals.notices, status.notices);
        // Figures that these signals change are in their queue before anything else runs.
        set_busy(idle::Part::Engine, !status.is_idle);
    }

    fn set_clock(&self) {
        let now = now_ms();
        let mut inside = self.0.borrow_mut();
        if let Some(timer) = inside.timer.take() {
            timer.clear();
        }
        let Some(wake) = inside.client.wake_ms(now) else { return };
        let runtime = self.clone();
        // A millisecond more, for timers are rounded down.
        let wait = Duration::from_secs_f64((wake - now + 1.0).max(0.0) / 1000.0);
        let tick = move || {
            if now_ms() - wake < LATE_MS {
                return runtime.handle(Input::Tick);
            }
            // The page itself was busy, or asleep: what the workers said meanwhile is heard before they are found to be silent.
            set_timeout(move || runtime.handle(Input::Tick), Duration::ZERO);
        };
        inside.timer = set_timeout_with_handle(tick, wait).ok();
    }
}

impl Inside {
    fn wire(&mut self, device: DeviceKind) -> &mut Option<WorkerHandle> {
        match device {
            DeviceKind::Cpu => &mut self.cpu,
            DeviceKind::WebGpu => &mut self.webgpu,
        }
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
