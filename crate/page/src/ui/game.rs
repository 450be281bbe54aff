//! Beat the model: texts of ones, longer and longer, which a person and a trained model count.
//!
//! The model has answered before the game begins: its answers at many lengths are those of the instrument (`question::LengthGeneralization`).

use super::share::Copy;
use crate::browser::number;
use crate::context::Context;
use crate::state::{Action, url};
use crate::worker::Answered;
use glasses_contract::config::{Frame, Part, Place, WeightsSource};
use glasses_contract::game::{ROUNDS, Round, SECONDS, blindness, rounds, score};
use glasses_contract::locale::together;
use glasses_contract::report::LengthGeneralization;
use glasses_contract::task::Task;
use glasses_contract::{Config, question, say};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// Ones that stand together, so that a person can count by tens.
const TEN: usize = 10;

/// How far a game is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Before,
    /// The guesses so far, and the seconds that are left.
    Playing(Vec<usize>, u32),
    After(Vec<usize>),
}

/// The game, where a trained model counts ones.
#[component]
pub fn Game(page: Context) -> impl IntoView {
    let state = page.state;
    let is_here = Memo::new(move |_| {
        state
            .admitted
            .with(|config| config.input.task == Task::Ones && config.model.weights != WeightsSource::Seed && config.model.file.is_none())
    });
    // Whoever opens a challenge gets the lengths of whoever sent it: they follow from n.
    let games = RwSignal::new(0_usize);
    let seed = Memo::new(move |_| state.admitted.with(|config| config.input.n) + games.get());
    let answered = page.engine.signals.answers.of::<question::LengthGeneralization>();
    let told = move || answered.with(|shown| shown.told.clone()).filter(|told| told.part.task == Task::Ones);
    let texts =
        Memo::new(move |_| told().and_then(|told| told.part.models.first().map(|of| rounds(&of.lengths, seed.get()))).unwrap_or_default());
    let stage = RwSignal::new(Stage::Before);
    // A text of another game is none of this one.
    Effect::new(move |before: Option<Vec<Round>>| {
        let texts = texts.get();
        if before.is_some_and(|before| before != texts) && matches!(stage.get_untracked(), Stage::Playing(..)) {
            stage.set(Stage::Before);
        }
        texts
    });
    let tick = move || {
        let next = match stage.get_untracked() {
            Stage::Playing(guesses, 0..=1) => Some(Stage::After(guesses)),
            Stage::Playing(guesses, left) => Some(Stage::Playing(guesses, left - 1)),
            Stage::Before | Stage::After(_) => None,
        };
        next.into_iter().for_each(|next| stage.set(next));
    };
    let clock = StoredValue::new(None::<IntervalHandle>);
    let stop = move || clock.update_value(|clock| clock.take().iter().for_each(IntervalHandle::clear));
    on_cleanup(stop);
    let start = move |_| {
        stop();
        if matches!(stage.get_untracked(), Stage::After(_)) {
            games.update(|games| *games += 1);
        }
        stage.set(Stage::Playing(Vec::new(), SECONDS));
        clock.set_value(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
    };
    let guess = move |guess: usize| {
        let Stage::Playing(mut guesses, left) = stage.get_untracked() else { return };
        guesses.push(guess);
        stage.set(if guesses.len() == ROUNDS { Stage::After(guesses) } else { Stage::Playing(guesses, left) });
    };
    let round = Memo::new(move |_| stage.with(|stage| if let Stage::Playing(guesses, _) = stage { Some(guesses.len()) } else { None }));
    let left = Memo::new(move |_| stage.with(|stage| if let Stage::Playing(_, left) = stage { *left } else { 0 }));
    let is_before = Memo::new(move |_| stage.with(|stage| *stage == Stage::Before));
    let is_ready = Memo::new(move |_| texts.with(|texts| !texts.is_empty()));
    let body = move || {
        match round.get() {
        Some(round) => {
            let n = texts.with(|texts| texts.get(round).map_or(0, |round| round.n));
            view! { <Playing n round left guess=Callback::new(guess) /> }.into_any()
        }
        None if is_before.get() => view! {
            <p>{say!("You and a trained model count the same texts, longer and longer, for {} seconds. Whoever is nearer gets the point.", SECONDS)}</p>
            <button type="button" class="button primary" disabled=move || !is_ready.get() on:click=start>
                {move || if is_ready.get() { say!("Start") } else { say!("The model is counting …") }}
            </button>
        }
        .into_any(),
        None => {
            let guesses = stage.with_untracked(|stage| if let Stage::After(guesses) = stage { guesses.clone() } else { Vec::new() });
            // Of the game that was played, wherever n goes afterwards.
            let played = seed.get_untracked();
            let link = Signal::derive(move || challenge(&state.asked.get(), played));
            view! {
                {texts.with_untracked(|texts| outcome(texts, &guesses))}
                {untrack(told).map(|told| what_it_has_left(&told))}
                <p class="buttons">
                    <button type="button" class="button primary" on:click=start>{say!("Again")}</button>
                    <Copy page text=link label=say!("Copy a challenge") />
                    <button type="button" class="button" on:click=move |_| state.apply(Action::GoTo(Place::Glasses))>{say!("What helps?")}</button>
                </p>
            }
            .into_any()
        }
    }
    };
    view! {
        <div class="game" hidden=move || !is_here.get()>
            <h2>{say!("Beat the model")}</h2>
            {body}
        </div>
    }
}

/// The link of a game with these lengths, alone on its page.
fn challenge(config: &Config, seed: usize) -> String {
    let frame = Frame { at: Place::Counting, embed: Part::Game, language: config.frame.language, ..Frame::default() };
    let mut config = Config { frame, ..config.clone() };
    config.input.n = seed;
    url::link_to(&config)
}

/// A text, by tens, and the place for its number.
#[component]
fn Playing(n: usize, round: usize, left: Memo<u32>, guess: Callback<usize>) -> impl IntoView {
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || field.with(|field| field.iter().for_each(|field| field.focus().unwrap_or_default())));
    let is_amiss = RwSignal::new(false);
    let enter = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        match field.value().trim().parse() {
            Ok(number) => {
                // The field stays for the next text, and begins empty.
                field.set_value("");
                field.focus().unwrap_or_default();
                guess.run(number);
            }
            Err(_) => is_amiss.set(true),
        }
    };
    let tens = (0..n).step_by(TEN).map(|from| view! { <span>{"1".repeat(TEN.min(n - from))}</span> " " }).collect_view();
    view! {
        <form class="buttons" on:submit=enter>
            <label>
                {say!("How many ones? Text {} of {}", round + 1, ROUNDS)}
                <input type="text" inputmode="numeric" autocomplete="off" maxlength="4" size="4" node_ref=field on:input=move |_| is_amiss.set(false) />
            </label>
            <button type="submit" class="button primary">{say!("Submit")}</button>
            <label>
                {move || say!("{} s left", left.get())}
                <progress max=SECONDS.to_string() value=move || left.get().to_string()></progress>
            </label>
        </form>
        <p class="refusal" role="alert" hidden=move || !is_amiss.get()>{say!("A whole number, such as 12.")}</p>
        <p class="ones mono">{tens}</p>
    }
}

/// Who won, and the texts with both answers.
fn outcome(texts: &[Round], guesses: &[usize]) -> impl IntoView + use<> {
    let score = score(texts, guesses);
    let verdict = match score.you.cmp(&score.model) {
        _ if guesses.is_empty() => say!("No text was counted."),
        std::cmp::Ordering::Greater => say!("You win."),
        std::cmp::Ordering::Equal => say!("A draw."),
        std::cmp::Ordering::Less => say!("The model wins."),
    };
    let points = say!("You {}, the model {}.", score.you, score.model);
    let row = |(round, guess): (&Round, &usize)| {
        let mark = |is_right: bool| if is_right { " ✓" } else { "" };
        view! {
            <tr>
                <th scope="row">{number::count(round.n)}</th>
                <td>{number::count(*guess)} {mark(*guess == round.n)}</td>
                <td>{round.said.clone()} {mark(round.is_right())}</td>
            </tr>
        }
    };
    view! {
        <p role="status"><strong>{verdict}</strong> " " {(!guesses.is_empty()).then_some(points)}</p>
        <table hidden=guesses.is_empty()>
            <thead><tr><th scope="col">{say!("Ones")}</th><th scope="col">{say!("You")}</th><th scope="col">{say!("The model")}</th></tr></thead>
            <tbody>{texts.iter().zip(guesses).map(row).collect_view()}</tbody>
        </table>
    }
}

/// What all of its answers say of the model.
fn what_it_has_left(told: &Arc<Answered<LengthGeneralization>>) -> impl IntoView + use<> {
    let said = told.part.models.first().map(|of| {
        let left = blindness(of);
        let right = say!("Up to {} ones the model is always right.", number::count(left.right_to));
        let beyond = say!(
            "For the {} longer texts that it was asked about, it has {} answers: {}.",
            number::count(left.longer),
            number::count(left.answers.len()),
            left.answers.join(say!(", "))
        );
        together([
            right,
            beyond,
            say!("In its last token a text is an average, and the averages of long runs of ones are almost the same.").to_string(),
        ])
    });
    view! { <p>{said}</p> }
}
