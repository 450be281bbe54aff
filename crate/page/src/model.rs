//! The model's panel: what it is in one line, and its controls behind it.

use crate::form::Field;
use crate::page::Page;
use crate::words;
use glasses_contract::controls::{CONTROLS, Group};
use leptos::prelude::*;

/// The model: every control of its group, and what had to be replaced.
#[component]
pub fn ModelPanel(page: Page) -> impl IntoView {
    let shape = move || page.state.admitted.with(|config| words::shape(&config.model));
    let fields = CONTROLS.iter().filter(|control| control.group == Group::Model);
    let replaced = move || page.state.replaced.get().into_iter().map(|warning| view! { <li>{warning.sentence}</li> }).collect_view();
    view! {
        <details class="fold model">
            <summary>
                <span class="fold-title">"The model"</span>
                " "
                <span class="fold-value">{shape}", random weights"</span>
            </summary>
            <p class="hint">
                "Pre-norm, decoder-only, one token a character. Its weights are drawn from the seed, not trained: the same seed is the same
                model on every device."
            </p>
            <div class="fields">{fields.map(|control| view! { <Field page key=control.key /> }).collect_view()}</div>
        </details>
        <ul class="replaced" role="status">{replaced}</ul>
    }
}
