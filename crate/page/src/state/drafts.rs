//! All drafts of the page: one for each control that has a field, for as long as the page is open, and over a reload what stands in fields
//! alone. A field that is taken down, with the instrument or the chapter that it is in, comes back with what was typed.

use super::draft::Draft;
use crate::browser::session;
use crate::state::State;
use glasses_contract::controls::{self, Control};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Under what a tab keeps them while the page is loaded again.
const KEY: &str = "typed";

/// What stands in fields and nowhere else, by name.
pub type Unstored = BTreeMap<&'static str, String>;

/// A text that a tab kept: what the state held in its place, for it belongs to that, and the text.
type Kept = BTreeMap<String, (String, String)>;

/// The drafts.
#[derive(Clone, Copy)]
pub struct Drafts {
    made: RwSignal<Vec<Draft>>,
    /// What is to be put back into fields that are not there yet.
    kept: StoredValue<Kept>,
    owner: StoredValue<Owner>,
    state: State,
}

impl Drafts {
    /// None yet. What is made later lives as long as whoever calls this.
    pub fn new(state: State) -> Self {
        let kept = session::take(KEY).and_then(|text| serde_json::from_str(&text).ok());
        let drafts = Self {
            made: RwSignal::default(),
            kept: StoredValue::new(kept.unwrap_or_default()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            state,
        };
        window_event_listener_untyped("pagehide", move |_| drafts.keep());
        drafts
    }

    /// The draft of the control with this key.
    pub fn of(self, key: &'static str) -> Option<Draft> {
        controls::find(key).map(|control| self.of_control(control))
    }

    /// The draft of a control.
    pub fn of_control(self, control: &'static Control) -> Draft {
        self.draft(control.key, move |state| Draft::of_control(state, control))
    }

    /// The draft of a field that no control is behind.
    pub fn free(self, name: &'static str) -> Draft {
        self.draft(name, move |state| Draft::free(state, name))
    }

    /// What stands in fields and nowhere else.
    pub fn unstored(self) -> Unstored {
        self.made.with(|made| made.iter().filter_map(|draft| Some((draft.name, draft.unstored()?))).collect())
    }

    /// Puts back what stood in fields and nowhere else; the others show the state.
    pub fn put_back(self, unstored: &Unstored) {
        for draft in self.made.get_untracked() {
            draft.put_back(unstored.get(draft.name));
        }
    }

    fn draft(self, name: &'static str, make: impl FnOnce(State) -> Draft) -> Draft {
        if let Some(draft) = self.made.with_untracked(|made| made.iter().find(|draft| draft.name == name).copied()) {
            return draft;
        }
        let draft = self.owner.with_value(|owner| owner.with(|| make(self.state)));
        let kept = self.kept.try_update_value(|kept| kept.remove(name)).flatten();
        if let Some((_, text)) = kept.filter(|(stored, _)| *stored == draft.stored()) {
            draft.put_back(Some(&text));
        }
        self.made.update(|made| made.push(draft));
        draft
    }

    /// Keeps what would be lost with the page, for whoever loads it again in this tab, in this language or another.
    fn keep(self) {
        let mut kept = self.kept.get_value();
        for draft in self.made.get_untracked() {
            if let Some(text) = untrack(|| draft.unstored()) {
                kept.insert(draft.name.into(), (draft.stored(), text));
            }
        }
        match serde_json::to_string(&kept) {
            Ok(text) if !kept.is_empty() => session::keep(KEY, &text),
            _ => drop(session::take(KEY)),
        }
    }
}
