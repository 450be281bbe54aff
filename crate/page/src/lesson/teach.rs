//! Where a lesson is written: as text on one side, as the class will see it on the other; and what becomes of it.

use super::go_to;
use crate::address;
use crate::browser::file;
use crate::form::Draft;
use crate::page::Page;
use crate::share::{Copy, Qr};
use glasses_contract::config::{Config, Frame, Presenting};
use glasses_contract::lesson::{self, Lesson, Mistake};
use glasses_contract::locale::{self, Language, together};
use glasses_contract::{controls, link, say};
use leptos::prelude::*;

/// The name under which a lesson is saved.
const FILE: &str = "glasses-lesson.txt";

/// The largest file that is read as a lesson, in bytes. Every byte of a text takes at least a character in a link; two encodings take more
/// bytes than that, and none takes four times as many.
const MOST_BYTES: u64 = 4 * lesson::MAX_WRITTEN as u64;

fn example() -> &'static str {
    match locale::language() {
        Language::English => include_str!("../../../../www/locale/en/lesson.txt"),
        Language::Chinese => include_str!("../../../../www/locale/zh/lesson.txt"),
    }
}

/// The text, the steps, and what can be done with them.
#[component]
pub fn Teach(page: Page) -> impl IntoView {
    let state = page.state;
    // What is too long to travel stays written, and the state keeps what was there before.
    let draft = Draft::new(page, controls::find("lesson")?);
    let too_long = Memo::new(move |_| draft.text.with(|text| lesson::too_long(text)));
    let is_refused = move || too_long.with(Option::is_some);
    let refusal =
        move || too_long.get().map(|why| together([why.as_str(), say!("Shorten it, or save it as a file before you leave the page.")]));
    let parsed = Memo::new(move |_| draft.text.with(|text| lesson::parse(text)));
    let is_empty = Memo::new(move |_| parsed.with(|(lesson, _)| lesson.steps.is_empty()));
    // What is given and shared is the lesson of the state.
    let has_none = Signal::derive(move || is_empty.get() || is_refused());
    let problem = RwSignal::new(None::<String>);
    let write = move |text: String| {
        problem.set(None);
        draft.enter(text);
    };
    let is_blank = Memo::new(move |_| draft.text.with(|text| text.trim().is_empty()));
    let field = NodeRef::<leptos::html::Textarea>::new();
    let show_example = move |_| {
        write(example().into());
        // The button goes, and whoever pressed it by a key goes on in the text.
        if let Some(field) = field.get_untracked() {
            field.focus().unwrap_or_default();
        }
    };
    let save = move |_| problem.set(draft.text.with_untracked(|text| file::save(FILE, "text/plain", text)).err());
    let open = move |event: web_sys::Event| {
        let Some(chosen) = file::chosen(&event) else { return };
        wasm_bindgen_futures::spawn_local(async move {
            match file::read(&chosen, MOST_BYTES).await.map(String::from_utf8) {
                // What is written there stays.
                Ok(Ok(text)) => match lesson::too_long(&text) {
                    Some(why) => problem.set(Some(why)),
                    None => write(text),
                },
                Ok(Err(_)) => problem.set(Some(say!("This file is no text.").into())),
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let lesson_link = Signal::derive(move || state.asked.with(|asked| address::link_to(&opened_at_first(asked))));
    let start = move |_| {
        page.settle.run(());
        state.asked.update(|asked| asked.frame.present = Presenting::On);
        go_to(page, 1);
        page.settle.run(());
    };
    let mistake = |mistake: Mistake| view! { <li>{say!("Line {}: {}", mistake.line, mistake.sentence)}</li> };
    Some(view! {
        <h2>{say!("Teach with it")}</h2>
        <p class="about">
            {say!("A lesson is a title, and then steps: some lines of words, and under them the link of what is to be seen. Set the page as you want your class to see it, copy its link, and paste it here. The whole lesson travels in one link, or as a text file.")}
        </p>
        <div class="teach">
            <div class="teach-text">
                <label for="lesson-text">{say!("The lesson as text")}</label>
                <textarea
                    id="lesson-text"
                    node_ref=field
                    class="mono"
                    rows="18"
                    spellcheck="false"
                    placeholder=format!("{}\n\n{}\n#v=1&n=24", say!("A title"), say!("What is to be seen."))
                    aria-invalid=move || is_refused().to_string()
                    aria-describedby="lesson-refusal"
                    prop:value=move || draft.text.get()
                    on:input=move |event| write(event_target_value(&event))
                    on:blur=move |_| page.settle.run(())
                ></textarea>
                <p class="refusal" id="lesson-refusal" role="status">{refusal}</p>
                <ul class="mistakes" role="status">{move || parsed.with(|(_, mistakes)| mistakes.iter().cloned().map(mistake).collect_view())}</ul>
                <p class="buttons">
                    <button type="button" class="button primary" disabled=move || has_none.get() on:click=start>{say!("Give the lesson")}</button>
                    <Copy page text=lesson_link label=say!("Copy the lesson’s link") disabled=has_none />
                    <button type="button" class="button" disabled=move || is_empty.get() on:click=save>{say!("Save as a file")}</button>
                    <label class="button file">
                        {say!("Open a file")}
                        <input type="file" accept=".txt,text/plain" on:change=open />
                    </label>
                    <button type="button" class="button" disabled=move || is_empty.get() on:click=move |_| print()>{say!("Print a handout")}</button>
                    // It takes the place of what is written, so it is offered where nothing is.
                    <Show when=move || is_blank.get()>
                        <button type="button" class="link" on:click=show_example>{say!("An example")}</button>
                    </Show>
                </p>
                <p class="refusal" role="status">{move || problem.get()}</p>
            </div>
            <div class="handout">{move || parsed.with(|(lesson, _)| handout(lesson))}</div>
        </div>
    })
}

/// The lesson as people are given it: at its first step, with nothing else of what is asked now.
fn opened_at_first(asked: &Config) -> Config {
    let (lesson, _) = lesson::parse(&asked.frame.lesson);
    let first = lesson.steps.first().map_or_else(Config::default, |step| link::decode(&step.link).0);
    let Frame { at, hide, embed, .. } = first.frame;
    Config { frame: Frame { at, hide, embed, step: 1, ..asked.frame.clone() }, ..first }
}

/// The steps with their links, whole as somebody would type them, as a sheet to print.
fn handout(lesson: &Lesson) -> impl IntoView + use<> {
    let step = |(index, step): (usize, &lesson::Step)| {
        let address = address::link_to(&link::decode(&step.link).0);
        view! {
            <li>
                <p class="handout-sentence"><strong>{format!("{}. ", index + 1)}</strong> {step.sentence.clone()}</p>
                <p class="handout-link"><a href=address.clone()>{address.clone()}</a></p>
                <Qr text=Signal::derive(move || address.clone()) />
            </li>
        }
    };
    (!lesson.steps.is_empty()).then(|| {
        view! {
            <h3>{lesson.title.clone()}</h3>
            <ol class="handout-steps">{lesson.steps.iter().enumerate().map(step).collect_view()}</ol>
        }
    })
}

fn print() {
    if let Err(thrown) = window().print() {
        leptos::logging::warn!("{}", crate::browser::error::sentence(&thrown));
    }
}
