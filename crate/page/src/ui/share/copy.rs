//! A button that copies a text, and the text itself where the browser does not let pages copy.

use crate::browser::clipboard;
use crate::context::Context;
use glasses_contract::say;
use leptos::prelude::*;
use std::time::Duration;

/// How long “Copied” stands.
const COPIED: Duration = Duration::from_secs(2);

/// What became of the last copy.
#[derive(Clone, PartialEq)]
enum Copied {
    NotYet,
    Done,
    /// The browser does not let pages copy: the reader does it.
    ByHand(String),
}

/// The button; `said` is what copying was good for, `disabled` whether there is nothing to copy.
#[component]
pub fn Copy(
    page: Context,
    text: Signal<String>,
    label: &'static str,
    #[prop(optional)] said: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let copied = RwSignal::new(Copied::NotYet);
    let copy = move |_| {
        page.state.commit();
        let text = text.get_untracked();
        wasm_bindgen_futures::spawn_local(async move {
            match clipboard::copy(&text).await {
                Ok(()) => {
                    copied.set(Copied::Done);
                    set_timeout(move || copied.set(Copied::NotYet), COPIED);
                }
                Err(_) => copied.set(Copied::ByHand(text)),
            }
        });
    };
    let field = NodeRef::<leptos::html::Input>::new();
    let select = move || field.with_untracked(|field| field.iter().for_each(|field| field.select()));
    // Once it stands there, it is ready to be copied.
    Effect::new(move || field.with(|field| field.iter().for_each(|field| field.select())));
    let by_hand = move || match copied.get() {
        Copied::ByHand(text) => Some(view! {
            <label class="by-hand">
                {say!("The browser doesn't let this page copy. Copy it from here:")}
                <input type="text" class="mono" readonly=true prop:value=text node_ref=field on:focus=move |_| select() />
            </label>
        }),
        _ => None,
    };
    let is_done = Memo::new(move |_| copied.with(|copied| *copied == Copied::Done));
    view! {
        <button type="button" class="button" disabled=move || disabled.get() on:click=copy>{move || if is_done.get() { say!("Copied") } else { label }}</button>
        <span class="hint" role="status" hidden=said.is_empty()>{move || is_done.get().then_some(said)}</span>
        {by_hand}
    }
}
