//! What the lecturer alone sees, in a window of its own: the notes of a step, what comes next, the time, and the ways on and back.

use super::ways::{Ways, place};
use crate::browser::{now_ms, optional};
use crate::context::Context;
use crate::state::url;
use glasses_contract::Config;
use glasses_contract::config::{Frame, Part, Place, Presenting};
use glasses_contract::lesson::Step;
use glasses_contract::say;
use leptos::prelude::*;
use std::time::Duration;

/// Whether a window is the one with the notes: it shows the lesson alone, at a step.
pub fn is_notes(frame: &Frame) -> bool {
    frame.embed == Part::Lesson && frame.step > 0
}

/// Opens the window. Whether the browser does is all that it tells.
pub fn open(asked: &Config) -> bool {
    let frame = Frame { at: Place::Teach, embed: Part::Lesson, present: Presenting::Off, ..asked.frame.clone() };
    let address = url::link_to(&Config { frame, ..asked.clone() });
    let arguments = [address, "glasses-notes".into(), "popup,width=560,height=720".into()].map(Into::into);
    optional::call(&window(), "open", &arguments).is_ok_and(|opened| opened.is_object())
}

/// All of it.
#[component]
pub fn Notes(page: Context, goes_together: Signal<bool>) -> impl IntoView {
    let state = page.state;
    let of = move |from_here: usize| state.lesson.with(|read| read.lesson.steps.get((state.given() + from_here).checked_sub(1)?).cloned());
    let sentence = move || of(0).map(|step| step.said().to_owned());
    let notes = move || {
        let notes = of(0).map_or_else(Vec::new, |step: Step| step.notes);
        if notes.is_empty() {
            return view! { <p class="hint">{say!("This step has no notes.")}</p> }.into_any();
        }
        notes.into_iter().map(|note| view! { <p>{note}</p> }).collect_view().into_any()
    };
    let next = move || of(1).map_or_else(|| say!("This is the last step.").into(), |step| step.said().to_owned());
    let (now, start) = (RwSignal::new(now_ms()), RwSignal::new(now_ms()));
    let clock = set_interval_with_handle(move || now.set(now_ms()), Duration::from_secs(1));
    on_cleanup(move || clock.iter().for_each(IntervalHandle::clear));
    let since = move || {
        let seconds = ((now.get() - start.get()) / 1000.0).max(0.0) as u32;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    let time = move || {
        now.track();
        let date = js_sys::Date::new_0();
        format!("{}:{:02}", date.get_hours(), date.get_minutes())
    };
    view! {
        <div class="lecturer">
            <p class="clock">
                <span>{move || place(page)}</span>
                <strong>{since}</strong>
                <button type="button" class="link" on:click=move |_| start.set(now_ms())>{say!("Start the clock again")}</button>
                <span>{time}</span>
            </p>
            <p class="lesson-sentence">{sentence}</p>
            <div class="notes" aria-live="polite">{notes}</div>
            <Ways page />
            <p class="hint">{say!("What comes next")}</p>
            <p>{next}</p>
            <p class="hint" hidden=move || goes_together.get()>
                {say!("This browser doesn’t let two windows follow each other: go on in both.")}
            </p>
        </div>
    }
}
