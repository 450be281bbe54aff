//! When a worker is gone, or never came: what is said, and whether another one is started.

use super::Supervisor;
use crate::worker::gpu_qualification::Qualification;
use crate::worker::input::{Effect, Ending};
use crate::worker::notice::{About, Action, Notice};
use crate::worker::slot::{MAX_ENDS, SlotStatus};
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::together;
use glasses_contract::say;

impl Supervisor {
    /// A worker is gone. It is started again, unless that can't help, or it ended too often in a row.
    pub(super) fn lose(&mut self, device: DeviceKind, ending: &Ending, now_ms: f64) {
        let was_used = self.active() == device;
        match device {
            DeviceKind::Cpu => self.was_reading(),
            DeviceKind::WebGpu => self.lose_language_trial(),
        }
        self.effects.push(Effect::End(device));
        let ends = self.slot_mut(device).lose(now_ms);
        self.unprove(device);
        let is_gone = matches!(ending, Ending::Gone(_));
        let gives_up = is_gone || ends >= MAX_ENDS;
        let goes_on = match (device, gives_up) {
            (DeviceKind::Cpu, false) => say!("It is restarting; nothing is lost."),
            (DeviceKind::Cpu, true) => "",
            (DeviceKind::WebGpu, _) => say!("The CPU goes on."),
        };
        let sentence = together([ending.sentence(device.label(), if gives_up { ends } else { 1 }).as_str(), goes_on]);
        if gives_up {
            self.close(device, sentence.clone());
        }
        if was_used {
            let notice = Notice::new(About::Engine(device), sentence);
            self.notices.put(match (gives_up, is_gone) {
                (true, true) => notice.with(Action::Reload),
                (true, false) => notice.with(Action::Retry(device)),
                (false, _) => notice.until(now_ms + Notice::LONG_MS),
            });
        }
    }

    /// A worker is gone and does not come back by itself.
    pub(super) fn close(&mut self, device: DeviceKind, why: String) {
        self.effects.push(Effect::End(device));
        self.slot_mut(device).reset(SlotStatus::Failed(why.clone()));
        if device == DeviceKind::WebGpu {
            self.qualification = Qualification::Out(why);
        }
    }

    /// The worker itself says that there is no engine.
    pub(super) fn refuse_service(&mut self, device: DeviceKind, why: String) {
        self.close(device, why.clone());
        if device == DeviceKind::Cpu {
            self.notices.put(Notice::new(About::Engine(device), why).with(Action::Retry(device)));
        }
    }

    /// Page and worker are of different builds.
    pub(super) fn outdated(&mut self, device: DeviceKind) {
        let sentence = say!("This page was updated while you had it open, and its parts no longer match.");
        self.close(device, sentence.into());
        self.notices.put(Notice::new(About::Version, sentence.into()).with(Action::Reload));
    }

    /// A WebGPU engine that was lost has to prove itself anew.
    pub(super) fn unprove(&mut self, device: DeviceKind) {
        if device == DeviceKind::WebGpu {
            self.qualification = Qualification::NotBegun;
        }
    }
}
