//! The bar of the lesson that is being given: what is to be seen, and the ways on and back.

use crate::context::Context;
use crate::state::Action;
use glasses_contract::say;
use leptos::prelude::*;

/// Nothing where no lesson is given.
#[component]
pub fn Bar(page: Context) -> impl IntoView {
    let state = page.state;
    let lesson = state.lesson;
    let step = Memo::new(move |_| state.given());
    let count = Memo::new(move |_| lesson.with(|read| read.lesson.steps.len()));
    let is_given = Memo::new(move |_| step.get() > 0);
    let sentence = move || lesson.with(|read| read.lesson.steps.get(step.get().saturating_sub(1)).map(|step| step.sentence.clone()));
    let title = move || lesson.with(|read| read.lesson.title.clone());
    let place = move || say!("Step {} of {}", step.get(), count.get());
    let go = move |to: usize| state.apply(Action::GoToStep(&lesson.get_untracked(), to));
    move || {
        is_given.get().then(|| {
            view! {
                <section class="lesson-bar" aria-label=say!("Lesson")>
                    <p class="hint"><strong>{title}</strong> " · " {place}</p>
                    <p class="lesson-sentence" aria-live="polite">{sentence}</p>
                    <p class="ways">
                        <button type="button" class="button" disabled=move || step.get() <= 1 on:click=move |_| go(step.get_untracked().saturating_sub(1))>
                            {say!("Back")}
                        </button>
                        <button
                            type="button"
                            class="button primary"
                            disabled=move || count.get() <= step.get()
                            on:click=move |_| go(step.get_untracked() + 1)
                        >
                            {say!("Next")}
                        </button>
                        <button type="button" class="link" on:click=move |_| state.apply(Action::LeaveLesson)>{say!("Leave the lesson")}</button>
                    </p>
                </section>
            }
        })
    }
}
