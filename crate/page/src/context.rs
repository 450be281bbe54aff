//! What every component of the page is given.

use crate::browser::style::Look;
use crate::state::undo::UndoHistory;
use crate::state::{Drafts, State};
use crate::worker::Engine;
use crate::worker::training::Training;
use glasses_contract::Choice;
use glasses_contract::config::Part;
use glasses_contract::gallery::Exhibit;
use leptos::prelude::*;

/// What every component is given.
#[derive(Clone, Copy)]
pub struct Context {
    /// What the reader asks for.
    pub state: State,
    /// What stands in the fields.
    pub drafts: Drafts,
    /// What was done, and the way back.
    pub history: UndoHistory,
    /// Who answers.
    pub engine: Engine,
    /// The reader's own model, and how it is trained.
    pub training: Training,
    /// How everything is drawn.
    pub look: Signal<Look>,
    /// The part of the page whose figure waits for a guess: it is drawn no further than what is given.
    pub veil: RwSignal<Option<Part>>,
    /// What of the bench is scrolled to once it stands there, as a selector.
    pub scroll_target: RwSignal<Option<String>>,
    /// The browser does not let the page write its address: what stands there is of an older state.
    pub is_unwritten: ReadSignal<bool>,
}

/// Where on the bench the figure of an exhibit is, as a selector.
pub fn figure_selector(exhibit: &Exhibit) -> String {
    format!(".box.{}", exhibit.drawn.word())
}
