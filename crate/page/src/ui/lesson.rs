//! Lessons: given step by step in a bar above the page, with notes in a second window, and written on a page of their own.

mod bar;
mod cards;
mod handout;
mod notes;
mod teach;
mod together;
mod ways;

pub use bar::Bar;

use crate::context::Context;
use leptos::prelude::*;
use notes::{Notes, is_notes};
use teach::Teach;

/// The place of lessons: where one is written, or what the lecturer alone sees of it.
#[component]
pub fn Lesson(page: Context) -> impl IntoView {
    let goes_together = together::follow(page);
    let is_notes = Memo::new(move |_| page.state.given() > 0 && page.state.asked.with(|asked| is_notes(&asked.frame)));
    view! {
        <Show when=move || is_notes.get() fallback=move || view! { <Teach page /> }>
            <Notes page goes_together />
        </Show>
    }
}
