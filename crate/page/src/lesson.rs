//! Lessons: given step by step in a bar above the page, and written on a page of their own.

mod bar;
mod teach;

pub use bar::Bar;
pub use teach::Teach;

use crate::page::Page;
use glasses_contract::config::{Frame, Place, Presenting};
use glasses_contract::{Warning, lesson, link, say};
use leptos::prelude::*;

/// Goes to a step of the lesson, from 1; past the last there is none. What the step's link does not say of the frame stays as it is.
pub fn go_to(page: Page, step: usize) {
    let frame = page.state.asked.with_untracked(|asked| asked.frame.clone());
    let (lesson, _) = lesson::parse(&frame.lesson);
    let Some(chosen) = step.checked_sub(1).and_then(|index| lesson.steps.get(index)) else { return };
    let (mut config, notes) = link::decode(&chosen.link);
    let (at, hide, embed) = (config.frame.at, config.frame.hide, config.frame.embed);
    config.frame = Frame { at, hide, embed, step, ..frame };
    config.view.device = page.state.asked.with_untracked(|asked| asked.view.device);
    page.state.link_notes.set(notes);
    page.state.asked.set(config);
}

/// Leaves the lesson where it is; its text is kept. Where it is written there is nothing to present.
fn leave(page: Page) {
    page.state.asked.update(|asked| (asked.frame.step, asked.frame.at, asked.frame.present) = (0, Place::Teach, Presenting::Off));
}

/// What a reader is told whose link holds a lesson in which nothing can be given. Where lessons are written, the text itself shows it.
pub fn without_steps(frame: &Frame) -> Option<Warning> {
    let is_without = !frame.lesson.is_empty() && frame.at != Place::Teach && lesson::parse(&frame.lesson).0.steps.is_empty();
    let sentence =
        say!("The lesson in this link has no step: under “Teach” you see its text. A step is some words, and a link below them.");
    is_without.then(|| Warning::about("lesson", sentence))
}
