//! The gallery: every figure of the paper as a picture of ours, which leads to the state behind it.

use crate::context::{Context, figure_selector};
use crate::state::Action;
use crate::state::url;
use glasses_contract::drawing::Side;
use glasses_contract::gallery::{EXHIBITS, Exhibit};
use glasses_contract::{Choice, say};
use leptos::prelude::*;

/// The size of a picture in its file, in CSS pixels, so that its place is kept until it comes.
const WIDTH: &str = "432";
const HEIGHT: &str = "288";

/// The heading and the cards.
#[component]
pub fn Gallery(page: Context) -> impl IntoView {
    let card = move |exhibit: &'static Exhibit| view! { <li><Card page exhibit /></li> };
    view! {
        <h2>{say!("Gallery")}</h2>
        <p class="about">
            {say!(
                "The figures of the paper, drawn by the instruments on this page, next to the published ones or instead of them. Each opens the exact state behind it."
            )}
        </p>
        <ul class="exhibits">{EXHIBITS.iter().map(card).collect_view()}</ul>
    }
}

/// A picture, what it is of, and whose the numbers are: all of it a link, so that it can be opened in another tab too.
#[component]
fn Card(page: Context, exhibit: &'static Exhibit) -> impl IntoView {
    // How the page is set goes along, and the reader's device; nothing else of the state does.
    let href = move || {
        page.state.around.track();
        url::href(&untrack(|| page.state.after(Action::OpenFigure(exhibit))))
    };
    // The figure of that name, not the top of the page that it is on.
    let lead = move |event: web_sys::MouseEvent| {
        page.state.commit();
        // In another tab it is another page that is led.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            page.scroll_target.set(Some(figure_selector(exhibit)));
        }
    };
    // Both sides are there, and the style sheet shows one; what isn't shown isn't fetched either.
    let is_missing = RwSignal::new(false);
    let picture = move |&side: &Side| {
        let src = format!("gallery/{}", exhibit.file(side));
        view! {
            <img
                class=format!("in-{}", side.word())
                src=src
                alt=exhibit.shows().join(" ")
                width=WIDTH
                height=HEIGHT
                loading="lazy"
                on:error=move |_| is_missing.set(true)
            />
        }
    };
    // With a network again, they are asked for again.
    let online = window_event_listener_untyped("online", move |_| is_missing.set(false));
    on_cleanup(move || online.remove());
    let pictures = move || {
        if is_missing.get() {
            view! { <span class="missing">{say!("This picture is not kept in this browser, and does not come from the network. What it shows can still be computed: press here.")}</span> }
                .into_any()
        } else {
            Side::ALL.iter().map(picture).collect_view().into_any()
        }
    };
    view! {
        <a class="exhibit" href=href on:click=lead>
            {pictures}
            <strong>{say!("Figure {}", exhibit.name)}</strong>
            {exhibit.shows().map(|line| view! { <span>{line}</span> }).collect_view()}
            <span class="hint">{exhibit.whose()}</span>
        </a>
    }
}
