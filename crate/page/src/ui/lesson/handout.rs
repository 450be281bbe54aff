//! The handout: the steps of a lesson with their links, whole as somebody would type them. A page of it at a time; all of it on paper.

use crate::browser::print::{self, Medium};
use crate::context::Context;
use crate::figure::{Pictures, Thumbnail};
use crate::state::lesson::Read;
use crate::state::url;
use crate::ui::share::Qr;
use glasses_contract::lesson::Step;
use glasses_contract::{open, say};
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// So many steps are built at a time, each with a code of its own: a lesson may have a thousand.
const PAGE: usize = 20;

/// How much of the handout there is.
#[derive(Clone, Copy)]
pub struct Handout {
    lesson: Signal<Arc<Read>>,
    /// Whether anybody sees it.
    is_shown: Signal<bool>,
    /// The first step of the page that is looked at.
    from: RwSignal<usize>,
    /// Whether it is the lecturer's, with the notes.
    pub has_notes: RwSignal<bool>,
    /// Steps that are there to be printed; none where nothing is.
    to_print: RwSignal<Option<usize>>,
}

impl Handout {
    /// Begins at its first page.
    pub fn new(lesson: Signal<Arc<Read>>, is_shown: Signal<bool>) -> Self {
        let handout = Self { lesson, is_shown, from: RwSignal::new(0), has_notes: RwSignal::new(false), to_print: RwSignal::new(None) };
        // Who prints by the browser's own menu has no patience for parts.
        print::follow(move |medium| match medium {
            Medium::Paper if is_shown.get_untracked() && handout.count() > PAGE => handout.to_print.set(Some(handout.count())),
            Medium::Paper => {}
            Medium::Screen => handout.to_print.set(None),
        });
        handout
    }

    /// Builds what is not there yet, some steps at a time, so that the page goes on answering; then prints, or says why it can't.
    pub fn print(self, problem: RwSignal<Option<String>>) {
        let built = self.to_print.get_untracked().unwrap_or(PAGE);
        if built >= self.count() {
            return set_timeout(move || problem.set(print::open().err()), Duration::ZERO);
        }
        self.to_print.set(Some(built + PAGE));
        set_timeout(move || self.print(problem), Duration::ZERO);
    }

    fn count(self) -> usize {
        self.lesson.with_untracked(|read| read.lesson.steps.len())
    }

    /// The steps that are built.
    fn range(self) -> Range<usize> {
        let count = self.lesson.with(|read| read.lesson.steps.len());
        match (self.is_shown.get(), self.to_print.get()) {
            (false, _) => 0..0,
            (true, Some(built)) => 0..built.min(count),
            (true, None) => {
                // A lesson that became shorter ends with its last page.
                let from = self.from.get().min(count.saturating_sub(1)) / PAGE * PAGE;
                from..(from + PAGE).min(count)
            }
        }
    }

    /// The steps that are built, each with its number.
    fn steps(self) -> Vec<(usize, Step)> {
        let range = self.range();
        self.lesson.with(|read| range.clone().zip(read.lesson.steps[range].iter().cloned()).collect())
    }
}

/// The handout, and the ways through it.
#[component]
pub fn Sheet(page: Context, handout: Handout, pictures: Pictures) -> impl IntoView {
    let title = move || handout.lesson.with(|read| read.lesson.title.clone());
    let count = Memo::new(move |_| handout.lesson.with(|read| read.lesson.steps.len()));
    let range = Memo::new(move |_| handout.range());
    let has_pages = move || count.get() > PAGE && range.get().len() < count.get();
    let place = move || say!("Steps {} to {} of {}", range.get().start + 1, range.get().end, count.get());
    let go = move |from: usize| handout.from.set(from);
    view! {
        <h3 hidden=move || count.get() == 0>{title}</h3>
        <ol class="handout-steps">
            <For each=move || handout.steps() key=|(index, step)| (*index, step.clone()) children=move |of| step(page, of, handout.has_notes, pictures) />
        </ol>
        <p class="buttons pages" hidden=move || !has_pages()>
            <button
                type="button"
                class="button"
                disabled=move || range.get().start == 0
                on:click=move |_| go(range.get_untracked().start.saturating_sub(PAGE))
            >
                {say!("Earlier steps")}
            </button>
            <button type="button" class="button" disabled=move || range.get().end >= count.get() on:click=move |_| go(range.get_untracked().end)>
                {say!("Later steps")}
            </button>
            <span class="hint" role="status">{place}</span>
        </p>
    }
}

fn step(page: Context, (index, step): (usize, Step), has_notes: RwSignal<bool>, pictures: Pictures) -> impl IntoView {
    let address = url::link_to(&open::decode(&step.link).0);
    let is_bare = step.notes.is_empty();
    let guess = step.asks().then(|| view! { <p class="handout-guess">{say!("I expect:")} <span></span></p> });
    let (said, link) = (step.said().to_owned(), step.link);
    view! {
        <li>
            <p class="handout-sentence"><strong>{format!("{}. ", index + 1)}</strong> {said}</p>
            {guess}
            <div class="notes" hidden=move || is_bare || !has_notes.get()>{step.notes.into_iter().map(|note| view! { <p>{note}</p> }).collect_view()}</div>
            <p class="handout-link"><a href=address.clone()>{address.clone()}</a></p>
            <Thumbnail page link=Signal::derive(move || link.clone()) kept=pictures />
            <Qr text=Signal::derive(move || address.clone()) />
        </li>
    }
}
