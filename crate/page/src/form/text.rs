//! A line to type into, the same for every field of the page: what is typed goes to its draft as it stands.

use crate::browser::keys;
use crate::context::Context;
use crate::state::Draft;
use leptos::prelude::*;

/// What is typed into a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Words.
    Words,
    /// A text of which every character counts.
    Symbols,
    /// A whole number.
    Integer,
    /// A number.
    Number,
}

/// The line. Nothing but text: a browser's own field for numbers hides from the page what is no number to it.
#[component]
pub fn Line(
    page: Context,
    draft: Draft,
    id: String,
    typed: Typed,
    #[prop(optional, into)] title: String,
    #[prop(optional, into)] described_by: String,
    #[prop(optional, into)] is_invalid: Signal<bool>,
) -> impl IntoView {
    let (keyboard, is_number) = match typed {
        Typed::Words | Typed::Symbols => (None, false),
        Typed::Integer => (Some("numeric"), true),
        Typed::Number => (Some("decimal"), true),
    };
    // Words may be corrected; all else is meant as it stands.
    let is_exact = typed != Typed::Words;
    view! {
        <input
            id=id
            type="text"
            class:mono=typed == Typed::Symbols
            inputmode=keyboard
            autocomplete="off"
            autocapitalize=is_exact.then_some("off")
            spellcheck=is_exact.then_some("false")
            title=title
            data-draft=draft.name
            aria-invalid=move || (draft.refusal.with(Option::is_some) || is_invalid.get()).to_string()
            aria-describedby=described_by
            prop:value=move || draft.text.get()
            on:input=move |event| draft.hear(&event)
            on:compositionend=move |event| draft.enter(event_target_value(&event))
            on:keydown=move |event| if is_number { count(page, draft, &event) }
            on:blur=move |_| {
                draft.leave();
                page.state.commit();
            }
        />
    }
}

/// Arrows count, as in the browser's own fields for numbers.
fn count(page: Context, draft: Draft, event: &web_sys::KeyboardEvent) {
    let by = match keys::plain(event).as_deref() {
        Some("ArrowUp") => 1,
        Some("ArrowDown") => -1,
        Some("PageUp") => 10,
        Some("PageDown") => -10,
        _ => return,
    };
    // Each press is taken back by itself; a key that is held down is one.
    if !event.repeat() {
        page.history.cut();
    }
    if draft.step(by) {
        event.prevent_default();
    }
}
