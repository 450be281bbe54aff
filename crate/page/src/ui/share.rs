//! What can be taken away: the link that opens this very state, as text and as a picture, a frame for other pages, a step of a lesson, the
//! command that computes the same, and how to cite.

mod archive;
mod cite;
mod copy;
mod embed;
mod qr;

pub use copy::Copy;
pub use qr::Qr;

use crate::context::Context;
use crate::form::{Line, Typed};
use crate::state::url;
use crate::ui::disclosure::Disclosure;
use crate::ui::nav::NavLink;
use glasses_contract::config::{Frame, Part, Place, Presenting, WeightsSource};
use glasses_contract::report::Digest;
use glasses_contract::{Config, lesson, open, question, say};
use leptos::prelude::*;

/// All of it.
#[component]
pub fn Share(page: Context) -> impl IntoView {
    let state = page.state;
    let has_numbers = RwSignal::new(false);
    let digest = move || {
        let metric = state.asked.with(|asked| asked.view.metric);
        page.current::<question::Pair>().filter(|_| has_numbers.get()).and_then(|told| Digest::of(&told.part, metric))
    };
    let link = Signal::derive(move || {
        let digest = digest();
        state.asked.with(|asked| digest.map_or_else(|| url::link_to(asked), |digest| url::link_with(&digest, asked)))
    });
    // A link without them is not what was asked for.
    let is_waiting = Signal::derive(move || has_numbers.get() && digest().is_none());
    let command = Signal::derive(move || {
        let link = state.asked.with(|asked| open::encode(&Config { frame: Frame::default(), ..asked.clone() }));
        // The default state has an empty link, which would look like a mistake.
        let link = if link.is_empty() { "v=1" } else { &link };
        format!("cargo run --release -p glasses-cli -- report '{link}'")
    });
    let is_own = Memo::new(move |_| state.asked.with(|asked| asked.model.weights == WeightsSource::Own));
    let added = RwSignal::new(None::<usize>);
    let too_long = RwSignal::new(None::<String>);
    let sentence = page.drafts.free("step-sentence");
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let said = sentence.text.with_untracked(|said| said.trim().to_string());
        let said = if said.is_empty() { say!("What do you see?").to_string() } else { said };
        let text = state.asked.with_untracked(|asked| {
            let Frame { at, hide, .. } = asked.frame;
            let seen = Config { frame: Frame { at, hide, ..Frame::default() }, ..asked.clone() };
            lesson::with_step(&asked.frame.lesson, &said, &open::encode(&seen))
        });
        too_long.set(lesson::too_long(&text));
        // What does not fit is not added, and its sentence stays where it was typed.
        if too_long.with_untracked(Option::is_none) {
            added.set(Some(lesson::parse(&text).0.steps.len()));
            state.choose(|asked| asked.frame.lesson = text);
            sentence.enter(String::new());
        }
    };
    let steps = Memo::new(move |_| state.lesson.with(|read| read.lesson.steps.len()));
    let has_steps = Memo::new(move |_| steps.get() > 0);
    let how_many = move || match steps.get() {
        0 => None,
        steps if added.get() == Some(steps) => Some(say!("Added as step {} of your lesson, under “Teach”.", steps)),
        1 => Some(say!("Your lesson has 1 step.").into()),
        steps => Some(say!("Your lesson has {} steps.", steps)),
    };
    view! {
        <div class="share">
            <Copy page text=link label=say!("Copy link") said=say!("The link opens exactly what you see.") disabled=is_waiting />
            <label class="check" title=say!("Who opens the link is told whether the distance and the next tokens are the same there.")>
                <input type="checkbox" on:change=move |event| has_numbers.set(event_target_checked(&event)) />
                {say!("with the numbers that I see")}
            </label>
            <p class="hint" role="status" hidden=move || !page.is_unwritten.get()>
                {say!("The browser doesn't let the page update the address bar, which shows an older state: copy the link here.")}
            </p>
            <p class="hint" hidden=move || !is_own.get()>
                {say!("The link names your own model and does not hold it: give its file along, which you save under “Train”.")}
            </p>
        </div>
        <div class="folds">
            <Disclosure summary=|| say!("QR code")>
                <Qr text=link />
            </Disclosure>
            <Disclosure summary=|| say!("Embed")>
                <embed::Embed page />
            </Disclosure>
            <Disclosure summary=|| say!("Lesson")>
                <form class="add-step" on:submit=add>
                    <label for="step-sentence">{say!("What should the class notice?")}</label>
                    <Line page draft=sentence id="step-sentence".to_string() typed=Typed::Words />
                    <button type="submit" class="button">{say!("Add this view to a lesson")}</button>
                    <span class="refusal" role="status">{move || too_long.get()}</span>
                    <span class="hint" role="status">{how_many}</span>
                    <Show when=move || has_steps.get()>
                        <NavLink page place=Place::Teach is_here=Signal::derive(|| false) label=say!("Open the lesson").to_string() />
                    </Show>
                </form>
            </Disclosure>
            <Disclosure summary=|| say!("All files")>
                <archive::Everything page />
            </Disclosure>
            <Disclosure summary=|| say!("Command line")>
                <p class="hint">{say!("Computes the same numbers, from a copy of the repository.")}</p>
                <pre class="taken"><code>{command}</code></pre>
                <Copy page text=command label=say!("Copy") />
            </Disclosure>
            <Disclosure summary=|| say!("Cite")>
                <cite::Cite page />
            </Disclosure>
        </div>
    }
}

/// A state as one figure for another page.
pub(crate) fn embedded(asked: &Config, part: Part) -> Config {
    let frame = Frame { embed: part, present: Presenting::Off, lesson: String::new(), step: 0, ..asked.frame.clone() };
    Config { frame, ..asked.clone() }
}
