//! What the training worker says, and what follows from it.

use super::{Training, outdated};
use crate::worker::OwnModel;
use glasses_contract::message::{Event, Own, PROTOCOL, Run, Task};
use glasses_contract::say;
use leptos::prelude::*;
use std::sync::Arc;

impl Training {
    pub(super) fn hear(self, event: Event) {
        match event {
            Event::Ready { protocol, .. } if protocol != PROTOCOL => self.lost(outdated()),
            Event::Ready { .. } => self.greet(),
            Event::Recalled { kept, run, own, .. } => {
                self.kept.set(kept);
                let is_known = self.line.with_value(|line| line.is_known);
                match own {
                    Some(own) => self.take(own),
                    None if !is_known && !self.has_own() => self.own.set(OwnModel::None(
                        say!("This link is of a model that was trained in another browser, or was not trained yet: open its file, or train one.").into(),
                    )),
                    None => {}
                }
                if !is_known && self.line.try_update_value(|line| std::mem::take(&mut line.was_cut_off)) == Some(true) && run.is_none() {
                    self.show_none();
                    self.fault.set(Some(say!("The run did not pause, and was ended. Nothing of it had been kept yet.").into()));
                }
                // A run that is under way, or about to be, tells its losses itself.
                if let (Some(run), false) = (run, self.is_training() || self.will_train()) {
                    self.show(run);
                }
                if !is_known {
                    self.settle();
                }
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
            Event::Kept { own, .. } => {
                self.take(own);
                self.recall();
            }
            Event::Keeping { fault } => self.unkept.set(fault.map(|why| why.to_string())),
            Event::Held { name, file } => self.line.update_value(|line| {
                match file {
                    Some(file) => line.held.insert(name, file),
                    None => line.held.remove(&name),
                };
            }),
            Event::Unable { id, sentence } => {
                self.fault.set(Some(sentence.to_string()));
                // Where nothing can be known of what is kept, what was asked meanwhile has its own answer.
                if self.line.with_value(|line| line.is_known) { self.end(id) } else { self.settle() }
            }
            Event::Finished { id, .. } => self.end(id),
            Event::Unavailable { sentence } => self.lost(sentence.to_string()),
            Event::Progress { .. } | Event::Answered { .. } | Event::Failed { .. } => {}
        }
    }

    /// A worker is there: it is given what the browser does not keep, and asked what it keeps.
    fn greet(self) {
        // It says so itself if it keeps nothing.
        self.unkept.set(None);
        let held: Vec<_> = self.line.with_value(|line| line.held.clone().into_iter().collect());
        if !held.is_empty() {
            self.send(Task::Restore { files: held }, None);
        }
        // What a model is called by is settled once: it stays the one of this tab.
        self.send(Task::Recall { link: self.link_to_show(), own: !self.has_own() }, None);
    }

    fn has_own(self) -> bool {
        self.own.with_untracked(|own| own.recipe().is_some())
    }

    fn is_training(self) -> bool {
        use super::Phase::{Pausing, Running};
        matches!(self.phase.get_untracked(), Running | Pausing)
    }

    fn show(self, Run { link, losses }: Run) {
        if self.recipe.with_untracked(|recipe| recipe.as_ref() != Some(&link)) {
            self.show_none();
            self.recipe.set(Some(link));
        }
        self.losses.set(Arc::new(losses));
    }

    /// The reader's own model is this one from now on.
    fn take(self, Own { recipe, file, notes }: Own) {
        let revision = self.own.read_untracked().revision() + 1;
        self.own.set(OwnModel::Here { revision, recipe: Box::new(recipe), file: Arc::new(file), notes });
    }
}
