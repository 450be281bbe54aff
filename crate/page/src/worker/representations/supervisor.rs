//! Supervises the worker that is asked for representations, until they are there or it is clear that they will not be. A pure state machine, as
//! [`crate::worker`] has one for the workers that answer, and on the same [`WorkerSlot`], with the same patience.

#[cfg(test)]
mod tests;

use crate::worker::input::{Ending, OwnModel};
use crate::worker::scheduler::QueryKey;
use crate::worker::slot::{MAX_ENDS, Purpose, SLOW_START_MS, SlotStatus, WorkerSlot};
use glasses_contract::config::WeightsSource;
use glasses_contract::device::DeviceKind;
use glasses_contract::failure::Failure;
use glasses_contract::message::{Command, Event, PROTOCOL, Request};
use glasses_contract::report::LastTokenRepresentations;
use glasses_contract::{Admitted, question, say};

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// Time passed.
    Tick,
    /// The worker of this generation says something.
    Heard(u64, Box<Event>),
    /// The browser will tell when it ends.
    Watched(u64),
    /// It says something that is no message of this version.
    Unreadable(u64),
    /// It is gone, or never came.
    Died(u64, Ending),
    /// It could not be started, or reached: why, as a sentence.
    Unreachable(u64, String),
}

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Start a worker, of this generation.
    Start(u64),
    /// Send it a request.
    Post(Request),
    /// End it.
    End,
}

/// The state of the worker, and what it is asked.
#[derive(Debug)]
pub struct Supervisor {
    slot: WorkerSlot,
    config: Admitted,
    own: OwnModel,
    last_id: u64,
    outcome: Option<Result<LastTokenRepresentations, String>>,
    effects: Vec<Effect>,
}

impl Supervisor {
    /// Before anything happened.
    pub fn new(config: Admitted, own: OwnModel) -> Self {
        Self { slot: WorkerSlot::default(), config, own, last_id: 0, outcome: None, effects: Vec::new() }
    }

    /// Takes what happened; gives back what to do.
    pub fn handle(&mut self, input: Input, now_ms: f64) -> Vec<Effect> {
        let generation = self.slot.generation;
        match input {
            Input::Tick => {}
            Input::Heard(of, event) if of == generation => self.hear(*event, now_ms),
            Input::Watched(of) if of == generation => {
                if let SlotStatus::Ready { watched, .. } = &mut self.slot.status {
                    *watched = true;
                }
            }
            Input::Unreadable(of) if of == generation => self.end(Err(outdated())),
            Input::Died(of, ending) if of == generation => self.lose(&ending, now_ms),
            Input::Unreachable(of, why) if of == generation => self.end(Err(why)),
            // What is still heard of a worker that is gone says nothing of the one that is there.
            Input::Heard(..) | Input::Watched(_) | Input::Unreadable(_) | Input::Died(..) | Input::Unreachable(..) => {}
        }
        self.advance(now_ms);
        std::mem::take(&mut self.effects)
    }

    /// The representations, or why there are none, as a sentence; nothing as long as that is open.
    pub fn outcome(&mut self) -> Option<Result<LastTokenRepresentations, String>> {
        self.outcome.take()
    }

    /// When to be told the time again.
    pub fn wake_ms(&self) -> Option<f64> {
        let slow = (self.slot.status == SlotStatus::Starting).then_some(self.slot.started_ms + SLOW_START_MS);
        [self.slot.deadline_ms(), self.slot.backs_off_until(), slow].into_iter().flatten().min_by(f64::total_cmp)
    }

    /// The rules. Each does nothing where there is nothing to do.
    fn advance(&mut self, now_ms: f64) {
        if self.slot.deadline_ms().is_some_and(|deadline| deadline <= now_ms) {
            self.lose(&self.slot.silence(now_ms), now_ms);
        }
        if self.slot.is_slow_to_start(now_ms) {
            self.end(Err(say!("The engine is taking a long time to load: the connection may be slow.").into()));
        }
        if self.slot.can_start(now_ms) {
            let generation = self.slot.start(now_ms);
            self.effects.push(Effect::Start(generation));
        }
        if self.slot.is_idle() {
            self.ask(now_ms);
        }
    }

    fn ask(&mut self, now_ms: f64) {
        if let (WeightsSource::Own, OwnModel::Here { file, .. }) = (self.config.model.weights, &self.own) {
            self.last_id += 1;
            self.effects.push(Effect::Post(Request { id: self.last_id, command: Command::Hold { file: file.to_vec() } }));
        }
        self.last_id += 1;
        let asked = QueryKey::new(DeviceKind::Cpu, question::Sweep, &self.config);
        let request = self.slot.ask(self.last_id, Purpose::Represent, self.config.clone(), vec![asked], now_ms);
        self.effects.push(Effect::Post(request));
    }

    fn hear(&mut self, event: Event, now_ms: f64) {
        match event {
            Event::Ready { protocol, .. } if protocol != PROTOCOL => self.end(Err(outdated())),
            Event::Ready { engine, adapter, .. } => self.slot.status = SlotStatus::Ready { engine, adapter, watched: false },
            Event::Represented { last, .. } => self.end(Ok(*last)),
            Event::Failed { failure: Failure::Device(why), .. } => self.lose(&Ending::Crashed(why.to_string()), now_ms),
            Event::Failed { failure, .. } => self.end(Err(failure.to_string())),
            Event::Unavailable { sentence } | Event::Unable { sentence, .. } => self.end(Err(sentence.to_string())),
            event => {
                if let Some(running) = self.slot.running.as_mut().filter(|running| running.owns(&event)) {
                    running.heard_ms = now_ms;
                }
            }
        }
    }

    /// The worker is gone. Another one is asked, unless that can't help, or too many ended in a row.
    fn lose(&mut self, ending: &Ending, now_ms: f64) {
        self.effects.push(Effect::End);
        let ends = self.slot.lose(now_ms);
        if matches!(ending, Ending::Gone(_)) || ends >= MAX_ENDS {
            self.end(Err(ending.sentence(DeviceKind::Cpu.label(), ends)));
        }
    }

    fn end(&mut self, outcome: Result<LastTokenRepresentations, String>) {
        self.effects.push(Effect::End);
        // No other one comes.
        self.slot.reset(SlotStatus::Failed(String::new()));
        self.outcome = Some(outcome);
    }
}

fn outdated() -> String {
    say!("The engine and the page are different versions: reload the page.").into()
}
