//! What was done, and the way back through it: one history for what is typed, stepped, dragged and pressed, since a browser's own forgets what a
//! field held as soon as a script writes into it, and then takes back something else (docs/decisions/0028).

mod stack;

use crate::browser::keys::{self, Retrace};
use crate::browser::now_ms;

use crate::state::{Action, Drafts, State};
use leptos::prelude::*;
use stack::{Snapshot, UndoStack};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

/// The history.
#[derive(Clone, Copy)]
pub struct UndoHistory {
    stack: StoredValue<UndoStack>,
    state: State,
    drafts: Drafts,
}

impl UndoHistory {
    /// Writes down from here on what is done.
    pub fn new(state: State, drafts: Drafts) -> Self {
        let history = Self { stack: StoredValue::new(UndoStack::default()), state, drafts };
        let is_due = StoredValue::new(false);
        Effect::new(move || {
            state.asked.track();
            drafts.unstored();
            // Once all that follows from a change has followed.
            if !is_due.get_value() {
                is_due.set_value(true);
                set_timeout(
                    move || {
                        is_due.set_value(false);
                        history.record();
                    },
                    Duration::ZERO,
                );
            }
        });
        state.on_commit(Callback::new(move |()| history.cut()));
        history
    }

    /// The next change is taken back by itself, however soon it comes.
    pub fn cut(&self) {
        self.record();
        self.stack.update_value(UndoStack::cut);
    }

    fn record(&self) {
        let unstored = untrack(|| self.drafts.unstored());
        let snapshot = self.state.asked.with_untracked(|asked| Snapshot::of(asked, unstored));
        self.stack.update_value(|stack| stack.record(snapshot, now_ms()));
    }

    fn go(&self, way: Retrace) {
        self.record();
        let snapshot = self.stack.try_update_value(|stack| match way {
            Retrace::Undo => stack.undo(),
            Retrace::Redo => stack.redo(),
        });
        let Some(snapshot) = snapshot.flatten() else { return };
        let caret = Caret::now();
        self.state.apply(Action::Retrace(&snapshot.question));
        self.drafts.put_back(&snapshot.unstored);
        if let Some(caret) = caret {
            // Once the text stands there.
            request_animation_frame(move || caret.follow());
        }
    }
}

/// Keys, and the browser's menus, lead through the page's history instead of the browser's.
pub fn follow(history: UndoHistory) {
    let go = move |way: Retrace| {
        history.state.commit();
        history.go(way);
        history.state.commit();
    };
    window_event_listener(leptos::ev::keydown, move |event| {
        if let Some(way) = keys::retrace(&event).filter(|_| !is_in_another_field(event.target())) {
            event.prevent_default();
            go(way);
        }
    });
    window_event_listener_untyped("beforeinput", move |event| {
        let kind = event.dyn_ref::<web_sys::InputEvent>().map(web_sys::InputEvent::input_type).unwrap_or_default();
        let way = match kind.as_str() {
            "historyUndo" => Retrace::Undo,
            "historyRedo" => Retrace::Redo,
            _ => return,
        };
        if !is_in_another_field(event.target()) {
            event.prevent_default();
            go(way);
        }
    });
}

/// Whether it is in a text that is none of the page's drafts: an extension's, or one that can only be copied.
fn is_in_another_field(target: Option<web_sys::EventTarget>) -> bool {
    const TEXTS: &str =
        "input:not([type]), input[type=text], input[type=search], input[type=password], input[type=email], textarea, [contenteditable]";
    let target = target.and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(TEXTS).unwrap_or(false) && !target.has_attribute("data-draft"))
}

/// The field that is typed into, and what stood in it.
struct Caret {
    field: Element,
    before: String,
}

impl Caret {
    fn now() -> Option<Self> {
        let field = document().active_element()?;
        value(&field).map(|before| Self { field, before })
    }

    /// Stands behind what has changed, as in the browser's own history.
    fn follow(&self) {
        let Some(after) = value(&self.field).filter(|after| *after != self.before) else { return };
        let (before, after): (Vec<u16>, Vec<u16>) = (self.before.encode_utf16().collect(), after.encode_utf16().collect());
        let ahead = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
        let behind = before.iter().rev().zip(after.iter().rev()).take_while(|(before, after)| before == after).count();
        // What stands ahead of the change is not counted behind it as well: “e” of “Title more” is not that of “Title”.
        let behind = behind.min(before.len().min(after.len()) - ahead);
        let at = Some((after.len() - behind) as u32);
        let set = match self.field.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.set_selection_start(at).and_then(|()| input.set_selection_end(at)),
            None => self
                .field
                .dyn_ref::<HtmlTextAreaElement>()
                .map_or(Ok(()), |area| area.set_selection_start(at).and_then(|()| area.set_selection_end(at))),
        };
        // In a field that has no caret there is none to set.
        set.unwrap_or_default();
    }
}

fn value(field: &Element) -> Option<String> {
    let input = field.dyn_ref::<HtmlInputElement>().filter(|_| field.has_attribute("data-draft")).map(HtmlInputElement::value);
    input.or_else(|| field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
}
