//! Keyboard shortcuts: to the next and the previous step or chapter, out of the presentation, and a list of all keys.

use crate::browser::keys::{self, Press};
use crate::context::Context;
use crate::state::Action;
use crate::state::State;
use glasses_contract::chapters::CHAPTERS;
use glasses_contract::config::Presenting;
use glasses_contract::{Warning, sentence};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Hears the shortcuts from here on.
pub fn follow(page: Context) {
    window_event_listener(leptos::ev::keydown, move |event| {
        if let Some(shortcut) = shortcut(&event, &page.state) {
            event.prevent_default();
            match shortcut {
                Shortcut::Leave => page.state.choose(|asked| asked.frame.present = Presenting::Off),
                Shortcut::StepBy(by) => step_by(page, by),
                Shortcut::List => list(page),
            }
        }
    });
}

/// Where a key leads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shortcut {
    /// Out of the presentation.
    Leave,
    /// To the list of all keys.
    List,
    /// So many steps of the lesson, or chapters, on.
    StepBy(isize),
}

fn shortcut(event: &KeyboardEvent, state: &State) -> Option<Shortcut> {
    let is_presenting = state.asked.with_untracked(|asked| asked.frame.present == Presenting::On);
    let is_typed = keys::focus(event).is_some_and(|focus| focus.matches("input, textarea, select").unwrap_or(true));
    if !is_typed && matches!(keys::press(event), Some(Press::Plain(key) | Press::Shifted(key)) if key == "?") {
        return Some(Shortcut::List);
    }
    if !is_presenting && untrack(|| state.given()) == 0 {
        return None;
    }
    let press = keys::press(event)?;
    let focus = keys::focus(event);
    let is_within = |selector: &str| focus.as_ref().is_some_and(|focus| focus.closest(selector).is_ok_and(|found| found.is_some()));
    // What is typed into has its own use for it.
    if is_presenting && press == Press::Plain("Escape".into()) && !is_within("input, textarea, select") {
        return Some(Shortcut::Leave);
    }
    // A key acts where the focus is: on what can only be pressed, it has nothing else to do.
    if focus.is_some() && (!is_within("a, button") || is_within("[role=tab], .box")) {
        return None;
    }
    let by = match press {
        // On what can be pressed it presses.
        Press::Plain(key) if key == " " && focus.is_none() && is_presenting => 1,
        Press::Shifted(key) if key == " " && focus.is_none() && is_presenting => -1,
        // Where nothing is presented they scroll.
        Press::Plain(key) if key == "PageDown" && is_presenting => 1,
        Press::Plain(key) if key == "PageUp" && is_presenting => -1,
        Press::Plain(key) if key == "ArrowRight" => 1,
        Press::Plain(key) if key == "ArrowLeft" => -1,
        _ => return None,
    };
    Some(Shortcut::StepBy(by))
}

/// What keys do, as a note that is read aloud and can be put away.
fn list(page: Context) {
    let sentence = sentence!(
        "Keys. In a figure: ← and → read the numbers, ↑ and ↓ go from line to line, Enter chooses, Escape leaves. While presenting, and in a lesson: ← and → step, Escape ends it. Ctrl+Z takes back, Ctrl+Shift+Z makes again."
    );
    let note = Warning::about("keys", sentence);
    if !page.state.notes.all().contains(&note) {
        page.state.notes.add(note);
    }
}

/// To the next step of the lesson, or the next chapter.
pub fn step_by(page: Context, by: isize) {
    let (step, at) = (untrack(|| page.state.given()), page.state.asked.with_untracked(|asked| asked.frame.at));
    if step > 0 {
        let lesson = page.state.lesson.get_untracked();
        return page.state.apply(Action::GoToStep(&lesson, step.saturating_add_signed(by).max(1)));
    }
    let Some(index) = CHAPTERS.iter().position(|chapter| chapter.place == at) else { return };
    if let Some(chapter) = index.checked_add_signed(by).and_then(|index| CHAPTERS.get(index)) {
        page.state.apply(Action::GoTo(chapter.place));
    }
}
