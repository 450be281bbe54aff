//! The ways on and back in a lesson, and where one is.

use crate::context::Context;
use crate::state::Action;
use glasses_contract::say;
use leptos::prelude::*;

/// Two buttons with the step between them.
#[component]
pub fn Ways(page: Context, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let state = page.state;
    let step = Memo::new(move |_| state.given());
    let count = Memo::new(move |_| state.lesson.with(|read| read.lesson.steps.len()));
    let go = move |to: usize| state.apply(Action::GoToStep(&state.lesson.get_untracked(), to));
    view! {
        <p class="ways">
            <button type="button" class="button" disabled=move || step.get() <= 1 on:click=move |_| go(step.get_untracked().saturating_sub(1))>
                {say!("Previous step")}
            </button>
            <button type="button" class="button primary" disabled=move || count.get() <= step.get() on:click=move |_| go(step.get_untracked() + 1)>
                {say!("Next step")}
            </button>
            {children.map(|children| children())}
        </p>
    }
}

/// Where one is.
pub fn place(page: Context) -> String {
    say!("Step {} of {}", page.state.given(), page.state.lesson.with(|read| read.lesson.steps.len()))
}
