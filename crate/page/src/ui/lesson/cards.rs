//! A lesson as cards, one a step: what is said and what is shown, in an order that is changed by dragging and by keys.

use crate::context::Context;
use crate::figure::{Pictures, Thumbnail};
use crate::state::lesson::Read;
use glasses_contract::config::{Frame, Place};
use glasses_contract::lesson::{Change, Step};
use glasses_contract::{Choice, Config, open, presets, say};
use leptos::ev::Event;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// The cards of what is written.
#[component]
pub fn Cards(page: Context, read: Signal<Arc<Read>>, write: Callback<String>, pictures: Pictures) -> impl IntoView {
    let change = move |change| write.run(read.with_untracked(|read| read.lesson.clone().after(change).text()));
    let title = Signal::derive(move || read.with(|read| read.lesson.title.clone()));
    let dragged = RwSignal::new(None::<usize>);
    let list = NodeRef::<leptos::html::Ol>::new();
    let focus = move |selector: String| {
        request_animation_frame(move || {
            let found = list.get_untracked().and_then(|list| list.query_selector(&selector).ok().flatten());
            found
                .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
                .iter()
                .for_each(|found| found.focus().unwrap_or_default());
        });
    };
    // A card that was moved by a key keeps the focus, on the same button.
    let moved = move |from: usize, to: usize, button: &'static str| {
        change(Change::Move(from, to));
        focus(format!("li:nth-child({}) .{button}", to + 1));
    };
    // A new card is there to be written on.
    let insert = move |at: usize| {
        change(Change::Insert(at, Step { link: seen(page), ..Step::default() }));
        focus(format!("#card-{at}"));
    };
    let count = Memo::new(move |_| read.with(|read| read.lesson.steps.len()));
    // A card stays while what is on it changes: a press that ends the typing in a field still finds its button.
    let card = move |at: usize| {
        let step = Memo::new(move |_| read.with(|read| read.lesson.steps.get(at).cloned().unwrap_or_default()));
        let act = move |act: Act| match act {
            Act::Up => moved(at, at - 1, "up"),
            Act::Down => moved(at, at + 1, "down"),
            Act::Show => change(Change::Show(at, seen(page))),
            Act::Insert => insert(at),
            Act::Remove => change(Change::Remove(at)),
        };
        let act = Callback::new(act);
        let is_last = at + 1 == count.get_untracked();
        let number = at + 1;
        let sentence = Signal::derive(move || step.with(|step| step.sentence.clone()));
        let notes = Signal::derive(move || step.with(|step| step.notes.join("\n")));
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
                <label for=format!("card-{at}")>{say!("Step {}", number)}</label>
                <textarea
                    id=format!("card-{at}")
                    rows="2"
                    placeholder=say!("What do you see?")
                    prop:value=move || sentence.get()
                    on:change=move |event| {
                        change(Change::Say(at, event_target_value(&event)));
                        show(&event, sentence);
                    }
                ></textarea>
                <label for=format!("notes-{at}")>
                    {say!("Notes, only for you")} " " <span class="unseen">{say!("Step {}", number)}</span>
                </label>
                <textarea
                    id=format!("notes-{at}")
                    class="card-notes"
                    rows="1"
                    prop:value=move || notes.get()
                    on:change=move |event| {
                        change(Change::Note(at, event_target_value(&event)));
                        show(&event, notes);
                    }
                ></textarea>
                <Thumbnail page link=Signal::derive(move || step.with(|step| step.link.clone())) kept=pictures />
                <p class="hint">{move || step.with(|step| shown(&step.link))}</p>
                <p class="buttons">
                    {button(Act::Up, "button up", say!("Up"), say!("Move step {} up", number), at == 0, act)}
                    {button(Act::Down, "button down", say!("Down"), say!("Move step {} down", number), is_last, act)}
                    {button(Act::Show, "link", say!("Use the bench’s current view"), say!("Use the bench’s current view for step {}", number), false, act)}
                    {button(Act::Insert, "link", say!("Insert a step before"), say!("Insert a step before step {}", number), false, act)}
                    {button(Act::Remove, "link", say!("Remove"), say!("Remove step {}", number), false, act)}
                </p>
            </li>
        }
        .into_any()
    };
    view! {
        <label for="lesson-title">{say!("The lesson’s title")}</label>
        <input
            id="lesson-title"
            type="text"
            placeholder=say!("My lesson")
            prop:value=move || title.get()
            on:change=move |event| {
                change(Change::Title(event_target_value(&event)));
                event_target::<web_sys::HtmlInputElement>(&event).set_value(&title.get_untracked());
            }
        />
        <ol class="cards" node_ref=list>{move || (0..count.get()).map(card).collect_view()}</ol>
        <button type="button" class="button" on:click=move |_| insert(count.get_untracked())>{say!("Add a step")}</button>
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
/// `name` is the label with the step's number, by which it is known where no card is seen around it.
fn button(what: Act, class: &'static str, label: &'static str, name: String, disabled: bool, act: Callback<Act>) -> AnyView {
    view! { <button type="button" class=class aria-label=name disabled=disabled on:click=move |_| act.run(what)>{label}</button> }
        .into_any()
}

/// Puts what was read into the field that it was read from: a line may have become something else, where the rest did not change.
fn show(event: &Event, read: Signal<String>) {
    event_target::<web_sys::HtmlTextAreaElement>(event).set_value(&read.get_untracked());
}

/// What the bench shows now, as a link.
fn seen(page: Context) -> String {
    let frame = Frame { at: Place::Bench, ..Frame::default() };
    page.state.asked.with_untracked(|asked| open::encode(&Config { frame, ..asked.clone() }))
}

/// What a link shows: the place, and the preset where it is one.
fn shown(link: &str) -> String {
    let config = open::decode(link).0;
    let same = |preset: &&presets::Preset| open::decode(preset.link).0.experiment == config.experiment;
    let preset = presets::PRESETS.iter().find(same).map(presets::Preset::title);
    [Some(config.frame.at.label()), preset, Some(link)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
