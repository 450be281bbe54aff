//! The lifecycle of one worker: start, requests, timeout, restart.

use super::input::Ending;
use super::pace::{LONG_MS, Pace};
use super::scheduler::QueryKey;
use glasses_contract::device::Adapter;
use glasses_contract::message::{Command, Event, Request};
use glasses_contract::question::Question;
use glasses_contract::report::EngineInfo;
use glasses_contract::{Admitted, say};

/// How long a worker that can die unnoticed may stay silent over a request before it is taken for dead. Doubled each time it was
/// wrong in a row, since a large model's single step may take longer.
const RESPONSE_TIMEOUT_MS: f64 = 10_000.0;
/// The same where the browser tells of a worker's end: then silence is work, or a device that hangs.
const LONG_RESPONSE_TIMEOUT_MS: f64 = 120_000.0;
/// How long a worker may go on with the step it is in, once nobody waits for that any more.
pub const YIELD_MS: f64 = 2_000.0;
/// How long a question must have been worked on before its pace says how long it will take.
const PACE_AFTER_MS: f64 = 5_000.0;
/// Ends in a row after which a worker is not started again by itself.
pub const MAX_ENDS: u32 = 3;
/// The rest before a worker is started again, doubled with each end in a row.
const BACKOFF_MS: f64 = 200.0;
/// How long a worker may take to start before that is mentioned.
pub const SLOW_START_MS: f64 = 30_000.0;

/// How long work will take yet of which this share is done in this time, once that says something.
pub fn pace_ms(done: f64, took_ms: f64) -> Option<f64> {
    (done > 0.0 && took_ms >= PACE_AFTER_MS).then(|| took_ms * (1.0 - done).max(0.0) / done)
}

/// The life of one worker.
#[derive(Debug, Default)]
pub struct WorkerSlot {
    /// Where it stands.
    pub status: SlotStatus,
    /// What it is answering.
    pub running: Option<Running>,
    /// Requests that nobody waits for any more, and that it may still be at.
    abandoned: Vec<Abandoned>,
    /// Which of the reader's own models it was given.
    pub holds: Option<u32>,
    /// The file of a language model that it was given.
    pub language_model: Given,
    /// How fast it computes.
    pub pace: Pace,
    /// Counts the workers that sat here, so that a message of an ended one is known for what it is.
    pub generation: u64,
    /// Ends in a row, with nothing brought to an end between them.
    pub crashes: u32,
    /// When the worker was started.
    pub started_ms: f64,
    /// After an end: when the next worker may start.
    pub backoff_until_ms: f64,
}

/// The file of a language model, by its number, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Given {
    /// None was given.
    #[default]
    None,
    /// It is being read, by this request.
    Reading {
        /// Its number.
        number: u32,
        /// The request.
        id: u64,
    },
    /// It answers.
    Read(u32),
}

/// Where a worker stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SlotStatus {
    /// There is none.
    #[default]
    NotStarted,
    /// Its code is on the way.
    Starting,
    /// It answers.
    Ready {
        /// The engine in it.
        engine: EngineInfo,
        /// What it runs on.
        adapter: Adapter,
        /// Whether the browser tells when it ends.
        watched: bool,
    },
    /// There will be none: why.
    Failed(String),
}

/// A request that is being answered.
#[derive(Debug)]
pub struct Running {
    /// Its number.
    pub id: u64,
    /// What it is for.
    pub purpose: Purpose,
    /// Its questions that are not answered yet, in order.
    pub left: Vec<QueryKey>,
    /// Number of all its questions.
    pub total: usize,
    /// Share done of the first question that is left.
    pub done: f32,
    /// When it was sent.
    pub sent_ms: f64,
    /// When the worker was last heard of.
    pub heard_ms: f64,
    /// When the first question that is left was come to.
    begun_ms: f64,
    /// How long that question will take yet, as far as its pace says.
    left_ms: Option<f64>,
}

/// A request that was cancelled, or that a newer one replaced. No later request extends its time.
#[derive(Debug)]
struct Abandoned {
    id: u64,
    /// Until when the worker must have left it.
    until_ms: f64,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown.
    Show,
    /// To be joined with the other shards of its question, and shown.
    Shard(usize),
    /// To be given as a file: the last tokens' representations, which are measured as a sweep is.
    Represent,
    /// To see whether the engine is right.
    Check,
    /// To see how fast the engine is.
    Time,
    /// To see whether the engine is right about a language model, and how fast it is there.
    CheckFile,
}

impl WorkerSlot {
    /// Whether it can be asked.
    pub fn is_ready(&self) -> bool {
        matches!(self.status, SlotStatus::Ready { .. })
    }

    /// Whether it can be asked and has nothing to do.
    pub fn is_idle(&self) -> bool {
        self.is_ready() && self.running.is_none() && self.abandoned.is_empty()
    }

    /// When a worker that ended may be started again.
    pub fn backs_off_until(&self) -> Option<f64> {
        (self.status == SlotStatus::NotStarted && self.crashes > 0).then_some(self.backoff_until_ms)
    }

    /// Whether a worker may be started: none is there, and the rest after an end is over.
    pub fn can_start(&self, now_ms: f64) -> bool {
        self.status == SlotStatus::NotStarted && self.backs_off_until().is_none_or(|until| until <= now_ms)
    }

    /// Whether its code is on the way for so long that this is worth a word.
    pub fn is_slow_to_start(&self, now_ms: f64) -> bool {
        self.status == SlotStatus::Starting && now_ms - self.started_ms >= SLOW_START_MS
    }

    /// The worker is gone, and another one may come after a rest. Returns how many went in a row.
    pub fn lose(&mut self, now_ms: f64) -> u32 {
        self.reset(SlotStatus::NotStarted);
        self.crashes += 1;
        self.backoff_until_ms = now_ms + BACKOFF_MS * f64::from(1 << self.crashes.min(6));
        self.crashes
    }

    /// What became of a worker that is silent over a request.
    pub fn silence(&self, now_ms: f64) -> Ending {
        let silent_ms = self.running.as_ref().map_or(0.0, |running| now_ms - running.heard_ms);
        Ending::Crashed(say!("nothing was heard of it for {} seconds.", seconds(silent_ms)))
    }

    /// Begins a new worker's life.
    pub fn start(&mut self, now_ms: f64) -> u64 {
        self.reset(SlotStatus::Starting);
        self.started_ms = now_ms;
        self.generation
    }

    /// The worker is gone, or about to be: what it was at is forgotten.
    pub fn reset(&mut self, status: SlotStatus) {
        self.generation += 1;
        (self.status, self.running, self.holds, self.language_model) = (status, None, None, Given::None);
        self.abandoned.clear();
    }

    /// Nobody waits for what runs any more: the worker has a moment to leave it.
    pub fn abandon(&mut self, now_ms: f64) -> Option<Running> {
        let running = self.running.take()?;
        self.abandoned.push(Abandoned { id: running.id, until_ms: now_ms + YIELD_MS });
        Some(running)
    }

    /// Whether the worker holds on to something that nobody waits for.
    pub fn is_stuck(&self, now_ms: f64) -> bool {
        self.abandoned.iter().any(|abandoned| abandoned.until_ms <= now_ms)
    }

    /// The worker said something about a request: it has left all that came before.
    pub fn hears(&mut self, event: &Event) {
        let (id, is_over) = match event {
            Event::Progress { id, .. } | Event::Answered { id, .. } | Event::Failed { id, .. } => (*id, false),
            Event::Finished { id, .. } => (*id, true),
            _ => return,
        };
        self.abandoned.retain(|abandoned| abandoned.id > id || (abandoned.id == id && !is_over));
    }

    /// Takes a request; what ran before is replaced, as in the worker.
    pub fn ask(&mut self, id: u64, purpose: Purpose, config: Admitted, asked: Vec<QueryKey>, now_ms: f64) -> Request {
        let questions: Vec<Question> = asked.iter().map(|asked| asked.question).collect();
        self.abandon(now_ms);
        self.running = Some(Running {
            id,
            purpose,
            total: asked.len(),
            left: asked,
            done: 0.0,
            sent_ms: now_ms,
            heard_ms: now_ms,
            begun_ms: now_ms,
            left_ms: None,
        });
        let config = Box::new(config);
        let command = match (purpose, questions.as_slice()) {
            (Purpose::Shard(shard), &[question]) => Command::AnswerShard { config, question, shard },
            (Purpose::Represent, _) => Command::Represent { config },
            _ => Command::Answer { config, questions },
        };
        Request { id, command }
    }

    /// Where the worker is at a shard, and says something of it: which one it is.
    pub fn follow_shard(&mut self, event: &Event, now_ms: f64) -> Option<usize> {
        let running = self.running.as_mut().filter(|running| running.owns(event))?;
        let Purpose::Shard(shard) = running.purpose else { return None };
        running.heard_ms = now_ms;
        match event {
            Event::Progress { done, .. } => running.advance(*done, now_ms),
            _ => self.running = None,
        }
        Some(shard)
    }

    /// When something must be done about what the worker is at, if nothing is heard until then.
    pub fn deadline_ms(&self) -> Option<f64> {
        let patience = match self.status {
            SlotStatus::Ready { watched: true, .. } => LONG_RESPONSE_TIMEOUT_MS,
            _ => RESPONSE_TIMEOUT_MS * f64::from(2_u32.pow(self.crashes.min(6))),
        };
        let silent = self.running.as_ref().map(|running| running.heard_ms + patience);
        self.abandoned.iter().map(|abandoned| abandoned.until_ms).chain(silent).min_by(f64::total_cmp)
    }
}

impl Running {
    /// Whether an event belongs to this request.
    pub fn owns(&self, event: &Event) -> bool {
        let id = match event {
            Event::Progress { id, .. } | Event::Answered { id, .. } | Event::Failed { id, .. } | Event::Finished { id, .. } => *id,
            _ => return false,
        };
        id == self.id
    }

    /// The worker has come to this question, so the ones before it are settled. Returns those.
    pub fn reach(&mut self, question: Question) -> Vec<QueryKey> {
        match self.left.iter().position(|asked| asked.question == question) {
            Some(0) | None => Vec::new(),
            Some(before) => {
                self.begin_next();
                self.left.drain(..before).collect()
            }
        }
    }

    /// This question is settled. Returns it.
    pub fn settle(&mut self, question: Question) -> Option<QueryKey> {
        let index = self.left.iter().position(|asked| asked.question == question)?;
        self.begin_next();
        Some(self.left.remove(index))
    }

    fn begin_next(&mut self) {
        (self.done, self.begun_ms, self.left_ms) = (0.0, self.heard_ms, None);
    }

    /// The worker says how far it is with the first question that is left.
    pub fn advance(&mut self, done: f32, now_ms: f64) {
        self.done = done;
        self.left_ms = pace_ms(f64::from(done), now_ms - self.begun_ms).or(self.left_ms);
    }

    /// How long the first question that is left will take yet, once that is known to be long.
    pub fn left_ms(&self, now_ms: f64) -> Option<f64> {
        let left_ms = self.left_ms? - (now_ms - self.heard_ms);
        (left_ms >= LONG_MS).then_some(left_ms)
    }

    /// Share done of all, from 0 to 1.
    pub fn share(&self) -> f64 {
        if self.total == 0 {
            return 1.0;
        }
        let settled = self.total - self.left.len();
        ((settled as f64 + f64::from(self.done.clamp(0.0, 1.0))) / self.total as f64).min(1.0)
    }
}

/// Seconds as people say them.
pub fn seconds(milliseconds: f64) -> String {
    format!("{:.0}", milliseconds / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::device::DeviceKind;
    use glasses_contract::question::{Pair, Sweep};
    use glasses_contract::{Experiment, admit};

    fn ready(watched: bool) -> SlotStatus {
        let engine = EngineInfo { version: String::new(), device: DeviceKind::Cpu, adapter: String::new(), precision: String::new() };
        SlotStatus::Ready { engine, adapter: Adapter::Processor, watched }
    }

    fn asked(question: impl Into<Question>) -> QueryKey {
        QueryKey::new(DeviceKind::Cpu, question, &Experiment::default())
    }

    fn config() -> Admitted {
        admit(Experiment::default()).0
    }

    #[test]
    fn questions_are_settled_in_order_and_the_share_grows() {
        let mut slot = WorkerSlot { status: ready(true), ..WorkerSlot::default() };
        slot.ask(1, Purpose::Show, config(), vec![asked(Pair), asked(Sweep)], 0.0);
        let running = slot.running.as_mut().expect("it was asked");
        assert_eq!(running.share(), 0.0);
        running.done = 0.5;
        assert_eq!(running.share(), 0.25);
        assert_eq!(running.reach(Pair.into()), []);
        assert_eq!(running.reach(Sweep.into()), [asked(Pair)]);
        assert_eq!(running.share(), 0.5);
        assert_eq!(running.settle(Sweep.into()), Some(asked(Sweep)));
        assert_eq!(running.share(), 1.0);
    }

    #[test]
    fn patience_is_short_only_where_an_end_goes_unnoticed() {
        let mut slot = WorkerSlot { status: ready(false), ..WorkerSlot::default() };
        assert_eq!(slot.deadline_ms(), None, "nothing is asked");
        slot.ask(1, Purpose::Show, config(), vec![asked(Pair)], 5.0);
        assert_eq!(slot.deadline_ms(), Some(5.0 + RESPONSE_TIMEOUT_MS));
        slot.crashes = 2;
        assert_eq!(slot.deadline_ms(), Some(5.0 + 4.0 * RESPONSE_TIMEOUT_MS));
        slot.status = ready(true);
        assert_eq!(slot.deadline_ms(), Some(5.0 + LONG_RESPONSE_TIMEOUT_MS));
        slot.abandon(100.0);
        assert_eq!(slot.deadline_ms(), Some(100.0 + YIELD_MS));
    }

    #[test]
    fn what_is_abandoned_keeps_its_deadline_until_the_worker_left_it() {
        let mut slot = WorkerSlot { status: ready(true), ..WorkerSlot::default() };
        let ask = |slot: &mut WorkerSlot, id, now_ms| drop(slot.ask(id, Purpose::Show, config(), vec![asked(Pair)], now_ms));
        let progress = |id| Event::Progress { id, question: Pair.into(), done: 0.5 };
        let finished = |id| Event::Finished { id, cancelled: true };
        ask(&mut slot, 1, 0.0);
        ask(&mut slot, 2, 500.0);
        ask(&mut slot, 3, 1000.0);
        assert_eq!(slot.deadline_ms(), Some(500.0 + YIELD_MS), "the newest request extends nothing");
        slot.hears(&progress(1));
        assert_eq!(slot.deadline_ms(), Some(500.0 + YIELD_MS), "it goes on with what nobody waits for");
        slot.hears(&finished(1));
        assert_eq!(slot.deadline_ms(), Some(1000.0 + YIELD_MS), "perhaps it has begun the second");
        assert!(!slot.is_stuck(999.0 + YIELD_MS) && slot.is_stuck(1000.0 + YIELD_MS));
        slot.hears(&progress(3));
        assert_eq!(slot.deadline_ms(), Some(1000.0 + LONG_RESPONSE_TIMEOUT_MS));
        slot.abandon(2000.0);
        assert!(!slot.is_idle());
        slot.hears(&finished(4));
        assert!(slot.is_idle() && slot.deadline_ms().is_none(), "the end of a cancel is the end of all before it");
    }

    #[test]
    fn the_pace_of_a_question_says_how_long_it_takes_once_that_is_long() {
        let mut slot = WorkerSlot { status: ready(true), ..WorkerSlot::default() };
        slot.ask(1, Purpose::Show, config(), vec![asked(Pair), asked(Sweep)], 0.0);
        let running = slot.running.as_mut().expect("it was asked");
        for (at_ms, done, left_ms) in [
            (PACE_AFTER_MS - 1.0, 0.01, None),
            (6_000.0, 0.1, Some(54_000.0)),
            (10_000.0, 0.1, Some(90_000.0)),
            (60_000.0, 0.8, Some(15_000.0)),
            (64_000.0, 0.9, None),
        ] {
            running.heard_ms = at_ms;
            running.advance(done, at_ms);
            let left = running.left_ms(at_ms).map(f64::round);
            assert_eq!(left, left_ms, "{done} after {at_ms} ms");
        }
        running.reach(Sweep.into());
        running.advance(0.001, 65_000.0);
        assert_eq!(running.left_ms(65_000.0), None, "another question has another pace");
    }
}
