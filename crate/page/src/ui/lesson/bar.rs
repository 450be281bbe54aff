//! The bar of the lesson that is being given: what is to be seen, and the ways on and back.

use super::notes;
use super::ways::{Ways, place};
use crate::context::Context;
use crate::state::Action;
use glasses_contract::say;
use leptos::prelude::*;

/// Nothing where no lesson is given.
#[component]
pub fn Bar(page: Context) -> impl IntoView {
    let state = page.state;
    let step = Memo::new(move |_| state.given());
    let is_given = Memo::new(move |_| step.get() > 0);
    let sentence = move || state.lesson.with(|read| read.lesson.steps.get(step.get().checked_sub(1)?).map(|step| step.said().to_owned()));
    let title = move || state.lesson.with(|read| read.lesson.title.clone());
    let is_refused = RwSignal::new(false);
    let open_notes = move |_| is_refused.set(!state.asked.with_untracked(notes::open));
    move || {
        is_given.get().then(|| {
            view! {
                <section class="lesson-bar" aria-label=say!("Lesson")>
                    <p class="hint"><strong>{title}</strong> " · " {move || place(page)}</p>
                    <p class="lesson-sentence" aria-live="polite">{sentence}</p>
                    <Ways page>
                        <button type="button" class="link" on:click=open_notes>{say!("Notes in a second window")}</button>
                        <button type="button" class="link" on:click=move |_| state.apply(Action::LeaveLesson)>{say!("Leave the lesson")}</button>
                        <span class="refusal" role="status">{move || is_refused.get().then(|| say!("The browser opens no second window."))}</span>
                    </Ways>
                </section>
            }
        })
    }
}
