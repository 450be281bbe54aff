//! A lesson as cards, one a step: what is said and what is shown, in an order that is changed by dragging and by keys.

use crate::context::Context;
use crate::figure::{Pictures, Thumbnail};
use crate::state::lesson::Read;
use glasses_contract::config::{Frame, Place};
use glasses_contract::lesson::{Change, Step};
use glasses_contract::{Choice, Config, open, presets, say};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// The cards of what is written.
#[component]
pub fn Cards(page: Context, read: Signal<Arc<Read>>, write: Callback<String>, pictures: Pictures) -> impl IntoView {
    let change = move |change| write.run(read.with_untracked(|read| read.lesson.clone().after(change).text()));
    let dragged = RwSignal::new(None::<usize>);
    let list = NodeRef::<leptos::html::Ol>::new();
    // A card that was moved by a key keeps the focus, on the same button.
    let moved = move |from: usize, to: usize, button: &'static str| {
        change(Change::Move(from, to));
        request_animation_frame(move || {
            let selector = format!("li:nth-child({}) .{button}", to + 1);
            let found = list.get_untracked().and_then(|list| list.query_selector(&selector).ok().flatten());
            found
                .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
                .iter()
                .for_each(|found| found.focus().unwrap_or_default());
        });
    };
    let count = Memo::new(move |_| read.with(|read| read.lesson.steps.len()));
    // A card stays while what is on it changes: a press that ends the typing in a field still finds its button.
    let card = move |at: usize| {
        let step = Memo::new(move |_| read.with(|read| read.lesson.steps.get(at).cloned().unwrap_or_default()));
        let act = move |act: Act| match act {
            Act::Up => moved(at, at - 1, "up"),
            Act::Down => moved(at, at + 1, "down"),
            Act::Show => change(Change::Show(at, seen(page))),
            Act::Insert => change(Change::Insert(at, new(page))),
            Act::Remove => change(Change::Remove(at)),
        };
        let act = Callback::new(act);
        let is_last = at + 1 == count.get_untracked();
        view! {
            <li
                draggable="true"
                on:dragstart=move |_| dragged.set(Some(at))
                on:dragover=move |event| if dragged.with_untracked(Option::is_some) { event.prevent_default() }
                on:drop=move |event| {
                    if let Some(from) = dragged.try_update(Option::take).flatten() {
                        event.prevent_default();
                        change(Change::Move(from, at));
                    }
                }
            >
                <label for=format!("card-{at}")>{say!("Step {}", at + 1)}</label>
                <textarea
                    id=format!("card-{at}")
                    rows="2"
                    prop:value=move || step.with(|step| step.sentence.clone())
                    on:change=move |event| change(Change::Say(at, event_target_value(&event)))
                ></textarea>
                <Thumbnail page link=Signal::derive(move || step.with(|step| step.link.clone())) kept=pictures />
                <p class="hint">{move || step.with(|step| shown(&step.link))}</p>
                <p class="buttons">
                    {button(Act::Up, "button up", say!("Up"), at == 0, act)}
                    {button(Act::Down, "button down", say!("Down"), is_last, act)}
                    {button(Act::Show, "link", say!("Show what the bench shows"), false, act)}
                    {button(Act::Insert, "link", say!("Insert a step before"), false, act)}
                    {button(Act::Remove, "link", say!("Remove"), false, act)}
                </p>
            </li>
        }
        .into_any()
    };
    view! {
        <ol class="cards" node_ref=list>{move || (0..count.get()).map(card).collect_view()}</ol>
        <button type="button" class="button" on:click=move |_| change(Change::Insert(usize::MAX, new(page)))>{say!("Add a step")}</button>
    }
}

/// What is done to a step by one press.
#[derive(Clone, Copy)]
enum Act {
    Up,
    Down,
    Show,
    Insert,
    Remove,
}

/// A button of a card, one kind of view for all: what is compiled for each would be loaded by everybody.
fn button(what: Act, class: &'static str, label: &'static str, disabled: bool, act: Callback<Act>) -> AnyView {
    view! { <button type="button" class=class disabled=disabled on:click=move |_| act.run(what)>{label}</button> }.into_any()
}

/// What the bench shows now, as a link.
fn seen(page: Context) -> String {
    let frame = Frame { at: Place::Bench, ..Frame::default() };
    page.state.asked.with_untracked(|asked| open::encode(&Config { frame, ..asked.clone() }))
}

fn new(page: Context) -> Step {
    Step { sentence: say!("What do you see?").into(), link: seen(page), ..Step::default() }
}

/// What a link shows: the place, and the preset where it is one.
fn shown(link: &str) -> String {
    let config = open::decode(link).0;
    let same = |preset: &&presets::Preset| open::decode(preset.link).0.experiment == config.experiment;
    let preset = presets::PRESETS.iter().find(same).map(presets::Preset::title);
    [Some(config.frame.at.label()), preset, Some(link)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
