//! Notices at the top of the page: what went wrong with an engine, and what became of an opened link.

use crate::context::Context;
use crate::state::url;
use crate::worker::{Action, Notice};
use glasses_contract::{Warning, say};
use leptos::prelude::*;

/// As many notes stand one under the other; more are one bar, so that the page stays where it is.
const APART: usize = 2;

/// Notes in one bar, to be opened.
fn folded(count: usize, bars: impl IntoView) -> impl IntoView {
    view! {
        <details class="notice">
            <summary>{say!("{} notes about what was opened", count)}</summary>
            {bars}
        </details>
    }
}

/// The notices.
#[component]
pub fn Notices(page: Context) -> impl IntoView {
    let engine_notice = move |notice: Notice| {
        let about = notice.about;
        let action = notice.action.map(|action| {
            let (label, act): (_, Box<dyn Fn()>) = match action {
                Action::Retry(device) => (say!("Try again"), Box::new(move || page.engine.retry(device))),
                Action::Reload => (say!("Load it again"), Box::new(url::reload)),
            };
            view! { <button type="button" class="button" on:click=move |_| act()>{label}</button> }
        });
        view! {
            <div class="notice alarm">
                <p>{notice.sentence}</p>
                {action}
                <Close on_close=move || page.engine.dismiss(about) />
            </div>
        }
    };
    let note = move |(index, note): (usize, Warning)| {
        view! {
            <div class="notice">
                <p>{note.to_string()}</p>
                <Close on_close=move || page.state.notes.dismiss(index) />
            </div>
        }
    };
    view! {
        <div class="notices" role="status">
            {move || page.engine.signals.notices.get().into_iter().map(engine_notice).collect_view()}
            {move || {
                let notes = page.state.notes.all();
                let count = notes.len();
                let bars = notes.into_iter().enumerate().map(note).collect_view();
                if count <= APART { bars.into_any() } else { folded(count, bars).into_any() }
            }}
        </div>
    }
}

#[component]
fn Close(on_close: impl Fn() + 'static) -> impl IntoView {
    view! { <button type="button" class="close" aria-label=say!("Dismiss") on:click=move |_| on_close()>"×"</button> }
}
