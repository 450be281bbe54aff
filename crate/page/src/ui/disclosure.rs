//! A fold: what is behind it is made when it is opened for the first time, so that what nobody opens costs no keystroke anything.

use leptos::prelude::*;

/// A fold under its summary.
#[component]
pub fn Disclosure(#[prop(into)] summary: ViewFn, children: ChildrenFn) -> impl IntoView {
    let was_opened = RwSignal::new(false);
    view! {
        <details class="fold" on:toggle=move |_| was_opened.set(true)>
            <summary>{summary.run()}</summary>
            <Show when=move || was_opened.get()>{children()}</Show>
        </details>
    }
}
