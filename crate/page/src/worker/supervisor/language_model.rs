//! The language model whose file the reader chose: it is given to the CPU engine, and to each that takes the place of one that ended; to the WebGPU
//! engine, where that is tried on it.

use super::Supervisor;
use super::language_trial::Trial;
use crate::worker::input::{Effect, LanguageModel};
use crate::worker::slot::{Given, SlotStatus};
use glasses_contract::config::FileHash;
use glasses_contract::device::DeviceKind;
use glasses_contract::language_model::LanguageModelInfo;
use glasses_contract::message::{Command, Request};
use glasses_contract::{Admitted, say};

/// The file that the reader chose last.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Counts the files; none where the last one was put away or can't be used.
    number: Option<u32>,
    /// What is known of it, once it was read.
    pub file: Option<FileHash>,
    /// How the WebGPU engine does with it.
    pub trial: Trial,
}

impl Supervisor {
    pub(super) fn choose_language_model(&mut self, number: u32) {
        self.language_model = Chosen { number: Some(number), ..Chosen::default() };
        self.effects.push(Effect::TellLanguageModel(LanguageModel::Reading(0)));
    }

    /// The memory of an engine does not shrink: one that read a file is ended, and another one takes its place.
    pub(super) fn close_language_model(&mut self) {
        self.language_model = Chosen::default();
        self.effects.push(Effect::TellLanguageModel(LanguageModel::None));
        for device in [DeviceKind::Cpu, DeviceKind::WebGpu] {
            if self.slot(device).language_model != Given::None {
                self.effects.push(Effect::End(device));
                self.slot_mut(device).reset(SlotStatus::NotStarted);
                self.unprove(device);
            }
        }
    }

    /// Gives the engines the file, where they have not got it.
    pub(super) fn give_language_model(&mut self) {
        self.give_file(DeviceKind::Cpu);
        if self.tries_language_model() {
            self.give_file(DeviceKind::WebGpu);
        }
    }

    fn give_file(&mut self, device: DeviceKind) {
        let Some(number) = self.language_model.number else { return };
        let slot = self.slot(device);
        let has_it = match slot.language_model {
            Given::None => false,
            Given::Reading { number: given, .. } | Given::Read(given) => given == number,
        };
        if slot.is_ready() && !has_it {
            self.last_id += 1;
            let id = self.last_id;
            self.slot_mut(device).language_model = Given::Reading { number, id };
            self.effects.push(Effect::PostLanguageModel(device, Request { id, command: Command::OpenLanguageModel }));
        }
    }

    /// Whether an engine has the language model that a configuration is of, where it is of one.
    pub(super) fn has_language_model(&self, device: DeviceKind, config: &Admitted) -> bool {
        let Some(wanted) = config.model.file else { return true };
        let chosen = &self.language_model;
        chosen.file == Some(wanted) && chosen.number.is_some_and(|number| self.slot(device).language_model == Given::Read(number))
    }

    /// The engine that reads the chosen file by this request.
    fn reader(&self, id: u64) -> Option<DeviceKind> {
        let of_chosen = |device: &DeviceKind| {
            let given = self.slot(*device).language_model;
            matches!(given, Given::Reading { number, id: asked } if asked == id && self.language_model.number == Some(number))
        };
        [DeviceKind::Cpu, DeviceKind::WebGpu].into_iter().find(of_chosen)
    }

    pub(super) fn reads(&mut self, id: u64, bytes: u64) {
        // A worker that takes the place of another reads it again, and what was read stays.
        if self.reader(id) == Some(DeviceKind::Cpu) && self.language_model.file.is_none() {
            self.effects.push(Effect::TellLanguageModel(LanguageModel::Reading(bytes)));
        }
    }

    pub(super) fn has_read(&mut self, id: u64, info: Box<LanguageModelInfo>) {
        let Some((device, number)) = self.reader(id).zip(self.language_model.number) else { return };
        self.slot_mut(device).language_model = Given::Read(number);
        if device == DeviceKind::WebGpu {
            return;
        }
        let is_new = self.language_model.file.replace(info.file) != Some(info.file);
        if is_new {
            self.effects.push(Effect::TellLanguageModel(LanguageModel::Here(info)));
        }
    }

    /// The engine says that something can't be done: where that is the reading of the file, it is not tried again.
    pub(super) fn is_unable(&mut self, id: u64, why: String) {
        match self.reader(id) {
            Some(DeviceKind::Cpu) => self.refuse_language_model(why),
            Some(DeviceKind::WebGpu) => self.language_model.trial.pass_over(why),
            None => {}
        }
    }

    /// The engine ended. Where it was reading the file, the file may be why: the next one is not given it.
    pub(super) fn was_reading(&mut self) {
        if matches!(self.cpu.language_model, Given::Reading { .. }) {
            self.refuse_language_model(
                say!("The engine stopped while it read the file: this device may not have the memory for it.").into(),
            );
        }
    }

    fn refuse_language_model(&mut self, why: String) {
        self.language_model = Chosen::default();
        self.effects.push(Effect::TellLanguageModel(LanguageModel::Refused(why)));
    }
}
