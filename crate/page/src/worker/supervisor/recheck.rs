//! When a WebGPU engine that was believed is asked the known question again: a device may go wrong later.

use super::Supervisor;
use crate::worker::gpu_qualification::{Qualification, Step};
use crate::worker::notice::{About, Action, Notice};
use crate::worker::scheduler::QueryKey;
use crate::worker::slot::Purpose;
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::together;
use glasses_contract::report::Pair;
use glasses_contract::{question, say};

/// Answers after which the question is asked again.
const ANSWERS: u32 = 100;
/// A rest after which the question is asked again: devices are put to sleep, and wake up.
const BACKOFF_MS: f64 = 60_000.0;

/// What was shown since the WebGPU engine was last right.
#[derive(Debug, Default)]
pub struct Doubt {
    answers: u32,
    /// When the last of them came, or when the engine was right.
    since_ms: f64,
    /// The last of them came after a rest.
    is_awake_again: bool,
}

impl Doubt {
    /// The engine gave an answer that is shown.
    pub fn answered(&mut self, device: DeviceKind, now_ms: f64) {
        if device == DeviceKind::WebGpu {
            self.is_awake_again |= now_ms - self.since_ms >= BACKOFF_MS;
            (self.answers, self.since_ms) = (self.answers + 1, now_ms);
        }
    }

    /// The engine was right.
    pub fn settle(&mut self, now_ms: f64) {
        *self = Self { answers: 0, since_ms: now_ms, is_awake_again: false };
    }

    /// Whether so much was shown that the question comes before the next answer.
    fn is_pressing(&self) -> bool {
        self.answers >= ANSWERS
    }

    /// Whether the question is to be asked when there is time.
    pub fn is_due(&self, now_ms: f64) -> bool {
        self.is_pressing() || self.is_awake_again || self.due_ms().is_some_and(|due| due <= now_ms)
    }

    /// When a rest will have been long enough, if anything was shown before it.
    pub fn due_ms(&self) -> Option<f64> {
        (self.answers > 0).then_some(self.since_ms + BACKOFF_MS)
    }
}

impl Supervisor {
    /// Asks the known question in the place of what is wanted, if it is time, or is being asked. Says whether it is so.
    pub(super) fn doubts_first(&mut self, now_ms: f64) -> bool {
        if self.doubt.is_pressing() {
            self.qualification.doubt();
        }
        if !self.qualification.is_in_doubt() {
            return false;
        }
        let is_asked = self.webgpu.running.as_ref().is_some_and(|running| running.purpose == Purpose::Check);
        if let (false, Some(Step::Check(device, config))) = (is_asked, self.qualification.step()) {
            let asked = QueryKey::new(device, question::Pair, &config);
            self.ask(device, Purpose::Check, config, vec![asked], now_ms);
        }
        true
    }

    /// Takes an engine's answer to the known question. What was shown by a WebGPU engine that is wrong is asked of the CPU, since no
    /// answer of another engine counts for it.
    pub(super) fn check(&mut self, device: DeviceKind, pair: Pair, now_ms: f64) {
        let Some(wanted) = &self.wanted else { return };
        let was_in_doubt = self.qualification.is_in_doubt();
        self.qualification.checked(device, pair, wanted);
        match &self.qualification {
            Qualification::Timing { .. } | Qualification::Proved(_) => self.doubt.settle(now_ms),
            Qualification::Out(why) => {
                let why = why.clone();
                if was_in_doubt {
                    let sentence = together([
                        why.as_str(),
                        say!("What it showed since it was last checked may be wrong, and is computed again by the CPU."),
                    ]);
                    self.notices.put(Notice::new(About::Engine(DeviceKind::WebGpu), sentence).with(Action::Retry(DeviceKind::WebGpu)));
                }
                self.close(DeviceKind::WebGpu, why);
            }
            _ => {}
        }
    }

    /// The WebGPU engine is given up: why, as a sentence. Where it computed until now, the reader is told.
    pub(super) fn dismiss_webgpu(&mut self, why: String, now_ms: f64) {
        let was_used = self.active() == DeviceKind::WebGpu;
        self.close(DeviceKind::WebGpu, why.clone());
        if was_used {
            let sentence = together([why.as_str(), say!("The CPU goes on.")]);
            self.notices.put(Notice::new(About::Engine(DeviceKind::WebGpu), sentence).until(now_ms + Notice::LONG_MS));
        }
    }
}
