//! The distance at every n, and from which n on the two are the same.

use super::canvas::FigureCanvas;
use super::collapse_table::CollapseTable;
use super::likeness_by_n::LikenessByN;
use super::pins::Pins;
use super::shown::looked_at;
use super::sketchpad::{self, SketchTools};
use super::steering::Steering;
use super::{EmbeddedN, no_answer};
use crate::context::Context;
use crate::form::Field;
use crate::format;
use crate::state::sketch;
use crate::worker::Answered;
use glasses_contract::config::{Metric, Model, Part, Place, Published, WeightsSource};
use glasses_contract::drawing::Drawing;
use glasses_contract::locale::together;
use glasses_contract::models;
use glasses_contract::paper;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::{self, Sweep};
use glasses_contract::{Choice, say};
use glasses_plots::{self as plots, View};
use leptos::prelude::*;
use std::sync::Arc;

/// The figure that the page begins with. A click on an n shows the rest of the page at it.
#[component]
pub fn DistanceByN(page: Context) -> impl IntoView {
    let (state, sweep) = (page.state, page.engine.signals.answers.of::<question::Sweep>());
    let metric = Memo::new(move |_| state.admitted.with(|config| config.view.metric));
    let figure = Memo::new(move |_| state.admitted.with(|config| config.view.paper));
    let n = Memo::new(move |_| state.admitted.with(|config| config.input.n));
    let inapplicable = state.inapplicable(question::Sweep);
    let has_seeds = Memo::new(move |_| state.asked.with(|asked| asked.frame.at == Place::Bench && asked.model.is_drawn()));
    let note = no_answer(page, question::Sweep);
    let reference = reference(page);
    let is_veiled = Memo::new(move |_| page.is_veiled(Part::ByN));
    let guess = Memo::new(move |_| page.sketchbook.guess(Part::ByN, &page.state.asked.with(sketch::about)));
    let given = Signal::derive(move || {
        let told = sweep.with(|shown| shown.told.clone()).filter(|_| page.sketchbook.is_open_in(Part::ByN) && is_veiled.get())?;
        sketchpad::given(&Sweep::clone(&told.part).until(n.get()), metric.get())
    });
    let last = Signal::derive(move || sweep.with(|shown| shown.told.as_ref().and_then(|told| told.part.n.last().copied())));
    let picture = looked_at(page, Drawing::DistanceByN, move |view| View { guess: guess.get(), is_veiled: is_veiled.get(), ..view });
    let choose = move |n: usize| state.edit(|asked| asked.input.n = n);
    let noise = move || {
        if is_veiled.get() {
            return None;
        }
        let (told, reference) = (sweep.with(|shown| shown.told.clone())?, reference.get()?);
        let from = plots::noise_from(&told.part, &reference.part, metric.get())?;
        Some(say!(
            "From n = {} on, the output’s distance is mostly rounding noise: most of the time it is more than a factor of two away from the one computed in f64, without rounding.",
            from
        ))
    };
    let lengths = move || {
        let told = sweep.with(|shown| shown.told.clone()).filter(|_| inapplicable.with(Option::is_none))?;
        Some(lengths(&told.part, &told.origin.model.config))
    };
    view! {
        <div class="tools">
            <Field page key="metric" />
            <SketchTools page part=Part::ByN last />
            <Show when=move || has_seeds.get()><Field page key="seeds" /></Show>
            <Show when=move || !is_veiled.get() && inapplicable.with(Option::is_none)><Pins page /></Show>
        </div>
        <FigureCanvas
            page
            drawing=Drawing::DistanceByN
            topic=Topic::Sweep
            picture
            note
            on_choose=Callback::new(choose)
            sketch=given
            steering=move || view! { <SketchTools page part=Part::ByN last /><Steering page drawing=Drawing::DistanceByN /> }
        />
        <EmbeddedN page part=Part::ByN />
        <p class="hint" role="status">{noise}</p>
        <Beside page figure metric />
        <div
            class="lengths-place"
            hidden=move || inapplicable.with(Option::is_some)
            inert=move || is_veiled.get()
            data-veiled=move || is_veiled.get().then_some("")
        >
            {move || lengths().map(CollapseTable::view)}
        </div>
        <LikenessByN page />
    }
}

/// The reference, where it is one of the sweep that is shown.
fn reference(page: Context) -> Memo<Option<Arc<Answered<Sweep>>>> {
    let says = page.engine.signals;
    Memo::new(move |_| {
        let about = says.answers.of::<question::Sweep>().with(|shown| shown.told.as_ref().map(|told| told.origin.about.clone()))?;
        says.answers.of::<question::Reference>().with(|shown| shown.told.clone()).filter(|told| told.origin.about == about)
    })
}

/// Whose the published curve is, and a way to be rid of it.
#[component]
fn Beside(page: Context, figure: Memo<Published>, metric: Memo<Metric>) -> impl IntoView {
    let remove = move |_| page.state.choose(|asked| asked.view.paper = Published::None);
    move || {
        paper::beside(figure.get())?;
        let ours =
            page.engine.signals.answers.of::<question::Sweep>().with(|shown| shown.told.as_ref().map(|told| told.origin.model.clone()));
        let says = match (metric.get(), ours) {
            (Metric::Linf, Some(ours)) => {
                let whose = say!("Published ({}): Gemma 7B. Ours: {}.", figure.get().label(), format::model(&ours));
                together([whose.as_str()].into_iter().chain(models::limit(&ours.config)))
            }
            (Metric::Linf, None) => String::new(),
            _ => say!("The published curve is an L∞ distance: choose L∞ to see it beside ours.").into(),
        };
        Some(view! {
            <p class="hint">
                {says} " "
                <button type="button" class="link" on:click=remove>{say!("Leave it out")}</button>
            </p>
        })
    }
}

fn lengths(sweep: &Sweep, model: &Model) -> CollapseTable {
    let most = sweep.n.last().copied().unwrap_or(0);
    let same = match sweep.same_next_from() {
        Some(n) => say!("the most likely one is the same from n = {} on", n),
        None => say!("the most likely one still differs at n = {}", most),
    };
    // As many columns as the figure has lines.
    let shown = plots::stages_shown(sweep);
    let lasting = |from: &Option<usize>| report::lasting(&sweep.n, *from);
    let lengths = |stages: &[Option<usize>]| rotated(shown.iter().filter_map(|&stage| stages.get(stage).map(lasting)).collect());
    CollapseTable {
        caption: say!("From this n on, A and B always round to the same bits. “–”: not for the last quarter up to n = {}.", most),
        corner: say!("format"),
        columns: rotated(shown.iter().map(|&stage| sweep.stages[stage].stage.to_string()).collect()),
        rows: sweep.collapse.iter().map(|collapse| (model.formats.name(collapse.format), lengths(&collapse.stages))).collect(),
        // Random weights answer alike from the start, which says nothing of a collapse.
        last: (model.weights != WeightsSource::Seed).then_some((say!("next token"), same)),
    }
}

/// The last first: the output is what is read of the model, and stays in sight where the table is wider than a phone.
fn rotated<T>(mut stages: Vec<T>) -> Vec<T> {
    let most = stages.len().min(1);
    stages.rotate_right(most);
    stages
}
