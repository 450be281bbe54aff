//! The trial of the WebGPU engine on the language model whose file the reader chose: it answers about that once it gave the CPU's answer to a question
//! about it, and was weighed by its speed. What it proved on a tiny model says nothing of memory, or of blocks.

use super::Supervisor;
use crate::worker::scheduler::QueryKey;
use crate::worker::slot::{Given, Purpose};
use glasses_contract::config::DeviceChoice;
use glasses_contract::device::{Adapter, DeviceKind, Standing};
use glasses_contract::report::Pair;
use glasses_contract::{Admitted, question, say, self_check};

/// Runs of the question on WebGPU; the last one counts, when everything that is made once is made.
const RUNS: usize = 2;

/// How far the WebGPU engine has come with one file.
#[derive(Debug)]
pub(super) struct Trial {
    pub standing: Standing,
    /// The CPU's answer, and how long it took.
    trusted: Option<(Pair, f64)>,
    /// Its own, run by run.
    candidate: Vec<(Pair, f64)>,
}

impl Default for Trial {
    fn default() -> Self {
        Self { standing: Standing::Starting, trusted: None, candidate: Vec::new() }
    }
}

impl Trial {
    /// Another engine takes the place of the one that was tried. What the CPU answered stays.
    pub(super) fn begin_anew(&mut self) {
        if !matches!(self.standing, Standing::Out(_)) {
            (self.standing, self.candidate) = (Standing::Starting, Vec::new());
        }
    }

    /// The engine is not used for this file: why, as a sentence.
    pub(super) fn pass_over(&mut self, why: String) {
        self.standing = Standing::Out(why);
    }

    fn weigh(&mut self, adapter: Adapter) {
        let (Some((trusted, cpu_ms)), Some((_, webgpu_ms))) = (&self.trusted, self.candidate.get(RUNS - 1)) else { return };
        let wrong = self.candidate.iter().find_map(|(pair, _)| self_check::compare(trusted, pair).err());
        self.standing = match wrong {
            None => Standing::Proved { adapter, webgpu_ms: *webgpu_ms, cpu_ms: *cpu_ms },
            Some(difference) => Standing::Out(say!(
                "The WebGPU engine gave a wrong answer about this language model and is not used for it: {}.",
                difference
            )),
        };
    }
}

impl Supervisor {
    /// What the WebGPU engine runs on, where it may be tried on the language model that the reader looks at, and has not been.
    fn tried_on(&self) -> Option<Adapter> {
        let file = self.wanted.as_ref()?.config.model.file?;
        let Standing::Proved { adapter, .. } = self.qualification.standing() else { return None };
        let is_allowed = match self.choice {
            DeviceChoice::Cpu => false,
            DeviceChoice::WebGpu => true,
            DeviceChoice::Auto => adapter == Adapter::Hardware,
        };
        let is_new = self.language_model.trial.standing == Standing::Starting;
        (is_allowed && is_new && self.language_model.file == Some(file)).then_some(adapter)
    }

    /// Whether the WebGPU engine is being tried on a language model.
    pub(super) fn tries_language_model(&self) -> bool {
        self.tried_on().is_some()
    }

    /// Whether the CPU makes way for a trial that the language model which the reader looks at waits for. What is asked about one takes long on the CPU, a
    /// minute and more, and a graphics processor that passes answers all of it in seconds: the trial does not wait until everything is there.
    pub(super) fn hurries(&self) -> bool {
        let is_of_file = self.wanted.as_ref().is_some_and(|wanted| wanted.config.model.file.is_some());
        let tries_tiny = match self.choice {
            DeviceChoice::Cpu => false,
            DeviceChoice::WebGpu => self.qualification.tries().is_some(),
            DeviceChoice::Auto => self.qualification.tries() == Some(Adapter::Hardware),
        };
        is_of_file && tries_tiny || self.tries_language_model() && self.language_model.trial.trusted.is_none()
    }

    /// Takes back what the CPU is at for the reader, where a trial needs it: what was not answered is asked again.
    pub(super) fn make_way(&mut self, now_ms: f64) {
        if self.hurries() && self.shows(DeviceKind::Cpu).is_some() {
            self.cancel(DeviceKind::Cpu, now_ms);
        }
    }

    /// Whether the WebGPU engine is not used for the language model that the reader looks at, but for others.
    pub(super) fn is_passed_over(&self) -> bool {
        let is_of_file = self.wanted.as_ref().is_some_and(|wanted| wanted.config.model.file.is_some());
        is_of_file && matches!(self.language_model.trial.standing, Standing::Out(_))
    }

    /// Asks both engines the question about the file, each as soon as it has it and nothing else to do.
    pub(super) fn go_on_with_the_language_trial(&mut self, now_ms: f64) {
        let Some(wanted) = self.wanted.as_ref().filter(|_| self.tries_language_model()) else { return };
        let config = self_check::about_file(&wanted.config);
        let is_missing = |device| match device {
            DeviceKind::Cpu => self.language_model.trial.trusted.is_none(),
            DeviceKind::WebGpu => self.language_model.trial.candidate.len() < RUNS,
        };
        for device in [DeviceKind::WebGpu, DeviceKind::Cpu].into_iter().filter(|device| is_missing(*device)).collect::<Vec<_>>() {
            if self.slot(device).is_idle() && self.has_language_model(device, &config) {
                self.ask_about_file(device, config.clone(), now_ms);
            }
        }
    }

    fn ask_about_file(&mut self, device: DeviceKind, config: Admitted, now_ms: f64) {
        let asked = QueryKey::new(device, question::Pair, &config);
        self.ask(device, Purpose::CheckFile, config, vec![asked], now_ms);
    }

    /// Takes an engine's answer to the question about the file, and how long it took; once all are there, compares them.
    pub(super) fn check_language_model(&mut self, device: DeviceKind, pair: Pair, milliseconds: f64) {
        let Some(adapter) = self.tried_on() else { return };
        let trial = &mut self.language_model.trial;
        match device {
            DeviceKind::Cpu => trial.trusted = Some((pair, milliseconds)),
            DeviceKind::WebGpu => trial.candidate.push((pair, milliseconds)),
        }
        trial.weigh(adapter);
    }

    /// The WebGPU engine ended. Where it was being given the file or tried on it, the file may be why: it is not given to the next one.
    pub(super) fn lose_language_trial(&mut self) {
        let is_asked = self.webgpu.running.as_ref().is_some_and(|running| running.purpose == Purpose::CheckFile);
        if is_asked || matches!(self.webgpu.language_model, Given::Reading { .. }) {
            let why =
                say!("The WebGPU engine stopped when it was tried on this language model: this device may not have the memory for it.");
            self.language_model.trial.pass_over(why.into());
        }
    }
}
