//! Supervises the workers: schedules requests, shares long ones out, restarts crashed workers, verifies WebGPU. A pure state machine.
//!
//! No browser is in here. [`Supervisor::handle`] takes what happened and the time, and gives back what to do. Every rule looks at the whole
//! state rather than at the last event, so no order of events leaves work undone.

mod failures;
mod held;
mod language_model;
mod language_trial;
mod on_message;
mod pool;
mod recheck;
mod reconcile;
#[cfg(test)]
mod tests;

use super::displayed::Displayed;
use super::gpu_qualification::Qualification;
use super::input::{Effect, Input, OwnModel};
use super::notice::{About, Notices};
use super::pace::Costs;
use super::scheduler::{self, Wanted};
use super::slot::{MAX_ENDS, Purpose, Running, SLOW_START_MS, SlotStatus, WorkerSlot};
use super::status::{Badge, Preparing, Status, Work};
use glasses_contract::config::DeviceChoice;
use glasses_contract::device::{self, Decision, DeviceKind};
use glasses_contract::question::{Ask, Topic};
use glasses_contract::say;
use language_trial::Trial;

/// A pause of the reader's, after which the exact answer is asked for.
const IDLE_DEBOUNCE_MS: f64 = 600.0;
/// How long a request may run before a newer one replaces it: short ones come to their end, so that figures move while a slider does.
const MIN_RUN_MS: f64 = 100.0;
/// Work that takes longer gets a bar and a way to stop it.
const BAR_AFTER_MS: f64 = 500.0;
/// How long the browser may take to name a WebGPU adapter.
const ADAPTER_MS: f64 = 15_000.0;
/// How long nothing may come of the WebGPU engine's code: how long all of it takes is the connection's affair.
const DOWNLOAD_MS: f64 = 30_000.0;
/// How long the WebGPU engine may take to start, once its code is there: 15 s are left to the device itself.
const WEBGPU_START_MS: f64 = 30_000.0;
/// How long the WebGPU engine may be silent over a question of its trial.
const TRIAL_MS: f64 = 30_000.0;

/// The state of all workers and of what the reader wants from them.
#[derive(Debug)]
pub struct Supervisor {
    has_webgpu: bool,
    choice: DeviceChoice,
    wanted: Option<Wanted>,
    wanted_since_ms: f64,
    /// What is wanted costs this.
    costs: Costs,
    /// The most that the reader began knowing that it takes long, in floating-point operations.
    agreed: f64,
    /// The reader stopped the work; the next change takes it up again.
    is_stopped: bool,
    /// The CPU has answered all that came first, or one question about a language model, so that the WebGPU engine's download delays nothing.
    has_drawn: bool,
    cpu: WorkerSlot,
    webgpu: WorkerSlot,
    pool: pool::Pool,
    qualification: Qualification,
    doubt: recheck::Doubt,
    own: OwnModel,
    language_model: language_model::Chosen,
    /// The WebGPU adapter's name, as the browser gives it.
    adapter: String,
    screen: Displayed,
    notices: Notices,
    bar_since_ms: f64,
    last_id: u64,
    effects: Vec<Effect>,
}

impl Supervisor {
    /// Before anything happened, on so many cores. Without WebGPU in the browser there is nothing to try.
    pub fn new(has_webgpu: bool, cores: usize) -> Self {
        let qualification =
            if has_webgpu { Qualification::default() } else { Qualification::Out(say!("This browser has no WebGPU.").into()) };
        Self {
            has_webgpu,
            choice: DeviceChoice::default(),
            wanted: None,
            wanted_since_ms: 0.0,
            costs: Costs::new(),
            agreed: 0.0,
            is_stopped: false,
            has_drawn: false,
            cpu: WorkerSlot::default(),
            webgpu: WorkerSlot::default(),
            pool: pool::Pool::new(cores),
            qualification,
            doubt: recheck::Doubt::default(),
            own: OwnModel::default(),
            language_model: language_model::Chosen::default(),
            adapter: String::new(),
            screen: Displayed::default(),
            notices: Notices::default(),
            bar_since_ms: 0.0,
            last_id: 0,
            effects: Vec::new(),
        }
    }

    /// Takes what happened; gives back what to do.
    pub fn handle(&mut self, input: Input, now_ms: f64) -> Vec<Effect> {
        match input {
            Input::Tick => {}
            Input::Wanted(wanted) => self.want(wanted, now_ms),
            Input::Chosen(choice) => self.choice = choice,
            Input::Heard { device, generation, event } if generation == self.slot(device).generation => {
                self.hear(device, event, now_ms);
            }
            Input::Watched(device, generation) if generation == self.slot(device).generation => {
                if let SlotStatus::Ready { watched, .. } = &mut self.slot_mut(device).status {
                    *watched = true;
                }
            }
            Input::Unreadable(device, generation) if generation == self.slot(device).generation => self.outdated(device),
            Input::Died(device, generation, ending) if generation == self.slot(device).generation => self.lose(device, &ending, now_ms),
            Input::Helper(index, generation, heard) => {
                if self.pool.helpers.get(index).is_some_and(|helper| helper.generation == generation) {
                    self.hear_helper(index, heard, now_ms);
                }
            }
            Input::Heard { .. } | Input::Watched(..) | Input::Unreadable(..) | Input::Died(..) => {}
            Input::Adapter(outcome) => self.found(outcome, now_ms),
            Input::Downloaded => {
                if let Qualification::Fetching { heard_ms } = &mut self.qualification {
                    *heard_ms = now_ms;
                }
            }
            Input::Fetched(outcome) => self.fetched(outcome, now_ms),
            Input::Owned(own) => self.own = own,
            Input::LanguageModelChosen(number) => self.choose_language_model(number),
            Input::LanguageModelClosed => self.close_language_model(),
            Input::Stop => self.stop(now_ms),
            Input::GoOn => self.is_stopped = false,
            Input::Begin => self.begin(),
            Input::Retry(device) => self.retry(device),
            Input::Dismiss(about) => self.dismiss(about, now_ms),
        }
        self.advance(now_ms);
        std::mem::take(&mut self.effects)
    }

    /// What the reader should know.
    pub fn status(&self, now_ms: f64) -> Status {
        let decision = self.decision();
        let engine = match &self.slot(decision.device).status {
            SlotStatus::Ready { engine, .. } => Some(engine.clone()),
            _ => None,
        };
        // The engine knows it better than the browser, where it knows it.
        let adapter = match &self.webgpu.status {
            SlotStatus::Ready { engine, .. } if !engine.adapter.is_empty() => engine.adapter.clone(),
            SlotStatus::Ready { .. } => self.adapter.clone(),
            _ => String::new(),
        };
        let reason = match &self.slot(decision.device).status {
            SlotStatus::Failed(_) => say!("No engine is running.").into(),
            _ => decision.reason,
        };
        Status {
            badge: Badge {
                device: decision.device,
                reason,
                engine,
                webgpu_adapter: adapter,
                preparing: self.preparing(),
                can_retry_webgpu: self.has_webgpu && (matches!(self.qualification, Qualification::Out(_)) || self.is_passed_over()),
            },
            work: self.work(now_ms),
            held_ms: self.held_ms(),
            is_stopped: self.is_stopped,
            stale: self.stale(decision.device),
            notices: self.notices.list(),
            is_idle: self.is_idle(now_ms),
        }
    }

    /// When to be told the time again.
    pub fn wake_ms(&self, now_ms: f64) -> Option<f64> {
        let seats = [&self.cpu, &self.webgpu];
        let mut times: Vec<f64> = seats.iter().flat_map(|slot| [slot.deadline_ms(), slot.backs_off_until()]).flatten().collect();
        times.extend(self.pool.wake_ms());
        times.extend(self.trial_deadline_ms());
        times.extend(self.doubt.due_ms());
        times.extend(seats.iter().filter_map(|slot| slot.running.as_ref()).map(|running| running.sent_ms + MIN_RUN_MS));
        times.extend([self.wanted_since_ms + IDLE_DEBOUNCE_MS, self.bar_since_ms + BAR_AFTER_MS]);
        times.extend([self.cpu.started_ms + SLOW_START_MS]);
        times.extend(self.notices.expiry_ms());
        times.into_iter().filter(|&time| time > now_ms).min_by(f64::total_cmp)
    }

    /// Whether no request runs, none will be made as time passes, and no engine is on its way.
    fn is_idle(&self, now_ms: f64) -> bool {
        let is_at_rest = |slot: &WorkerSlot| {
            slot.running.is_none() && slot.status != SlotStatus::Starting && slot.backs_off_until().is_none_or(|until| until <= now_ms)
        };
        let is_qualifying = !matches!(self.qualification, Qualification::NotBegun | Qualification::Proved(_) | Qualification::Out(_));
        now_ms >= self.wanted_since_ms + IDLE_DEBOUNCE_MS
            && is_at_rest(&self.cpu)
            && is_at_rest(&self.webgpu)
            && !is_qualifying
            && !self.tries_language_model()
            && !self.is_shared()
    }

    fn preparing(&self) -> Option<Preparing> {
        match self.qualification {
            Qualification::Asking { .. } | Qualification::Fetching { .. } | Qualification::Starting => Some(Preparing::Loading),
            Qualification::Checking { before: None, .. } | Qualification::Timing { before: None, .. }
                if self.choice != DeviceChoice::Cpu =>
            {
                Some(Preparing::Comparing)
            }
            _ if self.tries_language_model() => Some(Preparing::Comparing),
            _ => None,
        }
    }

    fn want(&mut self, wanted: Wanted, now_ms: f64) {
        if self.wanted.as_ref() == Some(&wanted) {
            return;
        }
        self.costs = wanted.costs(self.active());
        self.wanted = Some(wanted);
        (self.wanted_since_ms, self.is_stopped) = (now_ms, false);
        if matches!(self.cpu.status, SlotStatus::Failed(_)) {
            // Perhaps it was that question that ended it: one more try.
            self.cpu.reset(SlotStatus::NotStarted);
            self.cpu.crashes = MAX_ENDS - 1;
        } else {
            self.cpu.crashes = 0;
        }
    }

    fn stop(&mut self, now_ms: f64) {
        let device = self.active();
        let shows = self.shows(device).is_some();
        if shows {
            self.cancel(device, now_ms);
        }
        if shows || self.is_shared() || self.held_ms().is_some() {
            self.is_stopped = true;
            self.drop_divided(now_ms);
        }
    }

    /// What an engine is at for the reader.
    fn shows(&self, device: DeviceKind) -> Option<&Running> {
        self.slot(device).running.as_ref().filter(|running| running.purpose == Purpose::Show)
    }

    fn retry(&mut self, device: DeviceKind) {
        self.notices.remove(About::Engine(device));
        self.slot_mut(device).crashes = 0;
        match device {
            DeviceKind::Cpu if matches!(self.cpu.status, SlotStatus::Failed(_) | SlotStatus::Starting) => {
                self.effects.push(Effect::End(device));
                self.cpu.reset(SlotStatus::NotStarted);
            }
            DeviceKind::WebGpu if self.has_webgpu && matches!(self.qualification, Qualification::Out(_)) => {
                self.qualification = Qualification::NotBegun
            }
            DeviceKind::WebGpu if self.is_passed_over() => self.language_model.trial = Trial::default(),
            _ => {}
        }
    }

    fn dismiss(&mut self, about: About, now_ms: f64) {
        self.notices.remove(about);
        if self.cpu.status == SlotStatus::Starting {
            // The reader waits on: it is mentioned again after as long a time.
            self.cpu.started_ms = now_ms;
        }
    }

    fn work(&self, now_ms: f64) -> Option<Work> {
        let device = self.active();
        if self.slot(device).status == SlotStatus::Starting && !self.has_drawn {
            return Some(Work { label: say!("Loading the engine").into(), topic: None, share: None, left_ms: None });
        }
        if now_ms - self.bar_since_ms < BAR_AFTER_MS {
            return None;
        }
        let Some(running) = self.shows(device) else { return self.shared_work(now_ms) };
        let question = running.left.first()?.question;
        Some(Work {
            label: question.label().into(),
            topic: Some(question.topic()),
            share: Some(running.share()),
            left_ms: running.left_ms(now_ms),
        })
    }

    fn stale(&self, device: DeviceKind) -> Vec<Topic> {
        self.wanted.as_ref().map(|wanted| scheduler::stale(wanted, device, &self.screen.shown())).unwrap_or_default()
    }

    fn active(&self) -> DeviceKind {
        self.decision().device
    }

    fn decision(&self) -> Decision {
        let standing = self.qualification.standing();
        match self.wanted.as_ref().and_then(|wanted| wanted.config.model.file) {
            Some(_) => device::decide_about_file(self.choice, &standing, &self.language_model.trial.standing),
            None => device::decide(self.choice, &standing),
        }
    }

    fn slot(&self, device: DeviceKind) -> &WorkerSlot {
        match device {
            DeviceKind::Cpu => &self.cpu,
            DeviceKind::WebGpu => &self.webgpu,
        }
    }

    fn slot_mut(&mut self, device: DeviceKind) -> &mut WorkerSlot {
        match device {
            DeviceKind::Cpu => &mut self.cpu,
            DeviceKind::WebGpu => &mut self.webgpu,
        }
    }
}
