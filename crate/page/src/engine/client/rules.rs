//! The rules that keep the workers busy and alive. Each looks at the whole state and does nothing where there is nothing to do.

use super::{BAR_AFTER_MS, Client, HOLD_MS, MAX_ENDS, PAUSE_MS, REST_MS, SLOW_START_MS};
use crate::engine::happening::Effect;
use crate::engine::notice::{About, Action, Notice};
use crate::engine::plan::{self, Asked};
use crate::engine::seat::{Purpose, Stage};
use crate::engine::trial::{Step, Trial};
use glasses_contract::config::DeviceChoice;
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::{heard, together};
use glasses_contract::message::{Question, Request, Task};
use glasses_contract::{Config, say};

impl Client {
    /// The rules. Each does nothing where there is nothing to do.
    pub(super) fn advance(&mut self, now_ms: f64) {
        self.notices.expire(now_ms);
        self.end_the_silent(now_ms);
        self.start_what_is_missing(now_ms);
        self.mention_a_slow_start(now_ms);
        self.drop_what_the_other_engine_does();
        let is_calm = self.ask_what_is_wanted(now_ms);
        if is_calm {
            self.go_on_with_the_trial(now_ms);
        }
    }

    fn end_the_silent(&mut self, now_ms: f64) {
        for device in [DeviceKind::Cpu, DeviceKind::WebGpu] {
            let seat = self.seat(device);
            if seat.deadline_ms().is_none_or(|deadline| now_ms < deadline) {
                continue;
            }
            let silent_ms = seat.running.as_ref().map_or(0.0, |running| now_ms - running.heard_ms);
            if seat.running.as_ref().is_some_and(|running| running.cancelled_ms.is_some()) {
                // The reader asked for it: no loss, and nothing to report.
                self.effects.push(Effect::End(device));
                self.seat_mut(device).vacate(Stage::Empty);
                self.unprove(device);
            } else {
                self.lose(device, &say!("nothing was heard of it for {} seconds.", format!("{:.0}", silent_ms / 1000.0)), now_ms);
            }
        }
    }

    fn start_what_is_missing(&mut self, now_ms: f64) {
        if self.cpu.stage == Stage::Empty && self.cpu.rests_until().is_none_or(|until| now_ms >= until) {
            self.start(DeviceKind::Cpu, now_ms);
        }
        let is_wanted = self.has_webgpu && self.choice != DeviceChoice::Cpu && self.has_drawn;
        let is_rested = self.webgpu.rests_until().is_none_or(|until| now_ms >= until);
        if is_wanted && is_rested && matches!(self.trial, Trial::NotBegun) {
            self.trial = Trial::Fetching;
            self.effects.push(Effect::Fetch);
        }
    }

    /// Perhaps the connection is slow, perhaps the worker ended before it could be watched: the reader decides.
    fn mention_a_slow_start(&mut self, now_ms: f64) {
        let is_slow = self.cpu.stage == Stage::Starting && now_ms - self.cpu.started_ms >= SLOW_START_MS;
        if is_slow && !self.notices.has(About::Engine(DeviceKind::Cpu)) {
            let sentence = say!("The engine takes long to load: the connection may be slow.");
            self.notices.put(Notice::new(About::Engine(DeviceKind::Cpu), sentence.into()).with(Action::Retry(DeviceKind::Cpu)));
        }
    }

    /// After a change of engine, the former one's answers are no longer wanted.
    fn drop_what_the_other_engine_does(&mut self) {
        let other = match self.active() {
            DeviceKind::Cpu => DeviceKind::WebGpu,
            DeviceKind::WebGpu => DeviceKind::Cpu,
        };
        let seat = self.seat_mut(other);
        if seat.running.take_if(|running| running.purpose == Purpose::Show).is_some() {
            self.cancel(other);
        }
    }

    pub(super) fn cancel(&mut self, device: DeviceKind) {
        self.last_id += 1;
        self.effects.push(Effect::Post(device, Request { id: self.last_id, task: Task::Cancel }));
    }

    /// The WebGPU engine's code is there, or can't be had.
    pub(super) fn fetched(&mut self, outcome: Result<String, String>, now_ms: f64) {
        if !matches!(self.trial, Trial::Fetching) {
            return;
        }
        match outcome {
            // The reader changed their mind meanwhile: the code stays in the browser's cache.
            Ok(_) if self.choice == DeviceChoice::Cpu => self.trial = Trial::NotBegun,
            Ok(adapter) => {
                self.adapter = adapter;
                self.start(DeviceKind::WebGpu, now_ms);
            }
            Err(why) => self.trial = Trial::Out(why),
        }
    }

    pub(super) fn start(&mut self, device: DeviceKind, now_ms: f64) {
        if device == DeviceKind::WebGpu {
            self.trial = Trial::Starting;
        }
        let generation = self.seat_mut(device).start(now_ms);
        self.effects.push(Effect::Start(device, generation));
    }

    /// Returns whether all that is wanted is there, so that there is time for other things.
    fn ask_what_is_wanted(&mut self, now_ms: f64) -> bool {
        let Some(wanted) = &self.wanted else { return false };
        let device = self.active();
        let known = self.screen.known();
        let mut needed = plan::quick(wanted, device, &known);
        if needed.is_empty() {
            needed = plan::follow_ups(wanted, device, &known);
            if !needed.is_empty() && now_ms - self.wanted_since_ms < PAUSE_MS {
                return false;
            }
        }
        let seat = self.seat(device);
        if needed.is_empty() || self.is_stopped {
            let is_calm = seat.is_idle();
            if is_calm && needed.is_empty() {
                self.seat_mut(device).ends = 0;
            }
            return is_calm;
        }
        let running = seat.running.as_ref().filter(|running| running.purpose == Purpose::Show);
        let is_under_way = running.is_some_and(|running| needed.iter().all(|asked| running.left.contains(asked)));
        let is_held = running.is_some_and(|running| now_ms - running.sent_ms < HOLD_MS);
        if !seat.is_ready() || is_under_way || is_held {
            return false;
        }
        // A bar that stands goes on standing when a newer request replaces the one that runs.
        let keeps_bar = running.is_some() && now_ms - self.bar_since_ms >= BAR_AFTER_MS;
        let config = wanted.config.clone();
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
        if let (DeviceChoice::Auto, Some(wanted)) = (self.choice, &self.wanted) {
            self.trial.follow(wanted);
        }
        let (device, purpose, config) = match self.trial.step() {
            Some(Step::Check(device, config)) => (device, Purpose::Check, config),
            Some(Step::Time(device, config)) => (device, Purpose::Time, config),
            None => return,
        };
        let asked = Asked::new(device, Question::Pair, &config);
        self.ask(device, purpose, config, vec![asked], now_ms);
    }

    fn ask(&mut self, device: DeviceKind, purpose: Purpose, config: Config, asked: Vec<Asked>, now_ms: f64) {
        self.last_id += 1;
        let id = self.last_id;
        let request = self.seat_mut(device).ask(id, purpose, config, asked, now_ms);
        self.effects.push(Effect::Post(device, request));
    }

    /// A worker is gone. It is started again, unless it ended too often in a row.
    pub(super) fn lose(&mut self, device: DeviceKind, why: &str, now_ms: f64) {
        let was_used = self.active() == device;
        self.effects.push(Effect::End(device));
        let seat = self.seat_mut(device);
        seat.vacate(Stage::Empty);
        seat.ends += 1;
        let ends = seat.ends;
        seat.rest_until_ms = now_ms + REST_MS * f64::from(1 << ends.min(6));
        let name = device.label();
        self.unprove(device);
        let gives_up = ends >= MAX_ENDS;
        let stopped = if gives_up {
            say!("The {} engine stopped {} times in a row: {}", name, ends, heard(why))
        } else {
            say!("The {} engine stopped: {}", name, heard(why))
        };
        let goes_on = match (device, gives_up) {
            (DeviceKind::Cpu, false) => say!("It is started again; nothing is lost."),
            (DeviceKind::Cpu, true) => "",
            (DeviceKind::WebGpu, _) => say!("The CPU goes on."),
        };
        let sentence = together([stopped.as_str(), goes_on]);
        if gives_up {
            self.close(device, sentence.clone());
        }
        if was_used {
            let notice = Notice::new(About::Engine(device), sentence);
            self.notices.put(if gives_up { notice.with(Action::Retry(device)) } else { notice.until(now_ms + Notice::LONG_MS) });
        }
    }

    /// A worker is gone and does not come back by itself.
    pub(super) fn close(&mut self, device: DeviceKind, why: String) {
        self.effects.push(Effect::End(device));
        self.seat_mut(device).vacate(Stage::Out(why.clone()));
        if device == DeviceKind::WebGpu {
            self.trial = Trial::Out(why);
        }
    }

    /// The worker itself says that there is no engine.
    pub(super) fn refuse_service(&mut self, device: DeviceKind, why: String) {
        let why = heard(&why);
        self.close(device, why.clone());
        if device == DeviceKind::Cpu {
            self.notices.put(Notice::new(About::Engine(device), why).with(Action::Retry(device)));
        }
    }

    /// Page and worker are of different builds.
    pub(super) fn outdated(&mut self, device: DeviceKind) {
        let sentence = say!("This page was updated while you had it open, and its parts no longer fit together.");
        self.close(device, sentence.into());
        self.notices.put(Notice::new(About::Version, sentence.into()).with(Action::Reload));
    }

    /// A WebGPU engine that was lost has to prove itself anew.
    fn unprove(&mut self, device: DeviceKind) {
        if device == DeviceKind::WebGpu {
            self.trial = Trial::NotBegun;
        }
    }
}
