//! The language model whose file the reader chose: it is given to the CPU engine, and to each that takes the place of one that ended.

use super::Supervisor;
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
    file: Option<FileHash>,
}

impl Supervisor {
    pub(super) fn choose_language_model(&mut self, number: u32) {
        self.language_model = Chosen { number: Some(number), file: None };
        self.effects.push(Effect::TellLanguageModel(LanguageModel::Reading(0)));
    }

    /// The memory of an engine does not shrink: one that read a file is ended, and another one takes its place.
    pub(super) fn close_language_model(&mut self) {
        self.language_model = Chosen::default();
        self.effects.push(Effect::TellLanguageModel(LanguageModel::None));
        if self.cpu.language_model != Given::None {
            self.effects.push(Effect::End(DeviceKind::Cpu));
            self.cpu.reset(SlotStatus::NotStarted);
        }
    }

    /// Gives the engine the file, where it has not got it.
    pub(super) fn give_language_model(&mut self) {
        let Some(number) = self.language_model.number else { return };
        let has_it = match self.cpu.language_model {
            Given::None => false,
            Given::Reading { number: given, .. } | Given::Read(given) => given == number,
        };
        if self.cpu.is_ready() && !has_it {
            self.last_id += 1;
            let id = self.last_id;
            self.cpu.language_model = Given::Reading { number, id };
            self.effects.push(Effect::PostLanguageModel(DeviceKind::Cpu, Request { id, command: Command::OpenLanguageModel }));
        }
    }

    /// Whether an engine has the language model that a configuration is of, where it is of one.
    pub(super) fn has_language_model(&self, device: DeviceKind, config: &Admitted) -> bool {
        let Some(wanted) = config.model.file else { return true };
        let chosen = &self.language_model;
        device == DeviceKind::Cpu
            && chosen.file == Some(wanted)
            && chosen.number.is_some_and(|number| self.cpu.language_model == Given::Read(number))
    }

    /// Whether this request is the one by which the chosen file is being read.
    fn is_reading(&self, id: u64) -> bool {
        matches!(self.cpu.language_model, Given::Reading { number, id: asked } if asked == id && self.language_model.number == Some(number))
    }

    pub(super) fn reads(&mut self, id: u64, bytes: u64) {
        // A worker that takes the place of another reads it again, and what was read stays.
        if self.is_reading(id) && self.language_model.file.is_none() {
            self.effects.push(Effect::TellLanguageModel(LanguageModel::Reading(bytes)));
        }
    }

    pub(super) fn has_read(&mut self, id: u64, info: Box<LanguageModelInfo>) {
        let Some(number) = self.language_model.number.filter(|_| self.is_reading(id)) else { return };
        self.cpu.language_model = Given::Read(number);
        let is_new = self.language_model.file.replace(info.file) != Some(info.file);
        if is_new {
            self.effects.push(Effect::TellLanguageModel(LanguageModel::Here(info)));
        }
    }

    /// The engine says that something can't be done: where that is the reading of the file, it is not tried again.
    pub(super) fn is_unable(&mut self, id: u64, why: String) {
        if self.is_reading(id) {
            self.refuse_language_model(why);
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
