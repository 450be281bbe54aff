//! Lessons: given step by step in a bar above the page, and written on a page of their own.

mod bar;
mod handout;
mod teach;

pub use bar::Bar;
pub use teach::Teach;

use crate::context::Context;
use crate::state::lesson::notes;
use glasses_contract::config::{Frame, Place, Presenting};
use glasses_contract::link;
use leptos::prelude::*;

/// Goes to a step of the lesson, from 1; past the last there is none. What the step's link does not say of the frame stays as it is.
pub fn go_to(page: Context, step: usize) {
    let lesson = page.state.lesson.get_untracked();
    let Some(chosen) = step.checked_sub(1).and_then(|index| lesson.lesson.steps.get(index)) else { return };
    let (mut config, _) = link::decode(&chosen.link);
    page.state.asked.with_untracked(|asked| {
        let Frame { at, hide, embed, .. } = config.frame;
        config.frame = Frame { at, hide, embed, step, ..asked.frame.clone() };
        config.view.device = asked.view.device;
    });
    let notes = notes(&config, &lesson);
    page.state.show(config, notes);
}

/// Leaves the lesson where it is; its text is kept. Where it is written there is nothing to present.
fn leave(page: Context) {
    page.state.asked.update(|asked| (asked.frame.step, asked.frame.at, asked.frame.present) = (0, Place::Teach, Presenting::Off));
}
