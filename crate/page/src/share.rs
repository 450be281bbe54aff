//! The link that opens this very state, to be copied.

use crate::address;
use crate::browser::clipboard;
use crate::page::Page;
use glasses_contract::config::Origin;
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

/// The button, and the link itself where the browser does not let pages copy.
#[component]
pub fn Share(page: Page) -> impl IntoView {
    let copied = RwSignal::new(Copied::NotYet);
    let copy = move |_| {
        page.settle.run(());
        let link = page.state.asked.with_untracked(address::link_to);
        wasm_bindgen_futures::spawn_local(async move {
            match clipboard::copy(&link).await {
                Ok(()) => {
                    copied.set(Copied::Done);
                    set_timeout(move || copied.set(Copied::NotYet), COPIED);
                }
                Err(_) => copied.set(Copied::ByHand(link)),
            }
        });
    };
    let is_own = Memo::new(move |_| page.state.asked.with(|asked| asked.model.weights == Origin::Own));
    let field = NodeRef::<leptos::html::Input>::new();
    let select = move || field.with_untracked(|field| field.iter().for_each(|field| field.select()));
    // Once it stands there, it is ready to be copied.
    Effect::new(move || field.with(|field| field.iter().for_each(|field| field.select())));
    let by_hand = move || match copied.get() {
        Copied::ByHand(link) => Some(view! {
            <label class="by-hand">
                "The browser does not let this page copy. Copy it from here:"
                <input type="text" class="mono" readonly=true prop:value=link node_ref=field on:focus=move |_| select() />
            </label>
        }),
        _ => None,
    };
    view! {
        <div class="share">
            <button type="button" class="button" on:click=copy>{move || if copied.get() == Copied::Done { "Copied" } else { "Copy link" }}</button>
            <span class="hint" role="status">{move || (copied.get() == Copied::Done).then_some("The link opens exactly what you see.")}</span>
            <p class="hint" hidden=move || !is_own.get()>
                "The link names your own model and does not hold it: give its file along, which you save under “Train”."
            </p>
            {by_hand}
        </div>
    }
}
