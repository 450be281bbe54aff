//! One question among several workers: the CPU engine takes its shards one after the other, and so do helpers, workers of the same kind that are
//! started when a question turns out to take long, and ended when they have had nothing to do for a while.
//!
//! A shard is given away, answered, or neither; the last is all that makes it wait. So a worker that ends, or that something else is asked of, leaves
//! nothing to be put right.

use super::Supervisor;
use crate::worker::input::{Effect, Heard, OwnModel, Provenance};
use crate::worker::pace;
use crate::worker::scheduler::{self, QueryKey};
use crate::worker::slot::{MAX_ENDS, Purpose, Running, SlotStatus, WorkerSlot, pace_ms};
use crate::worker::status::Work;
use glasses_contract::Admitted;
use glasses_contract::config::WeightsSource;
use glasses_contract::device::DeviceKind;
use glasses_contract::failure::Failure;
use glasses_contract::message::{Command, Event, PROTOCOL, Request};
use glasses_contract::question::{Answer, Ask};
use glasses_contract::report::ModelInfo;

/// Workers at the most, however many cores there are: each has a memory of its own.
const MAX_WORKERS: usize = 8;
/// How long the engine is at a question alone. What is over sooner than a helper is there needs none.
pub(super) const HELP_AFTER_MS: f64 = 300.0;
/// A question that would take the engine alone no longer than this is left to it.
const LONG_MS: f64 = 1_500.0;
/// How long helpers are kept when there is nothing to help with.
pub(super) const HELPER_IDLE_MS: f64 = 30_000.0;

/// The helpers, and the question that is divided.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// All that there may be.
    pub helpers: Vec<WorkerSlot>,
    divided: Option<Divided>,
    /// When a question was last divided.
    used_ms: f64,
}

#[derive(Debug)]
struct Divided {
    asked: QueryKey,
    config: Admitted,
    since_ms: f64,
    /// One for each shard, as they come.
    answers: Vec<Option<Answer>>,
    model: Option<ModelInfo>,
}

impl Pool {
    /// For so many cores. The engine's worker is one of those that share, for the page's own thread has next to nothing to do meanwhile.
    pub fn new(cores: usize) -> Self {
        let helpers = cores.clamp(1, MAX_WORKERS) - 1;
        Self { helpers: std::iter::repeat_with(WorkerSlot::default).take(helpers).collect(), ..Self::default() }
    }

    fn is_started(&self) -> bool {
        self.helpers.iter().any(|helper| matches!(helper.status, SlotStatus::Starting | SlotStatus::Ready { .. }))
    }

    /// When there is something to do about helpers, if nothing is heard until then.
    pub fn wake_ms(&self) -> Vec<f64> {
        let of_helpers = self.helpers.iter().flat_map(|helper| [helper.deadline_ms(), helper.backs_off_until()]).flatten();
        let help = self.divided.as_ref().map(|divided| divided.since_ms + HELP_AFTER_MS);
        let end = self.is_started().then_some(self.used_ms + HELPER_IDLE_MS);
        of_helpers.chain(help).chain(end).collect()
    }
}

/// What a worker is at, where that is a shard.
fn at_shard(slot: &WorkerSlot) -> Option<(usize, &Running)> {
    let running = slot.running.as_ref()?;
    if let Purpose::Shard(shard) = running.purpose { Some((shard, running)) } else { None }
}

impl Supervisor {
    /// Whether the engine shares a question.
    pub(super) fn divides(&self, device: DeviceKind, asked: &QueryKey) -> bool {
        device == DeviceKind::Cpu && !self.pool.helpers.is_empty() && asked.question.shards(&asked.config) > 1
    }

    /// Whether a shard of a question is being answered.
    pub(super) fn is_shared(&self) -> bool {
        self.at_shards().next().is_some()
    }

    fn at_shards(&self) -> impl Iterator<Item = (usize, &Running)> {
        std::iter::once(&self.cpu).chain(&self.pool.helpers).filter_map(at_shard)
    }

    /// The first shard that nobody is at.
    fn waiting(&self) -> Option<usize> {
        let answers = &self.pool.divided.as_ref()?.answers;
        (0..answers.len()).find(|&shard| answers[shard].is_none() && self.at_shards().all(|(given, _)| given != shard))
    }

    /// Share done of all shards, from 0 to 1.
    fn share(&self, divided: &Divided) -> f64 {
        let answered = divided.answers.iter().flatten().count() as f64;
        let under_way: f64 = self.at_shards().map(|(_, running)| running.share()).sum();
        ((answered + under_way) / divided.answers.len() as f64).min(1.0)
    }

    /// What the reader is told of the question that is divided.
    pub(super) fn shared_work(&self, now_ms: f64) -> Option<Work> {
        let divided = self.pool.divided.as_ref().filter(|_| self.is_shared())?;
        let (question, share) = (divided.asked.question, self.share(divided));
        let left_ms = pace_ms(share, now_ms - divided.since_ms).filter(|&left_ms| left_ms >= pace::LONG_MS);
        Some(Work { label: question.label().into(), topic: Some(question.topic()), share: Some(share), left_ms })
    }

    /// The rules about helpers.
    pub(super) fn lead_helpers(&mut self, now_ms: f64) {
        for index in 0..self.pool.helpers.len() {
            let helper = &self.pool.helpers[index];
            if helper.deadline_ms().is_some_and(|deadline| deadline <= now_ms) {
                if helper.is_stuck(now_ms) { self.end_helper(index, SlotStatus::NotStarted) } else { self.lose_helper(index, now_ms) }
            }
        }
        match &self.pool.divided {
            Some(_) => self.pool.used_ms = now_ms,
            None if now_ms - self.pool.used_ms >= HELPER_IDLE_MS => {
                for index in 0..self.pool.helpers.len() {
                    if matches!(self.pool.helpers[index].status, SlotStatus::Starting | SlotStatus::Ready { .. }) {
                        self.end_helper(index, SlotStatus::NotStarted);
                    }
                }
            }
            None => {}
        }
        self.start_helpers(now_ms);
        for index in 0..self.pool.helpers.len() {
            self.give_shard(index, now_ms);
        }
    }

    /// What runs goes on for as long as it is what would be asked next.
    pub(super) fn drop_what_is_not_wanted(&mut self, now_ms: f64) {
        let Some(divided) = &self.pool.divided else { return };
        let next = |wanted| scheduler::follow_ups(wanted, DeviceKind::Cpu, &self.screen.known()).into_iter().next();
        let is_wanted = self.wanted.as_ref().and_then(next).is_some_and(|asked| asked == divided.asked);
        if self.is_stopped || self.active() != DeviceKind::Cpu || !is_wanted {
            self.drop_divided(now_ms);
        }
    }

    pub(super) fn drop_divided(&mut self, now_ms: f64) {
        self.pool.divided = None;
        if at_shard(&self.cpu).is_some() {
            self.cancel(DeviceKind::Cpu, now_ms);
        }
        for index in 0..self.pool.helpers.len() {
            if self.pool.helpers[index].abandon(now_ms).is_some() {
                self.post_helper(index, Command::Cancel);
            }
        }
    }

    fn start_helpers(&mut self, now_ms: f64) {
        let Some(divided) = &self.pool.divided else { return };
        let (took_ms, share) = (now_ms - divided.since_ms, self.share(divided));
        if took_ms < HELP_AFTER_MS || took_ms < LONG_MS * share {
            return;
        }
        let left = divided.answers.iter().flatten().count() + self.at_shards().count();
        let mut waiting = divided.answers.len() - left.min(divided.answers.len());
        for index in 0..self.pool.helpers.len() {
            let helper = &mut self.pool.helpers[index];
            if helper.can_start(now_ms) && waiting > 0 {
                let generation = helper.start(now_ms);
                self.effects.push(Effect::StartHelper(index, generation));
            }
            waiting = waiting.saturating_sub(1);
        }
    }

    fn give_shard(&mut self, index: usize, now_ms: f64) {
        let (Some(shard), Some(divided)) = (self.waiting(), &self.pool.divided) else { return };
        if !self.pool.helpers[index].is_idle() {
            return;
        }
        let (config, asked) = (divided.config.clone(), divided.asked.clone());
        let revision = config.model.revision;
        if config.model.weights == WeightsSource::Own && self.pool.helpers[index].holds != Some(revision) {
            let OwnModel::Here { revision: here, file, .. } = &self.own else { return };
            if *here != revision {
                return;
            }
            let file = file.to_vec();
            self.pool.helpers[index].holds = Some(revision);
            self.post_helper(index, Command::Hold { file });
        }
        self.last_id += 1;
        let request = self.pool.helpers[index].ask(self.last_id, Purpose::Shard(shard), config, vec![asked], now_ms);
        self.effects.push(Effect::PostHelper(index, request));
    }

    /// Has the engine answer a question shard by shard, where it is not at one.
    pub(super) fn ask_divided(&mut self, asked: QueryKey, config: Admitted, now_ms: f64) {
        if self.pool.divided.is_none() {
            let answers = vec![None; asked.question.shards(&asked.config)];
            self.bar_since_ms = now_ms;
            self.pool.divided = Some(Divided { asked: asked.clone(), config, since_ms: now_ms, answers, model: None });
        }
        if let (Some(shard), Some(divided), None) = (self.waiting(), &self.pool.divided, at_shard(&self.cpu)) {
            let config = divided.config.clone();
            self.ask(DeviceKind::Cpu, Purpose::Shard(shard), config, vec![asked], now_ms);
        }
    }

    /// What a helper says, or what became of it.
    pub(super) fn hear_helper(&mut self, index: usize, heard: Heard, now_ms: f64) {
        let helper = &mut self.pool.helpers[index];
        match heard {
            Heard::Ended => self.lose_helper(index, now_ms),
            Heard::Watched => {
                if let SlotStatus::Ready { watched, .. } = &mut helper.status {
                    *watched = true;
                }
            }
            Heard::Event(event) => match *event {
                Event::Ready { protocol: PROTOCOL, engine, adapter, .. } => {
                    helper.status = SlotStatus::Ready { engine, adapter, watched: false };
                }
                // The engine alone goes on, and says what is to be said of it.
                Event::Ready { .. } | Event::Unavailable { .. } => self.end_helper(index, SlotStatus::Failed(String::new())),
                event => {
                    helper.hears(&event);
                    let Some(shard) = helper.follow_shard(&event, now_ms) else { return };
                    if let Event::Failed { failure: Failure::Device(_), .. } = event {
                        return self.lose_helper(index, now_ms);
                    }
                    helper.crashes = 0;
                    self.take_shard(shard, event, now_ms);
                }
            },
        }
    }

    /// What comes of a shard. An answer is shown once it is whole; where one shard has none, neither has the question.
    pub(super) fn take_shard(&mut self, shard: usize, event: Event, now_ms: f64) {
        let Some(divided) = &mut self.pool.divided else { return };
        match event {
            Event::Answered { answer, model, .. } => {
                divided.model = Some(model);
                if let Some(place) = divided.answers.get_mut(shard) {
                    *place = Some(*answer);
                }
                if divided.answers.iter().all(Option::is_some) {
                    self.show_divided(now_ms);
                }
            }
            Event::Failed { failure, .. } => {
                let asked = divided.asked.clone();
                if let Failure::Weights(why) = &failure {
                    self.effects.push(Effect::FallBackToSeed(why.to_string()));
                }
                self.effects.push(Effect::Refuse(asked.question, failure.to_string()));
                self.screen.complete(asked);
                self.drop_divided(now_ms);
            }
            _ => {}
        }
    }

    fn show_divided(&mut self, now_ms: f64) {
        let Some(Divided { asked, since_ms, answers, model: Some(model), .. }) = self.pool.divided.take() else { return };
        let mut answers = answers.into_iter().flatten();
        let Some(first) = answers.next() else { return };
        let (question, about) = (asked.question, asked.config.clone());
        let answer = question.join(first, answers.collect());
        let provenance = Provenance { model, question, about, device: DeviceKind::Cpu, milliseconds: now_ms - since_ms };
        self.has_drawn = true;
        self.screen.complete(asked);
        self.effects.push(Effect::Show(Box::new(answer), Box::new(provenance)));
    }

    /// A helper is gone. What it was at waits again, and another one comes, unless it ended too often in a row.
    fn lose_helper(&mut self, index: usize, now_ms: f64) {
        self.effects.push(Effect::EndHelper(index));
        let helper = &mut self.pool.helpers[index];
        if helper.lose(now_ms) >= MAX_ENDS {
            helper.status = SlotStatus::Failed(String::new());
        }
    }

    fn end_helper(&mut self, index: usize, status: SlotStatus) {
        self.effects.push(Effect::EndHelper(index));
        self.pool.helpers[index].reset(status);
    }

    fn post_helper(&mut self, index: usize, command: Command) {
        self.last_id += 1;
        self.effects.push(Effect::PostHelper(index, Request { id: self.last_id, command }));
    }
}
