//! Which keys the page acts on: the only file that reads keyboard events, so that every handler leaves alone what is not meant for it.

// Here, and nowhere else: see clippy.toml.
#![allow(clippy::disallowed_methods)]

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

/// The key code of whatever an input method has taken for itself (UI Events, section 7.3.1).
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// A key that was pressed by itself: without Alt, AltGr, Ctrl or Meta, outside of any composition, and by nobody taken before. Together
/// with Shift it is another key.
#[derive(Clone, Debug, PartialEq)]
pub enum Press {
    /// Alone.
    Plain(String),
    /// With Shift.
    Shifted(String),
}

/// What the reader pressed, if it is for the page at all.
pub fn press(event: &KeyboardEvent) -> Option<Press> {
    let is_modified = event.alt_key() || event.ctrl_key() || event.meta_key() || event.get_modifier_state("AltGraph");
    if is_modified || is_for_another(event) {
        return None;
    }
    Some(if event.shift_key() { Press::Shifted(event.key()) } else { Press::Plain(event.key()) })
}

/// The key, where it was pressed alone.
pub fn plain(event: &KeyboardEvent) -> Option<String> {
    match press(event)? {
        Press::Plain(key) => Some(key),
        Press::Shifted(_) => None,
    }
}

/// A way through what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retrace {
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
}

/// Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z, and the same with Cmd on a Mac, where Cmd+Y is the browser's.
pub fn retrace(event: &KeyboardEvent) -> Option<Retrace> {
    let is_command = event.ctrl_key() != event.meta_key() && !event.alt_key() && !event.get_modifier_state("AltGraph");
    if !is_command || is_for_another(event) {
        return None;
    }
    // On a keyboard of other letters than Latin ones, a shortcut is found by its place.
    let key = event.key().to_lowercase();
    let letter = if key.is_ascii() { key } else { event.code().trim_start_matches("Key").to_lowercase() };
    match (letter.as_str(), event.shift_key()) {
        ("z", false) => Some(Retrace::Undo),
        ("z", true) => Some(Retrace::Redo),
        ("y", false) if event.ctrl_key() => Some(Retrace::Redo),
        _ => None,
    }
}

/// Where the focus is as the key is pressed, if it is anywhere in particular.
pub fn focus(event: &KeyboardEvent) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    (!target.matches("html, body").unwrap_or(false)).then_some(target)
}

/// Whether the event came from within the element that hears it, such as from a button in a box.
pub fn is_from_within(event: &KeyboardEvent) -> bool {
    event.target() != event.current_target()
}

/// An input method composes with it, somebody took it already, or the field takes nothing.
fn is_for_another(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD || event.default_prevented() || is_closed(event)
}

fn is_closed(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target() else { return false };
    let input = target.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.read_only() || input.disabled());
    input || target.dyn_ref::<HtmlTextAreaElement>().is_some_and(|area| area.read_only() || area.disabled())
}
