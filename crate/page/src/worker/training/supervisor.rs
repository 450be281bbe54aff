//! Supervises the worker that trains: hands it what the reader asks, and takes what it says. A pure state machine, as
//! [`crate::worker`] has one for the workers that answer, and on the same [`WorkerSlot`].
//!
//! No browser is in here: `F` is a file of the reader's, which is passed on unseen. [`Supervisor::handle`] takes what happened and the time,
//! and gives back what to do.

mod on_message;
#[cfg(test)]
mod tests;

use crate::worker::input::{Ending, OwnModel};
use crate::worker::slot::{SlotStatus, WorkerSlot, YIELD_MS};
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::together;
use glasses_contract::message::{Command, Event, Kept, KeptStage, Request};
use glasses_contract::recipe::Accuracy;
use glasses_contract::{Experiment, limits, say};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Steps taken, and how often the model then answered right, for each time that it was judged.
pub type Judged = Vec<(usize, Vec<Accuracy>)>;

/// What the worker is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// It was never needed, or it ended.
    #[default]
    Asleep,
    /// Its code is on the way, or it looks at what is kept.
    Waking,
    /// Nothing.
    Idle,
    /// It trains.
    Running,
    /// It finishes a step and keeps the run.
    Pausing,
}

/// What the page shows of it all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What the worker is at.
    pub phase: Phase,
    /// Steps taken when the model was judged, and how often it answered right.
    pub judged: Arc<Judged>,
    /// The link of the recipe whose run is shown; none where no run is.
    pub recipe: Option<String>,
    /// All that is kept, in this browser or in this tab.
    pub kept: Vec<Kept>,
    /// Why it is kept in this tab only, where that is so.
    pub unkept: Option<String>,
    /// What went wrong.
    pub fault: Option<String>,
}

/// What happened.
#[derive(Debug)]
pub enum Input<F> {
    /// Time went by.
    Tick,
    /// What is kept matters from now on.
    Wake,
    /// The form holds the recipe of this link.
    LookAt(String),
    /// Another tab may have changed what is kept.
    Recall,
    /// The reader trains this model, whose recipe has this link.
    Train(Box<Experiment>, String),
    /// The reader stops the run.
    Pause,
    /// The reader forgets what is kept of a recipe.
    Forget(Kept),
    /// The reader makes the finished model of the recipe of this link their own.
    Choose(String),
    /// The reader opens a file as their own model.
    Open {
        /// The file.
        file: F,
        /// Its name.
        name: String,
        /// Its size in bytes.
        bytes: u64,
    },
    /// The reader's own model could not be saved as a file: why.
    Unsaved(String),
    /// The worker of this generation says something.
    Heard(u64, Box<Event>),
    /// It says something that is no message of this version.
    Unreadable(u64),
    /// It is gone, or never came.
    Died(u64, Ending),
    /// It could not be started, or reached: why, as a sentence.
    Unreachable(u64, String),
}

/// What to do.
#[derive(Debug)]
pub enum Effect<F> {
    /// Start a worker, of this generation.
    Start(u64),
    /// End it.
    End,
    /// Send it a request, and perhaps a file.
    Post(Request, Option<F>),
    /// Show these losses behind the first ones.
    ShowLosses {
        /// How many stay.
        from: usize,
        /// Those behind them.
        losses: Vec<f64>,
    },
    /// The reader's own model is this one.
    ShowOwn(OwnModel),
}

/// What the reader waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Run {
    /// No run.
    #[default]
    None,
    /// One that goes on, or will as soon as it can.
    Running,
    /// One that was told to stop, and must have done so by then.
    Pausing { until_ms: f64 },
}

/// The state of the worker, and of what the reader wants from it.
#[derive(Debug)]
pub struct Supervisor<F> {
    slot: WorkerSlot,
    run: Run,
    status: Status,
    own: OwnModel,
    /// The worker said what is kept. What is asked of it waits for that: a run that had begun before would be taken for the one that is kept.
    is_known: bool,
    last_id: u64,
    /// The request whose end is the end of what the worker is at.
    turn: u64,
    /// The last request that forgets something.
    forgotten: u64,
    /// What is to be done then, in this order, each with its file.
    next: Vec<(Command, Option<F>)>,
    /// The link of the recipe that the form holds.
    looked_at: String,
    /// Files that the browser does not keep, for the next worker.
    held: BTreeMap<String, Vec<u8>>,
    /// The worker before was ended in the middle of a run.
    was_cut_off: bool,
    effects: Vec<Effect<F>>,
}

impl<F> Supervisor<F> {
    /// Before anything happened.
    pub fn new() -> Self {
        Self {
            slot: WorkerSlot::default(),
            run: Run::None,
            status: Status::default(),
            own: OwnModel::default(),
            is_known: false,
            last_id: 0,
            turn: 0,
            forgotten: 0,
            next: Vec::new(),
            looked_at: String::new(),
            held: BTreeMap::new(),
            was_cut_off: false,
            effects: Vec::new(),
        }
    }

    /// Takes what happened; gives back what to do.
    pub fn handle(&mut self, input: Input<F>, now_ms: f64) -> Vec<Effect<F>> {
        match input {
            Input::Tick => self.end_the_stuck(now_ms),
            Input::Wake => {
                if self.phase() == Phase::Asleep {
                    self.start(now_ms);
                }
            }
            Input::LookAt(link) => self.look_at(link),
            Input::Recall => self.recall(),
            Input::Train(config, link) => self.train(config, link, now_ms),
            Input::Pause => self.pause(now_ms),
            Input::Forget(kept) => self.forget(kept, now_ms),
            Input::Choose(link) => {
                self.status.fault = None;
                self.ask(Command::Use { link }, None, now_ms);
            }
            Input::Open { file, name, bytes } => {
                let why = limits::too_large_for_a_model(bytes);
                let is_refused = why.is_some();
                self.status.fault = why.map(|why| say!("“{}” can't be opened as a model: {}.", name, why));
                if !is_refused {
                    self.ask(Command::SaveModel, Some(file), now_ms);
                }
            }
            Input::Unsaved(why) => self.status.fault = Some(why),
            Input::Heard(generation, event) if generation == self.slot.generation => self.hear(*event),
            Input::Unreadable(generation) if generation == self.slot.generation => self.lose(outdated()),
            Input::Died(generation, ending) if generation == self.slot.generation => self.lose(match ending {
                Ending::Crashed(why) => {
                    together([say!("Training was stopped: {}", why).as_str(), say!("It goes on from where it was last kept.")])
                }
                ending => ending.sentence(DeviceKind::Cpu.label(), 1),
            }),
            Input::Unreachable(generation, why) if generation == self.slot.generation => self.lose(why),
            // What is still heard of a worker that is gone says nothing of the one that is there.
            Input::Heard(..) | Input::Unreadable(_) | Input::Died(..) | Input::Unreachable(..) => {}
        }
        self.status.phase = self.phase();
        std::mem::take(&mut self.effects)
    }

    /// What the page shows.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// When to be told the time again.
    pub fn wake_ms(&self) -> Option<f64> {
        if let Run::Pausing { until_ms } = self.run { Some(until_ms) } else { None }
    }

    fn phase(&self) -> Phase {
        match (self.run, &self.slot.status) {
            (Run::Running, _) => Phase::Running,
            (Run::Pausing { .. }, _) => Phase::Pausing,
            (Run::None, SlotStatus::NotStarted | SlotStatus::Failed(_)) => Phase::Asleep,
            (Run::None, SlotStatus::Ready { .. }) if self.is_known => Phase::Idle,
            (Run::None, SlotStatus::Starting | SlotStatus::Ready { .. }) => Phase::Waking,
        }
    }

    /// The run of the form's recipe is shown, where one is kept and none is under way.
    fn look_at(&mut self, link: String) {
        self.looked_at = link;
        if self.is_kept(&self.looked_at) && !self.shows(&self.looked_at) {
            self.recall();
        }
    }

    fn recall(&mut self) {
        if self.phase() == Phase::Idle {
            self.post(Command::LoadSaved { link: self.link_to_show(), own: false }, None);
        }
    }

    fn train(&mut self, config: Box<Experiment>, link: String, now_ms: f64) {
        self.status.fault = None;
        if !self.shows(&link) {
            self.show_none();
            self.status.recipe = Some(link);
        }
        self.run = Run::Running;
        self.ask(Command::Train { config }, None, now_ms);
    }

    /// Stops the run; it is kept.
    fn pause(&mut self, now_ms: f64) {
        if self.run != Run::Running {
            return;
        }
        if !self.is_known {
            // It has not begun, and need not.
            self.next.retain(|(command, _)| !matches!(command, Command::Train { .. }));
            self.run = Run::None;
            return;
        }
        self.run = Run::Pausing { until_ms: now_ms + YIELD_MS };
        self.post(Command::Cancel, None);
    }

    fn forget(&mut self, kept: Kept, now_ms: f64) {
        self.status.fault = None;
        let is_shown = kept.stage == KeptStage::Run && self.shows(&kept.link);
        self.ask(Command::DiscardRun { link: kept.link, stage: kept.stage }, None, now_ms);
        self.forgotten = self.last_id;
        if is_shown {
            self.show_none();
        }
    }

    /// A worker that does not stop is ended: another one takes its place, and finds what was kept.
    fn end_the_stuck(&mut self, now_ms: f64) {
        if self.wake_ms().is_none_or(|until_ms| now_ms < until_ms) {
            return;
        }
        self.lose(together([
            say!("The run did not pause within {} seconds, and was ended.", YIELD_MS / 1000.0).as_str(),
            say!("It goes on from where it was last kept."),
        ]));
        self.was_cut_off = true;
        self.start(now_ms);
    }

    fn start(&mut self, now_ms: f64) {
        let generation = self.slot.start(now_ms);
        self.effects.push(Effect::Start(generation));
    }

    /// Has a command done, as soon as the worker is there and said what is kept.
    fn ask(&mut self, command: Command, file: Option<F>, now_ms: f64) {
        if self.is_known {
            return self.post(command, file);
        }
        self.next.push((command, file));
        if self.slot.status == SlotStatus::NotStarted {
            self.start(now_ms);
        }
    }

    fn post(&mut self, command: Command, file: Option<F>) {
        self.last_id += 1;
        // What stops a run has no end of its own: the run's is it.
        if !command.is_concurrent() && !matches!(command, Command::Cancel) {
            self.turn = self.last_id;
        }
        self.effects.push(Effect::Post(Request { id: self.last_id, command }, file));
    }

    /// The worker is gone, or about to be: what it was at is forgotten, and what was asked of it.
    fn lose(&mut self, why: String) {
        self.effects.push(Effect::End);
        self.slot.reset(SlotStatus::NotStarted);
        (self.run, self.is_known, self.turn, self.was_cut_off) = (Run::None, false, 0, false);
        self.next.clear();
        if matches!(self.own, OwnModel::Unknown) {
            self.show_own(OwnModel::None(why.clone()));
        }
        self.status.fault = Some(why);
    }

    fn shows(&self, link: &str) -> bool {
        self.status.recipe.as_deref() == Some(link)
    }

    fn is_kept(&self, link: &str) -> bool {
        self.status.kept.iter().any(|kept| kept.link == link && kept.stage == KeptStage::Run)
    }

    fn show_none(&mut self) {
        self.show_losses(0, Vec::new());
        self.status.judged = Arc::default();
        self.status.recipe = None;
    }

    fn show_losses(&mut self, from: usize, losses: Vec<f64>) {
        self.effects.push(Effect::ShowLosses { from, losses });
    }

    fn show_own(&mut self, own: OwnModel) {
        self.own = own.clone();
        self.effects.push(Effect::ShowOwn(own));
    }

    /// The recipe whose run is to be shown: that of the form, where a run of it is kept, or else the one that is shown.
    fn link_to_show(&self) -> String {
        let shown = self.status.recipe.as_ref().filter(|_| !self.is_kept(&self.looked_at));
        shown.unwrap_or(&self.looked_at).clone()
    }
}

fn outdated() -> String {
    say!("The engine and the page are different versions: reload the page.").into()
}
