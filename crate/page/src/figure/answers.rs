//! What the model answers about A and about B, token by token, and whether that is right.

use crate::browser::number::count;
use crate::context::Context;
use crate::format;
use glasses_contract::locale::together;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::{Answer, Answers as Report, Said};
use glasses_contract::task::Task;
use glasses_contract::{Choice, say};
use leptos::prelude::*;

/// Tokens of an answer that are shown one by one.
const MOST_STEPS: usize = 8;

/// The two answers; nothing where nothing is asked.
#[component]
pub fn Answers(page: Context) -> impl IntoView {
    let says = page.engine.signals;
    let task = Memo::new(move |_| page.state.admitted.with(|config| config.input.task));
    let is_stale = move || says.stale.with(|stale| stale.contains(&Topic::Answers));
    let told = move || says.answers.of::<question::Answers>().with(|shown| shown.told.clone()).filter(|told| told.part.task == task.get());
    // What was asked for is not there, and a note says why.
    let are_missing = Memo::new(move |_| page.state.notes.all().iter().any(|note| note.key == "weights"));
    let body = move || {
        told().map(|told| {
            // Random weights have learned nothing that they could get right or wrong.
            let is_judged = !told.origin.model.config.is_drawn();
            let by = together([format::sentence(&told.origin.model.name.to_string()), format::computed(&told.origin)]);
            view! {
                <div class="answers" class:stale=is_stale aria-live="polite">
                    {answer("A", &told.part.a, is_judged)}
                    {answer("B", &told.part.b, is_judged)}
                </div>
                <p class="hint">{if is_judged { verdict(&told.part) } else { unjudged(are_missing.get()) }}</p>
                <p class="hint computed">{by}</p>
            }
        })
    };
    let refusal = move || says.answers.of::<question::Answers>().with(|shown| shown.refusal.clone());
    view! {
        <div hidden=move || task.get() == Task::None>
            <h2 id="answers-title">{say!("What it answers")}</h2>
            <p>{move || question(task.get())}</p>
            <div class="answers-place">{body}</div>
            <p class="refusal" role="status">{move || (task.get() != Task::None).then(refusal).flatten()}</p>
        </div>
    }
}

fn question(task: Task) -> String {
    together([task.entry().help(), say!("The model writes one token at a time, always the most likely (greedy decoding), until “.”")])
}

fn unjudged(are_missing: bool) -> &'static str {
    if are_missing {
        say!("The trained weights are not loaded: random ones answer here, which were never taught to. They are not judged.")
    } else {
        say!("Random weights were never taught to answer: they are not judged.")
    }
}

fn answer(name: &'static str, answer: &Answer, is_judged: bool) -> impl IntoView + use<> {
    let right = answer.is_right().filter(|_| is_judged);
    let (word, class) = match right {
        _ if !is_judged => (say!("not judged"), "verdict"),
        Some(true) => (say!("right"), "verdict right"),
        Some(false) => (say!("wrong"), "verdict wrong"),
        None => (say!("no question of this kind"), "verdict"),
    };
    let truth = answer.right.clone().filter(|_| right == Some(false)).map(|right| {
        view! { <span class="truth">{say!("it is")} " " <code>{right}</code></span> }
    });
    let said = if answer.said.is_empty() { say!("nothing").to_string() } else { answer.said.clone() };
    let left = answer.steps.len().saturating_sub(MOST_STEPS);
    view! {
        <div class=format!("answer answer-{}", name.to_lowercase())>
            <p class="said">
                <span class="name">{name}</span>
                <code class="value">{said}</code>
                <span class=class>{word}</span>
                {truth}
            </p>
            <ol class="steps">{answer.steps.iter().take(MOST_STEPS).map(step).collect_view()}</ol>
            {(left > 0).then(|| view! { <p class="hint">{say!("… and {} tokens more.", count(left))}</p> })}
        </div>
    }
}

/// One token of an answer: what was likely, as bars.
fn step(said: &Said) -> impl IntoView + use<> {
    let row = |(token, share): (&String, &f64)| {
        view! {
            <li>
                <code>{token.clone()}</code>
                <meter min="0" max="1" value=share.to_string() aria-hidden="true"></meter>
                <span>{format::percent(*share)}</span>
            </li>
        }
    };
    let rows = said.tokens.iter().zip(&said.probabilities).take(3).map(row).collect_view();
    view! { <li><ul>{rows}</ul></li> }
}

/// What the two answers say of the model.
fn verdict(answers: &Report) -> &'static str {
    let (a, b) = (&answers.a, &answers.b);
    match (a.is_right(), b.is_right()) {
        (Some(true), Some(true)) => say!("Both are right."),
        (Some(_), Some(_)) if a.said == b.said && a.right != b.right => {
            say!("The right answers differ, but the model gives the same one twice.")
        }
        (Some(false), Some(false)) => say!("Both are wrong."),
        (Some(true), Some(false)) => say!("A is right, B is wrong."),
        (Some(false), Some(true)) => say!("A is wrong, B is right."),
        _ => say!("One of the two is no sequence of this question, so there is no right answer to it."),
    }
}
