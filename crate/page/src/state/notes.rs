//! Notes: what the page made of something other than what it was asked for, each for as long as it is so.

use glasses_contract::Warning;
use leptos::prelude::*;

/// How long a note holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// As long as the page is open.
    Always,
    /// Until another question is opened.
    ForQuestion,
    /// As long as the address holds the link that it is about.
    ForLink,
}

/// The notes that hold now: the only place that decides which.
#[derive(Clone, Copy)]
pub struct Notes(RwSignal<Vec<(Holds, Warning)>>);

impl Notes {
    /// Begins with what is to be said of the page, whatever is opened in it.
    pub fn new(always: Vec<Warning>) -> Self {
        Self(RwSignal::new(hold(Holds::Always, always).collect()))
    }

    /// A link was opened, and these are about it.
    pub fn opened(&self, notes: Vec<Warning>) {
        self.replace(|holds| holds == Holds::Always, notes);
    }

    /// The address holds another link, of the same question changed, and these are about it.
    pub fn written(&self, notes: Vec<Warning>) {
        self.replace(|holds| holds != Holds::ForLink, notes);
    }

    /// The page could not do what the question asks.
    pub fn add(&self, note: Warning) {
        self.0.update(|all| all.push((Holds::ForQuestion, note)));
    }

    /// The reader has seen this one.
    pub fn dismiss(&self, index: usize) {
        self.0.update(|all| drop(all.remove(index)));
    }

    /// All of them.
    pub fn all(&self) -> Vec<Warning> {
        self.0.with(|all| all.iter().map(|(_, note)| note.clone()).collect())
    }

    fn replace(&self, stays: impl Fn(Holds) -> bool, notes: Vec<Warning>) {
        let before = self.0.get_untracked();
        let after: Vec<_> = before.iter().filter(|(holds, _)| stays(*holds)).cloned().chain(hold(Holds::ForLink, notes)).collect();
        if after != before {
            self.0.set(after);
        }
    }
}

fn hold(holds: Holds, notes: Vec<Warning>) -> impl Iterator<Item = (Holds, Warning)> {
    notes.into_iter().map(move |note| (holds, note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::Sentence;

    #[test]
    fn each_note_goes_with_what_it_is_about() {
        let owner = Owner::new();
        owner.set();
        let note = |words: &str| Warning::about("", Sentence::verbatim(words));
        let said = |notes: &Notes| notes.all().into_iter().map(|note| note.to_string()).collect::<Vec<_>>();
        let notes = Notes::new(vec![note("page")]);
        notes.opened(vec![note("link"), note("link")]);
        notes.add(note("question"));
        assert_eq!(said(&notes), ["page", "link", "link", "question"]);
        notes.dismiss(1);
        notes.written(vec![note("other")]);
        assert_eq!(said(&notes), ["page", "question", "other"]);
        notes.opened(vec![]);
        assert_eq!(said(&notes), ["page"]);
    }
}
