//! Where a lesson is written: as text on one side, as the class will see it on the other; and what becomes of it.

use super::cards::Cards;
use super::handout::{Handout, Sheet};
use crate::browser::file;
use crate::context::Context;
use crate::i18n;
use crate::state::Action;
use crate::state::lesson::Read;
use crate::state::url;
use crate::ui::share::Copy;
use glasses_contract::config::{Config, Frame, Part};
use glasses_contract::lesson::{self, Mistake};
use glasses_contract::locale::together;
use glasses_contract::{chapters, limits, open, say, text_file};
use leptos::prelude::*;
use std::sync::Arc;

/// No file of a lesson is larger: every character takes one in a link at the least, and two bytes where it is UTF-16, behind its mark.
const MOST_BYTES: usize = 2 * limits::MAX_LESSON_CHARS + 4;

/// The name under which a lesson is saved.
const FILE: &str = "glasses-lesson.txt";

/// Lessons that are written already: how many minutes each takes, and its file among the texts of the language.
const READY: [(u32, &str); 3] = [(10, "lesson-10.txt"), (45, "lesson-45.txt"), (90, "lesson-90.txt")];

/// The text, the steps, and what can be done with them.
#[component]
pub fn Teach(page: Context) -> impl IntoView {
    let state = page.state;
    // What is too long to travel stays written, and the state keeps what was there before.
    let draft = page.drafts.of("lesson")?;
    let too_long = Memo::new(move |_| draft.text.with(|text| lesson::too_long(text)));
    let is_refused = move || too_long.with(Option::is_some);
    let refusal =
        move || too_long.get().map(|why| together([why.as_str(), say!("Shorten it, or save it to a file before you leave the page.")]));
    // What is written is nearly always the lesson of the state, which is read already.
    let read = Signal::derive(move || state.lesson.with(|known| draft.text.with(|text| Read::again(Some(known), text))));
    let read =
        Memo::new_with_compare(move |_| read.get(), |before, now| !before.zip(now).is_some_and(|(before, now)| Arc::ptr_eq(before, now)));
    let is_empty = Memo::new(move |_| read.with(|read| read.lesson.steps.is_empty()));
    // What is given and shared is the lesson of the state.
    let has_none = Signal::derive(move || is_empty.get() || is_refused());
    let is_shown = Memo::new(move |_| state.asked.with(|asked| chapters::shows(&asked.frame, Part::Lesson)));
    let handout = Handout::new(read.into(), is_shown.into());
    let problem = RwSignal::new(None::<String>);
    let as_cards = RwSignal::new(false);
    let pictures = StoredValue::new(Vec::new());
    // Each is a change of its own, which is taken back by itself.
    let write = move |text: String| {
        problem.set(None);
        draft.choose(text);
    };
    let is_blank = Memo::new(move |_| draft.text.with(|text| text.trim().is_empty()));
    let ready = move |(minutes, file): (u32, &'static str)| {
        let take = move |_| write(i18n::text(file).into());
        view! { <button type="button" class="link" on:click=take>{say!("{} minutes", minutes)}</button> }
    };
    let save = move |_| problem.set(draft.text.with_untracked(|text| file::save(FILE, "text/plain", text)).err());
    let open = move |event: web_sys::Event| {
        let Some(chosen) = file::chosen(&event) else { return };
        wasm_bindgen_futures::spawn_local(async move {
            match opened(&chosen).await {
                Ok(text) => write(text),
                // What is written there stays.
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let lesson_link = Signal::derive(move || state.asked.with(|asked| url::link_to(&opened_at_first(asked))));
    let start = move |_| state.apply(Action::GiveLesson(&state.lesson.get_untracked()));
    let mistake = |mistake: &Mistake| view! { <li>{say!("Line {}: {}", mistake.line, mistake.sentence)}</li> };
    let mistakes = move || read.with(|read| read.mistakes.iter().map(mistake).collect_view());
    Some(view! {
        <h2>{say!("Teach with it")}</h2>
        <p class="about">
            {say!("A lesson is a title and some steps. A step is a few lines of text and, below them, the link to show. Set up the page as you want your class to see it, copy its link, and paste it here. The whole lesson fits in one link, or in a text file. A line that begins with // is a note that only you see: in a second window while you present, and on your handout.")}
        </p>
        <div class="teach">
            <div class="teach-text">
                <p class="buttons">
                    <button type="button" class="link" on:click=move |_| as_cards.update(|is| *is = !*is)>
                        {move || if as_cards.get() { say!("The lesson as text") } else { say!("Steps as cards") }}
                    </button>
                </p>
                <Show when=move || as_cards.get()>
                    <Cards page read=read.into() write=Callback::new(write) pictures />
                </Show>
                <label for="lesson-text" hidden=move || as_cards.get()>{say!("The lesson as text")}</label>
                <textarea
                    hidden=move || as_cards.get()
                    id="lesson-text"
                    class="mono"
                    rows="18"
                    spellcheck="false"
                    placeholder=format!("{}\n\n{}\n#v=1&n=24", say!("A title"), say!("What the class should notice."))
                    aria-invalid=move || is_refused().to_string()
                    aria-describedby="lesson-refusal"
                    data-draft=draft.name
                    prop:value=move || draft.text.get()
                    on:input=move |event| {
                        problem.set(None);
                        draft.hear(&event);
                    }
                    on:compositionend=move |event| draft.enter(event_target_value(&event))
                    on:blur=move |_| page.state.commit()
                ></textarea>
                <p class="refusal" id="lesson-refusal" role="status">{refusal}</p>
                <ul class="mistakes" role="status">{mistakes}</ul>
                <p class="buttons">
                    <button type="button" class="button primary" disabled=move || has_none.get() on:click=start>{say!("Start the lesson")}</button>
                    <Copy page text=lesson_link label=say!("Copy the lesson’s link") disabled=has_none />
                    <button type="button" class="button" disabled=move || is_empty.get() on:click=save>{say!("Save as a file")}</button>
                    <label class="button file">
                        {say!("Open a file")}
                        <input type="file" accept=".txt,text/plain" on:change=open />
                    </label>
                    <button type="button" class="button" disabled=move || is_empty.get() on:click=move |_| handout.print(problem)>{say!("Print a handout")}</button>
                    <label class="check">
                        <input type="checkbox" on:change=move |event| handout.has_notes.set(event_target_checked(&event)) />
                        {say!("with the lecturer’s notes")}
                    </label>
                </p>
                <p class="buttons">
                    {say!("Ready lessons:")} {READY.map(ready).collect_view()}
                    <span class="hint" hidden=move || is_blank.get()>{say!("They take the place of what is written; Ctrl+Z brings it back.")}</span>
                </p>
                <p class="refusal" role="status">{move || problem.get()}</p>
            </div>
            <div class="handout"><Sheet page handout pictures /></div>
        </div>
    })
}

/// The lesson as people are given it: at its first step, with nothing else of what is asked now.
fn opened_at_first(asked: &Config) -> Config {
    let (lesson, _) = lesson::parse(&asked.frame.lesson);
    let first = lesson.steps.first().map_or_else(Config::default, |step| open::decode(&step.link).0);
    let Frame { at, hide, embed, .. } = first.frame;
    Config { frame: Frame { at, hide, embed, step: 1, ..asked.frame.clone() }, ..first }
}

/// The text of a file, if it can be a lesson.
async fn opened(file: &web_sys::File) -> Result<String, String> {
    let text = text_file::read(&file::read(file, MOST_BYTES).await?)?;
    lesson::too_long(&text).map_or(Ok(text), Err)
}
