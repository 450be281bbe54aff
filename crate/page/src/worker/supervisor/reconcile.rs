//! The rules that keep the workers busy and alive. Each looks at the whole state and does nothing where there is nothing to do.

use super::{ADAPTER_MS, BAR_AFTER_MS, DOWNLOAD_MS, IDLE_DEBOUNCE_MS, MIN_RUN_MS, Supervisor, TRIAL_MS, WEBGPU_START_MS};
use crate::worker::gpu_qualification::{Qualification, Step};
use crate::worker::input::{Effect, OwnModel};
use crate::worker::notice::{About, Action, Notice};
use crate::worker::scheduler::{self, QueryKey};
use crate::worker::slot::{Purpose, SlotStatus, seconds};
use glasses_contract::config::{DeviceChoice, WeightsSource};
use glasses_contract::device::DeviceKind;
use glasses_contract::message::{Command, Request};
use glasses_contract::{Admitted, question, say};

impl Supervisor {
    /// The rules. Each does nothing where there is nothing to do.
    pub(super) fn advance(&mut self, now_ms: f64) {
        self.notices.expire(now_ms);
        self.end_the_silent(now_ms);
        self.give_up_the_silent_trial(now_ms);
        self.start_what_is_missing(now_ms);
        self.mention_a_slow_start(now_ms);
        self.drop_what_the_other_engine_does(now_ms);
        self.give_language_model();
        self.drop_what_is_not_wanted(now_ms);
        self.make_way(now_ms);
        self.go_on_with_the_language_trial(now_ms);
        let is_calm = !self.hurries() && self.ask_what_is_wanted(now_ms);
        self.lead_helpers(now_ms);
        if is_calm || self.hurries() {
            self.go_on_with_the_trial(now_ms);
        }
    }

    fn end_the_silent(&mut self, now_ms: f64) {
        for device in [DeviceKind::Cpu, DeviceKind::WebGpu] {
            let slot = self.slot(device);
            if slot.deadline_ms().is_none_or(|deadline| now_ms < deadline) {
                continue;
            }
            let silence = slot.silence(now_ms);
            if slot.is_stuck(now_ms) {
                // What it holds on to nobody waits for: no loss, and nothing to report.
                self.effects.push(Effect::End(device));
                self.slot_mut(device).reset(SlotStatus::NotStarted);
                self.unprove(device);
            } else {
                self.lose(device, &silence, now_ms);
            }
        }
    }

    /// When the WebGPU engine's trial is over, if nothing is heard until then.
    pub(super) fn trial_deadline_ms(&self) -> Option<f64> {
        let asked = self.webgpu.running.as_ref().filter(|running| running.purpose != Purpose::Show);
        match self.qualification {
            Qualification::Asking { since_ms } => Some(since_ms + ADAPTER_MS),
            Qualification::Fetching { heard_ms } => Some(heard_ms + DOWNLOAD_MS),
            Qualification::Starting => Some(self.webgpu.started_ms + WEBGPU_START_MS),
            Qualification::Checking { .. } | Qualification::Timing { .. } => asked.map(|running| running.heard_ms + TRIAL_MS),
            // What a proved engine is asked without being shown is about a language model.
            Qualification::Proved(_) => asked.map(|running| running.heard_ms + TRIAL_MS),
            Qualification::NotBegun | Qualification::Out(_) => None,
        }
    }

    /// What does not answer is not waited for: the CPU goes on, and the reader may try again. An answer that comes late is dropped.
    fn give_up_the_silent_trial(&mut self, now_ms: f64) {
        if self.trial_deadline_ms().is_none_or(|deadline| now_ms < deadline) {
            return;
        }
        let why = match self.qualification {
            Qualification::Asking { .. } => {
                say!("The browser did not answer within {} seconds when asked for a WebGPU adapter.", seconds(ADAPTER_MS))
            }
            Qualification::Fetching { .. } => {
                say!("The download of the WebGPU engine stopped: nothing came for {} seconds.", seconds(DOWNLOAD_MS))
            }
            Qualification::Starting => say!("The WebGPU engine did not start within {} seconds.", seconds(WEBGPU_START_MS)),
            _ => say!("The WebGPU engine did not answer a question of its trial within {} seconds.", seconds(TRIAL_MS)),
        };
        self.dismiss_webgpu(why, now_ms);
    }

    fn start_what_is_missing(&mut self, now_ms: f64) {
        if self.cpu.can_start(now_ms) {
            self.start(DeviceKind::Cpu, now_ms);
        }
        let is_wanted = self.has_webgpu && self.choice != DeviceChoice::Cpu && self.has_drawn;
        let is_rested = self.webgpu.backs_off_until().is_none_or(|until| now_ms >= until);
        if is_wanted && is_rested && matches!(self.qualification, Qualification::NotBegun) {
            self.qualification = Qualification::Asking { since_ms: now_ms };
            self.effects.push(Effect::FindAdapter);
        }
    }

    /// Perhaps the connection is slow, perhaps the worker ended before it could be watched: the reader decides.
    fn mention_a_slow_start(&mut self, now_ms: f64) {
        if self.cpu.is_slow_to_start(now_ms) && !self.notices.has(About::Engine(DeviceKind::Cpu)) {
            let sentence = say!("The engine is taking a long time to load: the connection may be slow.");
            self.notices.put(Notice::new(About::Engine(DeviceKind::Cpu), sentence.into()).with(Action::Retry(DeviceKind::Cpu)));
        }
    }

    /// After a change of engine, the former one's answers are no longer wanted.
    fn drop_what_the_other_engine_does(&mut self, now_ms: f64) {
        let other = match self.active() {
            DeviceKind::Cpu => DeviceKind::WebGpu,
            DeviceKind::WebGpu => DeviceKind::Cpu,
        };
        if self.shows(other).is_some() {
            self.cancel(other, now_ms);
        }
    }

    pub(super) fn cancel(&mut self, device: DeviceKind, now_ms: f64) {
        self.slot_mut(device).abandon(now_ms);
        self.last_id += 1;
        self.effects.push(Effect::Post(device, Request { id: self.last_id, command: Command::Cancel }));
    }

    /// There is a WebGPU adapter, or there is none.
    pub(super) fn found(&mut self, outcome: Result<String, String>, now_ms: f64) {
        if !matches!(self.qualification, Qualification::Asking { .. }) {
            return;
        }
        match outcome {
            Ok(_) if self.choice == DeviceChoice::Cpu => self.qualification = Qualification::NotBegun,
            Ok(adapter) => {
                self.adapter = adapter;
                self.qualification = Qualification::Fetching { heard_ms: now_ms };
                self.effects.push(Effect::Fetch);
            }
            Err(why) => self.qualification = Qualification::Out(why),
        }
    }

    /// The WebGPU engine's code is there, or can't be had.
    pub(super) fn fetched(&mut self, outcome: Result<(), String>, now_ms: f64) {
        if !matches!(self.qualification, Qualification::Fetching { .. }) {
            return;
        }
        match outcome {
            // The reader changed their mind meanwhile: the code stays in the browser's cache.
            Ok(()) if self.choice == DeviceChoice::Cpu => self.qualification = Qualification::NotBegun,
            Ok(()) => self.start(DeviceKind::WebGpu, now_ms),
            Err(why) => self.qualification = Qualification::Out(why),
        }
    }

    pub(super) fn start(&mut self, device: DeviceKind, now_ms: f64) {
        if device == DeviceKind::WebGpu {
            self.qualification = Qualification::Starting;
            self.language_model.trial.begin_anew();
        }
        let generation = self.slot_mut(device).start(now_ms);
        self.effects.push(Effect::Start(device, generation));
    }

    /// Returns whether all that is wanted is there, so that there is time for other things.
    fn ask_what_is_wanted(&mut self, now_ms: f64) -> bool {
        let Some(wanted) = &self.wanted else { return false };
        let device = self.active();
        let known = self.screen.known();
        let mut needed = scheduler::quick(wanted, device, &known);
        let open = needed.len();
        needed.retain(|asked| !self.waits(device, asked.question));
        if needed.is_empty() && open > 0 {
            return false;
        }
        if needed.is_empty() {
            needed = scheduler::follow_ups(wanted, device, &known);
            if !needed.is_empty() && now_ms - self.wanted_since_ms < IDLE_DEBOUNCE_MS {
                return false;
            }
        }
        // What is divided is asked by itself, after what is before it.
        let divided = needed.iter().position(|asked| self.divides(device, asked));
        needed.truncate(divided.map_or(needed.len(), |before| before.max(1)));
        let slot = self.slot(device);
        if needed.is_empty() || self.is_stopped {
            let is_calm = slot.is_idle();
            if is_calm && needed.is_empty() {
                self.slot_mut(device).crashes = 0;
            }
            return is_calm;
        }
        let running = slot.running.as_ref().filter(|running| running.purpose == Purpose::Show);
        let is_under_way = running.is_some_and(|running| needed.iter().all(|asked| running.left.contains(asked)));
        let is_young = running.is_some_and(|running| now_ms - running.sent_ms < MIN_RUN_MS);
        // The one question about a file is over in a moment, and is not taken back.
        let is_checked = slot.running.as_ref().is_some_and(|running| running.purpose == Purpose::CheckFile);
        if !slot.is_ready() || is_under_way || is_young || is_checked {
            return false;
        }
        // A bar that stands goes on standing when a newer request replaces the one that runs.
        let keeps_bar = running.is_some() && now_ms - self.bar_since_ms >= BAR_AFTER_MS;
        let config = wanted.config.clone();
        if device == DeviceKind::WebGpu && self.doubts_first(now_ms) || !self.give_own(device, &config) {
            return false;
        }
        if !self.has_language_model(device, &config) {
            return false;
        }
        if divided == Some(0) {
            self.ask_divided(needed.remove(0), config, now_ms);
            return false;
        }
        if !keeps_bar {
            self.bar_since_ms = now_ms;
        }
        self.ask(device, Purpose::Show, config, needed, now_ms);
        false
    }

    fn go_on_with_the_trial(&mut self, now_ms: f64) {
        if self.choice == DeviceChoice::Cpu || !self.cpu.is_idle() || !self.webgpu.is_idle() {
            return;
        }
        if self.doubt.is_due(now_ms) {
            self.qualification.doubt();
        }
        if let (DeviceChoice::Auto, Some(wanted)) = (self.choice, &self.wanted) {
            self.qualification.follow(wanted);
        }
        let (device, purpose, config) = match self.qualification.step() {
            Some(Step::Check(device, config)) => (device, Purpose::Check, config),
            Some(Step::Time(device, config)) => (device, Purpose::Time, config),
            None => return,
        };
        if !self.give_own(device, &config) {
            return;
        }
        let asked = QueryKey::new(device, question::Pair, &config);
        self.ask(device, purpose, config, vec![asked], now_ms);
    }

    /// Sees to it that an engine has the reader's own model, where a configuration asks for it; says whether it has all that it needs.
    fn give_own(&mut self, device: DeviceKind, config: &Admitted) -> bool {
        let revision = config.model.revision;
        if config.model.weights != WeightsSource::Own || self.slot(device).holds == Some(revision) {
            return true;
        }
        match &self.own {
            OwnModel::Here { revision: here, file, .. } if *here == revision => {
                let file = file.to_vec();
                self.slot_mut(device).holds = Some(revision);
                self.last_id += 1;
                self.effects.push(Effect::Post(device, Request { id: self.last_id, command: Command::Hold { file } }));
                true
            }
            OwnModel::None(why) => {
                self.effects.push(Effect::FallBackToSeed(why.clone()));
                false
            }
            // It is on its way, or the page is about to ask for it.
            OwnModel::Here { .. } | OwnModel::Unknown => false,
        }
    }

    pub(super) fn ask(&mut self, device: DeviceKind, purpose: Purpose, config: Admitted, asked: Vec<QueryKey>, now_ms: f64) {
        self.last_id += 1;
        let id = self.last_id;
        let request = self.slot_mut(device).ask(id, purpose, config, asked, now_ms);
        self.effects.push(Effect::Post(device, request));
    }
}
