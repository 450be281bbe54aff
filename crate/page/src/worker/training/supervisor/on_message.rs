//! What the training worker says, and what follows from it.

use super::{Run, Supervisor, outdated};
use crate::worker::input::OwnModel;
use crate::worker::slot::SlotStatus;
use glasses_contract::message::{self, Command, Event, Kept, Own, PROTOCOL};
use glasses_contract::say;
use std::sync::Arc;

impl<F> Supervisor<F> {
    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::Ready { protocol, .. } if protocol != PROTOCOL => self.lose(outdated()),
            Event::Ready { engine, adapter, .. } => {
                self.slot.status = SlotStatus::Ready { engine, adapter, watched: false };
                self.greet();
            }
            // What was read before a run was forgotten may still hold it.
            Event::Recalled { id, kept, run, own } => self.learn(kept, run.filter(|_| id > self.forgotten), own),
            Event::Stepped { from, losses, .. } => self.show_losses(from, losses),
            Event::Judged { steps, accuracy, .. } => {
                let judged = Arc::make_mut(&mut self.status.judged);
                judged.retain(|(at, _)| *at < steps);
                judged.push((steps, accuracy));
            }
            Event::Kept { own, .. } => {
                self.take(own);
                self.recall();
            }
            Event::Keeping { fault } => self.status.unkept = fault.map(|why| why.to_string()),
            Event::Held { name, file: Some(file) } => drop(self.held.insert(name, file)),
            Event::Held { name, file: None } => drop(self.held.remove(&name)),
            Event::Unable { id, sentence } => {
                self.status.fault = Some(sentence.to_string());
                // Where nothing can be known of what is kept, what was asked meanwhile has its own answer.
                if self.is_known { self.end(id) } else { self.settle() }
            }
            Event::Finished { id, .. } => self.end(id),
            Event::Unavailable { sentence } => self.lose(sentence.to_string()),
            Event::Progress { .. }
            | Event::Answered { .. }
            | Event::Failed { .. }
            | Event::Represented { .. }
            | Event::Reading { .. }
            | Event::LanguageModel { .. } => {}
        }
    }

    /// A worker is there: it is given what the browser does not keep, and asked what it keeps.
    fn greet(&mut self) {
        // It says so itself if it keeps nothing.
        self.status.unkept = None;
        if !self.held.is_empty() {
            let files = self.held.iter().map(|(name, file)| (name.clone(), file.clone())).collect();
            self.post(Command::Restore { files }, None);
        }
        // What a model is called by is settled once: it stays the one of this tab.
        self.post(Command::LoadSaved { link: self.link_to_show(), own: !self.has_own() }, None);
    }

    /// What is kept is known.
    fn learn(&mut self, kept: Vec<Kept>, run: Option<message::Run>, own: Option<Own>) {
        self.status.kept = kept;
        match own {
            Some(own) => self.take(own),
            None if !self.is_known && !self.has_own() => self.show_own(OwnModel::None(
                say!("This link is of a model that was trained in another browser, or was not trained yet: open its file, or train one.")
                    .into(),
            )),
            None => {}
        }
        if !self.is_known && std::mem::take(&mut self.was_cut_off) && run.is_none() {
            // One that was begun again since is shown.
            if self.run == Run::None {
                self.show_none();
            }
            self.status.fault = Some(say!("The run did not pause, and was ended. Nothing of it had been kept yet.").into());
        }
        // A run that is under way, or about to be, tells its losses itself.
        if let (Some(message::Run { link, losses }), Run::None) = (run, self.run) {
            if !self.shows(&link) {
                self.show_none();
                self.status.recipe = Some(link);
            }
            self.show_losses(0, losses);
        }
        if !self.is_known {
            self.settle();
        }
    }

    /// What is kept is known, or that nothing is: what was asked meanwhile is done.
    fn settle(&mut self) {
        self.is_known = true;
        for (command, file) in std::mem::take(&mut self.next) {
            self.post(command, file);
        }
    }

    /// A request came to its end; the newest that the worker is at may be another.
    fn end(&mut self, id: u64) {
        if self.turn == id {
            self.run = Run::None;
            self.recall();
        }
    }

    fn has_own(&self) -> bool {
        self.own.recipe().is_some()
    }

    /// The reader's own model is this one from now on.
    fn take(&mut self, Own { recipe, file, notes }: Own) {
        let revision = self.own.revision() + 1;
        self.show_own(OwnModel::Here { revision, recipe: Box::new(recipe), file: Arc::new(file), notes });
    }
}
