//! Training in this browser: the recipe, the run, and what becomes of it.

use super::kept::Others;
use crate::browser::file;
use crate::browser::number::count;
use crate::browser::watch;
use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::picture::{Drawn, PictureSignal, Source};
use crate::form::Field;
use crate::format;
use crate::state::Action;
use crate::worker::training::{Phase, Training};
use glasses_contract::config::WeightsSource;
use glasses_contract::controls::{CONTROLS, Group};
use glasses_contract::drawing::Drawing;
use glasses_contract::locale::together;
use glasses_contract::message::{Kept, KeptStage};
use glasses_contract::recipe::training_config;
use glasses_contract::{Choice, models, open, say};
use glasses_plots as plots;
use leptos::html;
use leptos::prelude::*;
use web_sys::ScrollBehavior;

/// Losses that are drawn at the most: the mean of as many neighbours as it takes.
const MOST_POINTS: usize = 400;

/// The recipe, the buttons and the two figures.
#[component]
pub fn Train(page: Context) -> impl IntoView {
    let training = page.training;
    let fields = CONTROLS.iter().filter(|control| control.group == Group::Training);
    // What would be trained: the model of the form, from the weights of its seed.
    let asked = Memo::new(move |_| page.state.admitted.with(|config| training_config(config)));
    let shape = move || asked.with(|config| format::shape(&config.model));
    let is_trained_elsewhere = move || page.state.admitted.with(|config| models::trained(config.model.weights).is_some());
    let loss: PictureSignal = Signal::derive(move || training.losses.with(|losses| loss(training, losses)));
    let by_length: PictureSignal = Signal::derive(move || {
        let accuracy = training.judged.with(|judged| judged.last().map(|(_, accuracy)| accuracy.clone()))?;
        Some(of_run(training, |model| Box::new(plots::AccuracyByLength { accuracy, model })))
    });
    let no_run = Signal::derive(move || training.losses.with(|losses| losses.is_empty()).then(|| say!("No run yet.").to_string()));
    let not_judged = Signal::derive(move || {
        training.judged.with(|judged| judged.is_empty()).then(|| say!("Evaluated eight times during training.").to_string())
    });
    let not_kept = move || {
        let why = training.unkept.get()?;
        let so = say!("Runs and models last as long as this page is open: save a model as a file to keep it.");
        Some(together([why.as_str(), so]))
    };
    view! {
        <div class="fields">{fields.map(|control| view! { <Field page key=control.key /> }).collect_view()}</div>
        <p class="hint">
            {move || {
                say!(
                    "Positions, attention and size are set under “The model”: now {}. Training takes a few minutes for a small model and short sequences. Meanwhile the rest of the page keeps working, and a run survives a reload.",
                    shape()
                )
            }}
        </p>
        <p class="hint" hidden=move || !is_trained_elsewhere()>
            {say!("A trained model is selected: a run starts from random weights of the same shape.")}
        </p>
        <Buttons page />
        <p class="refusal" role="status">{move || training.fault.get()}</p>
        <p class="refusal" role="status">{not_kept}</p>
        <div class="pair">
            <div class="figure">
                <h3>{say!("The loss, step by step")}</h3>
                <FigureCanvas page drawing=Drawing::Loss picture=loss note=no_run />
            </div>
            <div class="figure">
                <h3>{say!("How far it gets right")}</h3>
                <FigureCanvas page drawing=Drawing::Accuracy picture=by_length note=not_judged />
            </div>
        </div>
        <Own page />
        <Others page />
    }
}

/// Train, pause, go on, discard; and where the run is.
#[component]
fn Buttons(page: Context) -> impl IntoView {
    let training = page.training;
    let asked = Memo::new(move |_| page.state.admitted.with(|config| open::encode(&training_config(config))));
    let is_busy = Memo::new(move |_| training.is_busy());
    let is_same = Memo::new(move |_| asked.with(|asked| training.is_of(asked)));
    let has_run = Memo::new(move |_| training.recipe.with(Option::is_some));
    let row = NodeRef::<html::P>::new();
    let is_still = watch::matching("(prefers-reduced-motion: reduce)");
    let begin = move |_| {
        // How far the run is, the way to stop it and its loss are what is looked at from now on: all of it begins at this row.
        if let Some(row) = row.get_untracked() {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_behavior(if is_still.get_untracked() { ScrollBehavior::Auto } else { ScrollBehavior::Smooth });
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
        page.state.commit();
        let config = page.state.admitted.with_untracked(|config| training_config(config));
        training.train(config, asked.get_untracked());
    };
    let discard = move |_| {
        if let Some(link) = training.recipe.get_untracked() {
            training.forget(&Kept { link, stage: KeptStage::Run, steps: 0 });
        }
    };
    let where_it_is = move || {
        let done = training.losses.with(|losses| losses.len());
        let steps = training.recipe.with(|recipe| recipe.as_ref().map(|recipe| open::decode(recipe).0.training.steps))?;
        let (done, steps) = (count(done), count(steps));
        Some(match training.losses.with(|losses| losses.last().copied()) {
            // Below zero is rounding; what is no number stays none.
            Some(loss) => say!("{} of {} steps, loss {}.", done, steps, plots::number::short(loss.clamp(0.0, f64::INFINITY))),
            None => say!("{} of {} steps.", done, steps),
        })
    };
    let is_done = Memo::new(move |_| {
        let done = training.losses.with(|losses| losses.len());
        training.recipe.with(|recipe| recipe.as_ref().is_some_and(|recipe| open::decode(recipe).0.training.steps <= done))
    });
    view! {
        <p class="buttons run" node_ref=row>
            <button type="button" class="button" disabled=move || is_busy.get() on:click=begin>
                {move || if has_run.get() && !is_done.get() && is_same.get() { say!("Go on") } else { say!("Train") }}
            </button>
            <Show when=move || is_busy.get()>
                <button type="button" class="button" disabled=move || training.phase.get() == Phase::Pausing on:click=move |_| training.pause()>
                    {move || if training.phase.get() == Phase::Pausing { say!("Pausing…") } else { say!("Pause") }}
                </button>
            </Show>
            <Show when=move || has_run.get() && is_same.get() && !is_done.get() && !is_busy.get()>
                <button type="button" class="button" on:click=discard>{say!("Discard the run")}</button>
            </Show>
            <span class="hint" role="status">{where_it_is}</span>
        </p>
    }
}

/// The reader's own model: use it, save it, open another.
#[component]
fn Own(page: Context) -> impl IntoView {
    let training = page.training;
    let has_own = Memo::new(move |_| training.own.with(|own| own.recipe().is_some()));
    let about = move || {
        training.own.with(|own| {
            let recipe = own.recipe()?;
            let accuracy: Vec<String> =
                recipe.accuracy.iter().map(|row| say!("{} {}", row.task.label(), format::percent(row.trained))).collect();
            let shape = format::shape(&recipe.used().model);
            Some(say!("Your own model: {}; {} steps; right as trained: {}.", shape, count(recipe.steps), accuracy.join(say!(", "))))
        })
    };
    let is_used = Memo::new(move |_| page.state.admitted.with(|config| config.model.weights == WeightsSource::Own));
    let use_it = move |_| {
        if let Some(recipe) = training.own.with_untracked(|own| own.recipe().cloned()) {
            page.state.apply(Action::UseOwn(&recipe));
        }
    };
    let open = move |event: web_sys::Event| {
        if let Some(chosen) = file::chosen(&event) {
            training.open(chosen);
        }
    };
    let notes = move || {
        let notes: Vec<_> = training.own.with(|own| own.notes().iter().map(ToString::to_string).collect());
        together(notes.iter().map(String::as_str))
    };
    view! {
        <div class="own">
            <p class="hint">{about}</p>
            <p class="hint" hidden=move || notes().is_empty()>{notes}</p>
            <p class="buttons">
                <Show when=move || has_own.get()>
                    <button type="button" class="button" disabled=move || is_used.get() on:click=use_it>
                        {move || if is_used.get() { say!("In use on this page") } else { say!("Use it on this page") }}
                    </button>
                    <button type="button" class="button" on:click=move |_| training.save()>{say!("Save it as a file")}</button>
                </Show>
                <label class="button file">
                    {say!("Open a model’s file")}
                    <input type="file" accept=".safetensors" on:change=open />
                </label>
            </p>
        </div>
    }
}

/// A figure of the run, whose model its legend names.
fn of_run(training: Training, figure: impl FnOnce(String) -> Box<dyn plots::Figure>) -> Drawn {
    let recipe = training.recipe.get();
    let model = recipe.as_ref().map_or_else(String::new, |recipe| format::shape(&open::decode(recipe).0.model));
    Drawn::new(figure(model), Source::Run(recipe))
}

fn loss(training: Training, losses: &[f64]) -> Option<Drawn> {
    if losses.is_empty() {
        return None;
    }
    let part = losses.len().div_ceil(MOST_POINTS);
    let mean = |(index, chunk): (usize, &[f64])| (index * part + chunk.len(), chunk.iter().sum::<f64>() / chunk.len() as f64);
    let (step, loss) = losses.chunks(part).enumerate().map(mean).unzip();
    let accuracy = training.judged.with(|judged| judged.as_ref().clone());
    let steps = training.recipe.with(|recipe| recipe.as_ref().map(|recipe| open::decode(recipe).0.training.steps));
    let steps = steps.unwrap_or(losses.len()).max(losses.len());
    let curve = plots::LossCurve { step, loss, accuracy };
    Some(of_run(training, |model| Box::new(plots::LossByStep { curve, steps, model })))
}
