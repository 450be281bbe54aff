//! Training in this browser: a worker of its own, so that everything else on the page stays live.

use crate::browser::file;
use crate::engine::{Heard, Wire};
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::{heard, together};
use glasses_contract::message::{Event, Own, PROTOCOL, Request, Run, Task};
use glasses_contract::recipe::Accuracy;
use glasses_contract::{Config, limits, say};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::File;

/// The name of the file in which a reader keeps a model.
const FILE: &str = "glasses-model.safetensors";

/// The run, the reader's own model, and the worker that has to do with both.
#[derive(Clone, Copy)]
pub struct Training {
    /// What the worker is at.
    pub phase: RwSignal<Phase>,
    /// The loss of every step of the run.
    pub losses: RwSignal<Arc<Vec<f64>>>,
    /// Steps taken when the model was judged, and how often it answered right.
    pub judged: RwSignal<Arc<Judged>>,
    /// The link of the run's recipe; none where there is no run.
    pub recipe: RwSignal<Option<String>>,
    /// The reader's own model.
    pub own: RwSignal<Option<Own>>,
    /// What went wrong.
    pub fault: RwSignal<Option<String>>,
    line: StoredValue<Line, LocalStorage>,
}

/// Steps taken, and how often the model then answered right, for each time that it was judged.
pub type Judged = Vec<(usize, Vec<Accuracy>)>;

/// What the worker is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It was never needed.
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

#[derive(Default)]
struct Line {
    wire: Option<Wire>,
    /// Counts the workers: what is still heard of one that is gone says nothing of the one that is there.
    generation: u64,
    /// The worker is there and said what is kept. What is asked of it waits for that: a run that had begun before
    /// would be taken for the one that is kept.
    is_known: bool,
    last_id: u64,
    /// The request whose end is the end of what the worker is at.
    turn: u64,
    /// What is to be done then, in this order, each with its file.
    next: Vec<(Task, Option<File>)>,
}

impl Training {
    /// Starts nothing yet.
    pub fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Asleep),
            losses: RwSignal::default(),
            judged: RwSignal::default(),
            recipe: RwSignal::default(),
            own: RwSignal::default(),
            fault: RwSignal::default(),
            line: StoredValue::new_local(Line::default()),
        }
    }

    /// Looks at what is kept in this browser, unless that was done.
    pub fn wake(self) {
        if self.phase.get_untracked() == Phase::Asleep {
            self.start();
        }
    }

    /// Trains the configuration's model, or goes on with the run of the same recipe.
    pub fn train(self, config: Config) {
        self.fault.set(None);
        self.phase.set(Phase::Running);
        self.post(Task::Train { config: Box::new(config) });
    }

    /// Stops the run; it is kept.
    pub fn pause(self) {
        self.phase.set(Phase::Pausing);
        self.post(Task::Cancel);
    }

    /// Forgets the run.
    pub fn forget(self) {
        self.post(Task::Forget);
        self.forget_here();
    }

    /// Opens a file as the reader's own model: by its size here, and by what is in it where it is kept.
    pub fn open(self, file: File) {
        let why = limits::too_large_for_a_model(file.size() as u64);
        let is_refused = why.is_some();
        self.fault.set(why.map(|why| say!("“{}” can't be opened as a model: {}.", file.name(), why)));
        if !is_refused {
            self.post_with(Task::Keep, Some(file));
        }
    }

    /// Saves the reader's own model where the browser keeps downloads.
    pub fn save(self) {
        self.post(Task::Give);
    }

    fn forget_here(self) {
        self.losses.set(Arc::default());
        self.judged.set(Arc::default());
        self.recipe.set(None);
    }

    fn start(self) {
        if self.phase.get_untracked() == Phase::Asleep {
            self.phase.set(Phase::Waking);
        }
        let generation = self.line.with_value(|line| line.generation);
        let started = Wire::start(DeviceKind::Cpu, move |heard| match heard {
            _ if self.line.with_value(|line| line.generation) != generation => {}
            Heard::Event(event, _) => self.hear(*event),
            Heard::Unreadable => self.lost(outdated()),
            Heard::Died(why) => {
                self.lost(together([say!("Training was stopped: {}", why).as_str(), say!("It goes on from where it was last kept.")]));
            }
        });
        match started {
            Ok(wire) => self.line.update_value(|line| line.wire = Some(wire)),
            Err(why) => self.lost(why),
        }
    }

    fn post(self, task: Task) {
        self.post_with(task, None);
    }

    fn post_with(self, task: Task, file: Option<File>) {
        let (is_there, is_known) = self.line.with_value(|line| (line.wire.is_some(), line.is_known));
        if is_known {
            return self.send(task, file);
        }
        self.line.update_value(|line| line.next.push((task, file)));
        if !is_there {
            self.start();
        }
    }

    fn send(self, task: Task, file: Option<File>) {
        let posted = self.line.try_update_value(|line| {
            line.last_id += 1;
            // What stops a run has no end of its own: the run's is it.
            if !task.is_aside() && !matches!(task, Task::Cancel) {
                line.turn = line.last_id;
            }
            let request = Request { id: line.last_id, task };
            match (&line.wire, file) {
                (Some(wire), Some(file)) => wire.post_with(&request, &file),
                (Some(wire), None) => wire.post(&request),
                (None, _) => Ok(()),
            }
        });
        if let Some(Err(why)) = posted {
            self.lost(why);
        }
    }

    fn will_train(self) -> bool {
        self.line.with_value(|line| line.next.iter().any(|(task, _)| matches!(task, Task::Train { .. })))
    }

    /// What is kept is known, or that nothing is: what was asked meanwhile is done.
    fn settle(self) {
        if !self.will_train() {
            self.phase.set(Phase::Idle);
        }
        let next = self.line.try_update_value(|line| {
            line.is_known = true;
            std::mem::take(&mut line.next)
        });
        next.into_iter().flatten().for_each(|(task, file)| self.send(task, file));
    }

    /// A request came to its end; the newest that the worker is at may be another.
    fn end(self, id: u64) {
        if self.line.with_value(|line| line.turn == id) {
            self.phase.set(Phase::Idle);
        }
    }

    fn lost(self, why: String) {
        // The worker's lock comes free when it is ended here, and that would be heard as its death.
        self.line.update_value(|line| *line = Line { generation: line.generation + 1, last_id: line.last_id, ..Line::default() });
        self.fault.set(Some(why));
        self.phase.set(Phase::Asleep);
    }

    fn hear(self, event: Event) {
        match event {
            Event::Ready { protocol, .. } if protocol != PROTOCOL => {
                self.lost(outdated());
            }
            Event::Ready { .. } => self.send(Task::Recall, None),
            Event::Recalled { run, own, .. } => {
                self.own.set(own);
                // A run that is about to begin, or to go on, tells its losses itself.
                if let (Some(Run { link, losses }), false) = (run, self.will_train()) {
                    self.losses.set(Arc::new(losses));
                    self.recipe.set(Some(link));
                }
                self.settle();
            }
            Event::Stepped { from, losses, .. } => self.losses.update(|known| {
                let known = Arc::make_mut(known);
                known.truncate(from);
                known.extend(losses);
            }),
            Event::Judged { steps, accuracy, .. } => self.judged.update(|judged| {
                let judged = Arc::make_mut(judged);
                judged.retain(|(at, _)| *at < steps);
                judged.push((steps, accuracy));
            }),
            Event::Kept { own, .. } => self.own.set(Some(own)),
            Event::File { file, .. } => {
                if let Err(why) = file::save_bytes(FILE, "application/octet-stream", &file) {
                    self.fault.set(Some(why));
                }
            }
            Event::Unable { id, sentence } => {
                self.fault.set(Some(heard(&sentence)));
                // Where the browser keeps nothing there is nothing to know, and what was asked meanwhile has its own answer.
                if self.line.with_value(|line| line.is_known) { self.end(id) } else { self.settle() }
            }
            Event::Finished { id, .. } => self.end(id),
            Event::Unavailable { sentence } => self.lost(heard(&sentence)),
            Event::Progress { .. } | Event::Answered { .. } | Event::Failed { .. } => {}
        }
    }
}

fn outdated() -> String {
    say!("The engine is of another version than the page: load the page again.").into()
}
