//! Training in this browser: a worker of its own, so that everything else on the page stays live.

mod on_message;

use crate::browser::file;
use crate::worker::{Ending, OwnModel, WorkerHandle, WorkerMessage};
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::together;
use glasses_contract::message::{Command, Kept, KeptStage, Request};
use glasses_contract::recipe::Accuracy;
use glasses_contract::{Config, limits, say};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use web_sys::File;

/// The name of the file in which a reader keeps a model.
const FILE: &str = "glasses-model.safetensors";
/// How long a pause may take before the worker is ended.
const PAUSE: Duration = Duration::from_secs(2);

/// The run, the reader's own model, and the worker that has to do with both.
#[derive(Clone, Copy)]
pub struct Training {
    /// What the worker is at.
    pub phase: RwSignal<Phase>,
    /// The loss of every step of the run that is shown.
    pub losses: RwSignal<Arc<Vec<f64>>>,
    /// Steps taken when the model was judged, and how often it answered right.
    pub judged: RwSignal<Arc<Judged>>,
    /// The link of that run's recipe; none where no run is shown.
    pub recipe: RwSignal<Option<String>>,
    /// All that is kept, in this browser or in this tab.
    pub kept: RwSignal<Vec<Kept>>,
    /// Why it is kept in this tab only, where that is so.
    pub unkept: RwSignal<Option<String>>,
    /// The reader's own model. It is this tab's: what another tab keeps does not change it.
    pub own: RwSignal<OwnModel>,
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
    wire: Option<WorkerHandle>,
    /// Counts the workers: what is still heard of one that is gone says nothing of the one that is there.
    generation: u64,
    /// The worker is there and said what is kept. What is asked of it waits for that: a run that had begun before
    /// would be taken for the one that is kept.
    is_known: bool,
    last_id: u64,
    /// The request whose end is the end of what the worker is at.
    turn: u64,
    /// What is to be done then, in this order, each with its file.
    next: Vec<(Command, Option<File>)>,
    /// The link of the recipe that the form holds.
    looked_at: String,
    /// Files that the browser does not keep, for the next worker.
    held: BTreeMap<String, Vec<u8>>,
    /// The worker before was ended in the middle of a run.
    was_cut_off: bool,
}

impl Training {
    /// Starts nothing yet.
    pub fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Asleep),
            losses: RwSignal::default(),
            judged: RwSignal::default(),
            recipe: RwSignal::default(),
            kept: RwSignal::default(),
            unkept: RwSignal::default(),
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

    /// The form holds the recipe of this link: its run is shown, where one is kept and none is under way.
    pub fn look_at(self, link: String) {
        self.line.update_value(|line| line.looked_at.clone_from(&link));
        let is_shown = self.recipe.with_untracked(|recipe| recipe.as_ref() == Some(&link));
        let is_kept = self.kept.with_untracked(|kept| kept.iter().any(|kept| kept.link == link && kept.stage == KeptStage::Run));
        if is_kept && !is_shown {
            self.recall();
        }
    }

    /// Looks again at what is kept, which another tab may have changed.
    pub fn recall(self) {
        if self.phase.get_untracked() == Phase::Idle && self.line.with_value(|line| line.is_known) {
            self.send(Command::LoadSaved { link: self.link_to_show(), own: false }, None);
        }
    }

    /// Trains the configuration's model, whose link is this, or goes on with the run of the same recipe.
    pub fn train(self, config: Config, link: String) {
        self.fault.set(None);
        if self.recipe.with_untracked(|recipe| recipe.as_ref() != Some(&link)) {
            self.show_none();
            self.recipe.set(Some(link));
        }
        self.phase.set(Phase::Running);
        self.post(Command::Train { config: Box::new(config.experiment) });
    }

    /// Whether a run is under way.
    pub fn is_busy(self) -> bool {
        matches!(self.phase.get(), Phase::Running | Phase::Pausing)
    }

    /// Whether the run that is shown is of this recipe.
    pub fn is_of(self, link: &str) -> bool {
        self.recipe.with(|recipe| recipe.as_deref() == Some(link))
    }

    /// Stops the run; it is kept. A worker that does not stop is ended.
    pub fn pause(self) {
        if !self.line.with_value(|line| line.is_known) {
            // It has not begun, and need not.
            self.line.update_value(|line| line.next.retain(|(command, _)| !matches!(command, Command::Train { .. })));
            return self.phase.set(Phase::Waking);
        }
        self.phase.set(Phase::Pausing);
        self.post(Command::Cancel);
        let generation = self.line.with_value(|line| line.generation);
        let check = move || {
            let is_same = self.line.try_with_value(|line| line.generation) == Some(generation);
            if is_same && self.phase.get_untracked() == Phase::Pausing {
                self.cut_off();
            }
        };
        // What waits to be heard, where the page itself was busy, is heard first.
        set_timeout(move || set_timeout(check, Duration::ZERO), PAUSE);
    }

    /// Forgets what is kept of a recipe.
    pub fn forget(self, kept: &Kept) {
        self.fault.set(None);
        self.post(Command::DiscardRun { link: kept.link.clone(), stage: kept.stage });
        if kept.stage == KeptStage::Run && self.recipe.with_untracked(|recipe| recipe.as_ref() == Some(&kept.link)) {
            self.show_none();
        }
    }

    /// Makes a finished model that is kept the reader's own.
    pub fn choose(self, link: String) {
        self.fault.set(None);
        self.post(Command::Use { link });
    }

    /// Opens a file as the reader's own model: by its size here, and by what is in it where it is kept.
    pub fn open(self, file: File) {
        let why = limits::too_large_for_a_model(file.size() as u64);
        let is_refused = why.is_some();
        self.fault.set(why.map(|why| say!("“{}” can't be opened as a model: {}.", file.name(), why)));
        if !is_refused {
            self.post_with(Command::SaveModel, Some(file));
        }
    }

    /// Saves the reader's own model where the browser keeps downloads.
    pub fn save(self) {
        let saved = self.own.with_untracked(|own| match own {
            OwnModel::Here { file, .. } => file::save_bytes(FILE, "application/octet-stream", file),
            OwnModel::Unknown | OwnModel::None(_) => Ok(()),
        });
        if let Err(why) = saved {
            self.fault.set(Some(why));
        }
    }

    fn show_none(self) {
        self.losses.set(Arc::default());
        self.judged.set(Arc::default());
        self.recipe.set(None);
    }

    /// The recipe whose run is to be shown: that of the form, where a run of it is kept, or else the one that is shown.
    fn link_to_show(self) -> String {
        let looked_at = self.line.with_value(|line| line.looked_at.clone());
        let is_kept = self.kept.with_untracked(|kept| kept.iter().any(|kept| kept.link == looked_at && kept.stage == KeptStage::Run));
        let shown = self.recipe.get_untracked();
        if is_kept { looked_at } else { shown.unwrap_or(looked_at) }
    }

    fn start(self) {
        if self.phase.get_untracked() == Phase::Asleep {
            self.phase.set(Phase::Waking);
        }
        let generation = self.line.with_value(|line| line.generation);
        let started = WorkerHandle::start(DeviceKind::Cpu, move |heard| match heard {
            _ if self.line.with_value(|line| line.generation) != generation => {}
            WorkerMessage::Event(event) => self.hear(*event),
            WorkerMessage::Watched => {}
            WorkerMessage::Unreadable => self.lost(outdated()),
            WorkerMessage::Died(Ending::Crashed(why)) => {
                self.lost(together([say!("Training was stopped: {}", why).as_str(), say!("It goes on from where it was last kept.")]));
            }
            WorkerMessage::Died(ending) => self.lost(ending.sentence(DeviceKind::Cpu.label(), 1)),
        });
        match started {
            Ok(wire) => self.line.update_value(|line| line.wire = Some(wire)),
            Err(why) => self.lost(why),
        }
    }

    fn post(self, command: Command) {
        self.post_with(command, None);
    }

    fn post_with(self, command: Command, file: Option<File>) {
        let (is_there, is_known) = self.line.with_value(|line| (line.wire.is_some(), line.is_known));
        if is_known {
            return self.send(command, file);
        }
        self.line.update_value(|line| line.next.push((command, file)));
        if !is_there {
            self.start();
        }
    }

    fn send(self, command: Command, file: Option<File>) {
        let posted = self.line.try_update_value(|line| {
            line.last_id += 1;
            // What stops a run has no end of its own: the run's is it.
            if !command.is_concurrent() && !matches!(command, Command::Cancel) {
                line.turn = line.last_id;
            }
            let request = Request { id: line.last_id, command };
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
        self.line.with_value(|line| line.next.iter().any(|(command, _)| matches!(command, Command::Train { .. })))
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
        next.into_iter().flatten().for_each(|(command, file)| self.send(command, file));
    }

    /// A request came to its end; the newest that the worker is at may be another.
    fn end(self, id: u64) {
        if self.line.with_value(|line| line.turn == id) {
            self.phase.set(Phase::Idle);
            self.recall();
        }
    }

    /// The worker does not stop: another one takes its place, and finds what was kept.
    fn cut_off(self) {
        self.lost(together([
            say!("The run did not pause within {} seconds, and was ended.", PAUSE.as_secs()).as_str(),
            say!("It goes on from where it was last kept."),
        ]));
        self.line.update_value(|line| line.was_cut_off = true);
        self.start();
    }

    fn lost(self, why: String) {
        self.line.update_value(|line| {
            // The worker's lock comes free when it is ended here, and that would be heard as its death.
            *line = Line {
                generation: line.generation + 1,
                last_id: line.last_id,
                looked_at: std::mem::take(&mut line.looked_at),
                held: std::mem::take(&mut line.held),
                ..Line::default()
            };
        });
        if matches!(self.own.read_untracked().clone(), OwnModel::Unknown) {
            self.own.set(OwnModel::None(why.clone()));
        }
        self.fault.set(Some(why));
        self.phase.set(Phase::Asleep);
    }
}

fn outdated() -> String {
    say!("The engine and the page are different versions: reload the page.").into()
}
