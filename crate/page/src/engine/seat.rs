//! A seat: the life of one worker, from its start through the requests it answers to its end.

use super::plan::Asked;
use glasses_contract::Config;
use glasses_contract::device::Adapter;
use glasses_contract::message::{Event, Question, Request, Task};
use glasses_contract::report::EngineInfo;

/// How long a worker that can die unnoticed may stay silent over a request before it is taken for dead. Doubled each time it was
/// wrong in a row, since a large model's single step may take longer.
const PATIENCE_MS: f64 = 10_000.0;
/// The same where the browser tells of a worker's end: then silence is work, or a device that hangs.
const LONG_PATIENCE_MS: f64 = 120_000.0;
/// How long a cancelled worker may go on with the step it is in.
const CANCEL_PATIENCE_MS: f64 = 2_000.0;

/// The life of one worker.
#[derive(Debug, Default)]
pub struct Seat {
    /// Where it stands.
    pub stage: Stage,
    /// What it is answering.
    pub running: Option<Running>,
    /// Counts the workers that sat here, so that a message of an ended one is known for what it is.
    pub generation: u64,
    /// Ends in a row, with nothing brought to an end between them.
    pub ends: u32,
    /// When the worker was started.
    pub started_ms: f64,
    /// After an end: when the next worker may start.
    pub rest_until_ms: f64,
}

/// Where a worker stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// There is none.
    #[default]
    Empty,
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
    Out(String),
}

/// A request that is being answered.
#[derive(Debug)]
pub struct Running {
    /// Its number.
    pub id: u64,
    /// What it is for.
    pub purpose: Purpose,
    /// Its questions that are not answered yet, in order.
    pub left: Vec<Asked>,
    /// Number of all its questions.
    pub total: usize,
    /// Share done of the first question that is left.
    pub done: f32,
    /// When it was sent.
    pub sent_ms: f64,
    /// When the worker was last heard of.
    pub heard_ms: f64,
    /// When it was cancelled, if it was.
    pub cancelled_ms: Option<f64>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown.
    Show,
    /// To see whether the engine is right.
    Check,
    /// To see how fast the engine is.
    Time,
}

impl Seat {
    /// Whether it can be asked.
    pub fn is_ready(&self) -> bool {
        matches!(self.stage, Stage::Ready { .. })
    }

    /// Whether it can be asked and has nothing to do.
    pub fn is_idle(&self) -> bool {
        self.is_ready() && self.running.is_none()
    }

    /// When a worker that ended may be started again.
    pub fn rests_until(&self) -> Option<f64> {
        (self.stage == Stage::Empty && self.ends > 0).then_some(self.rest_until_ms)
    }

    /// Begins a new worker's life.
    pub fn start(&mut self, now_ms: f64) -> u64 {
        self.vacate(Stage::Starting);
        self.started_ms = now_ms;
        self.generation
    }

    /// The worker is gone, or about to be: what it was at is forgotten.
    pub fn vacate(&mut self, stage: Stage) {
        self.generation += 1;
        (self.stage, self.running) = (stage, None);
    }

    /// Takes a request; what ran before is replaced, as in the worker.
    pub fn ask(&mut self, id: u64, purpose: Purpose, config: Config, asked: Vec<Asked>, now_ms: f64) -> Request {
        let questions: Vec<Question> = asked.iter().map(|asked| asked.question).collect();
        self.running = Some(Running {
            id,
            purpose,
            total: asked.len(),
            left: asked,
            done: 0.0,
            sent_ms: now_ms,
            heard_ms: now_ms,
            cancelled_ms: None,
        });
        Request { id, task: Task::Answer { config: Box::new(config), questions } }
    }

    /// When something must be done about the request that runs, if nothing is heard until then.
    pub fn deadline_ms(&self) -> Option<f64> {
        let running = self.running.as_ref()?;
        let patience = match self.stage {
            Stage::Ready { watched: true, .. } => LONG_PATIENCE_MS,
            _ => PATIENCE_MS * f64::from(2_u32.pow(self.ends.min(6))),
        };
        let silent = running.heard_ms + patience;
        Some(running.cancelled_ms.map_or(silent, |cancelled| silent.min(cancelled + CANCEL_PATIENCE_MS)))
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
    pub fn reach(&mut self, question: Question) -> Vec<Asked> {
        match self.left.iter().position(|asked| asked.question == question) {
            Some(0) | None => Vec::new(),
            Some(before) => {
                self.done = 0.0;
                self.left.drain(..before).collect()
            }
        }
    }

    /// This question is settled. Returns it.
    pub fn settle(&mut self, question: Question) -> Option<Asked> {
        let index = self.left.iter().position(|asked| asked.question == question)?;
        self.done = 0.0;
        Some(self.left.remove(index))
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

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::device::DeviceKind;

    fn ready(watched: bool) -> Stage {
        let engine = EngineInfo { version: String::new(), device: DeviceKind::Cpu, adapter: String::new(), precision: String::new() };
        Stage::Ready { engine, adapter: Adapter::Processor, watched }
    }

    fn asked(question: Question) -> Asked {
        Asked::new(DeviceKind::Cpu, question, &Config::default())
    }

    #[test]
    fn questions_are_settled_in_order_and_the_share_grows() {
        let mut seat = Seat { stage: ready(true), ..Seat::default() };
        seat.ask(1, Purpose::Show, Config::default(), vec![asked(Question::Pair), asked(Question::Sweep)], 0.0);
        let running = seat.running.as_mut().expect("it was asked");
        assert_eq!(running.share(), 0.0);
        running.done = 0.5;
        assert_eq!(running.share(), 0.25);
        assert_eq!(running.reach(Question::Pair), []);
        assert_eq!(running.reach(Question::Sweep), [asked(Question::Pair)]);
        assert_eq!(running.share(), 0.5);
        assert_eq!(running.settle(Question::Sweep), Some(asked(Question::Sweep)));
        assert_eq!(running.share(), 1.0);
    }

    #[test]
    fn patience_is_short_only_where_an_end_goes_unnoticed() {
        let mut seat = Seat { stage: ready(false), ..Seat::default() };
        assert_eq!(seat.deadline_ms(), None, "nothing is asked");
        seat.ask(1, Purpose::Show, Config::default(), vec![asked(Question::Pair)], 5.0);
        assert_eq!(seat.deadline_ms(), Some(5.0 + PATIENCE_MS));
        seat.ends = 2;
        assert_eq!(seat.deadline_ms(), Some(5.0 + 4.0 * PATIENCE_MS));
        seat.stage = ready(true);
        assert_eq!(seat.deadline_ms(), Some(5.0 + LONG_PATIENCE_MS));
        if let Some(running) = &mut seat.running {
            running.cancelled_ms = Some(100.0);
        }
        assert_eq!(seat.deadline_ms(), Some(100.0 + CANCEL_PATIENCE_MS));
    }
}
