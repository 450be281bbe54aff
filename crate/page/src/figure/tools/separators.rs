//! The distance for every period of separators.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::picture::PictureSignal;
use crate::figure::refusal;
use crate::figure::shown::{looked_at, picture, told};
use crate::figure::sketchpad::SketchTools;
use crate::figure::steering::Steering;
use crate::state::sketch;
use glasses_contract::config::Part;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::say;
use glasses_plots::{self as plots, SeparatorsByN, View};
use leptos::prelude::*;

/// One period beside none, the map of all, the best period in a sentence, or a way to texts that have a period.
#[component]
pub fn Separators(page: Context) -> impl IntoView {
    let (state, separators) = (page.state, page.engine.signals.answers.of::<question::Separators>());
    let metric = Memo::new(move |_| state.admitted.with(|config| config.view.metric));
    let inapplicable = state.inapplicable(question::Separators);
    let has_period = move || inapplicable.with(Option::is_none);
    let write = move |_| state.choose(|asked| (asked.input.a, asked.input.b) = ("1^n{,/k}".into(), "1^(n+1){,/k}".into()));
    let part = Part::Instruments;
    let is_veiled = Memo::new(move |_| page.is_veiled(part));
    let guess = Memo::new(move |_| page.sketchbook.guess(part, &state.asked.with(sketch::about)));
    let look = move |view| View { guess: guess.get(), is_veiled: is_veiled.get(), ..view };
    // The last answer may be of texts that had one.
    let of_period = move |picture: PictureSignal| Signal::derive(move || picture.get().filter(|_| has_period()));
    let given = Signal::derive(move || {
        let answered = separators.with(|shown| shown.told.clone()).filter(|_| page.sketchbook.is_open_in(part) && is_veiled.get())?;
        SeparatorsByN::of(&told(&answered), &look(page.view.get())).given()
    });
    let last = Signal::derive(move || separators.with(|shown| shown.told.as_ref().and_then(|told| told.part.n.last().copied())));
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    let note = refusal(separators);
    let best = move || {
        let told = separators.with(|shown| shown.told.clone()).filter(|_| has_period())?;
        Some(match told.part.best(metric.get()) {
            Some(k) => say!(
                "A separator after every {} keeps the two apart best, by the geometric mean of the distance over n.",
                plots::ordinal(k)
            ),
            None => say!("No period keeps the two apart at every n.").into(),
        })
    };
    view! {
        <p class="about" hidden=has_period>
            {move || inapplicable.get()}
            " "
            <button type="button" class="button" on:click=write>{say!("Write 1^n{,/k} and 1^(n+1){,/k}")}</button>
        </p>
        <div class="figure" hidden=move || !has_period()>
            <h3>{say!("Does it keep them apart?")}</h3>
            <SketchTools page part last />
            <FigureCanvas
                page
                drawing=Drawing::SeparatorsByN
                topic=Topic::Separators
                picture=of_period(looked_at(page, Drawing::SeparatorsByN, look))
                note
                on_choose=choose
                sketch=given
                steering=move || view! { <SketchTools page part last /><Steering page drawing=Drawing::SeparatorsByN /> }
            />
        </div>
        <div class="figure" hidden=move || !has_period() inert=move || is_veiled.get() data-veiled=move || is_veiled.get().then_some("")>
            <h3>{say!("Which period keeps them furthest apart?")}</h3>
            <FigureCanvas page drawing=Drawing::Separators topic=Topic::Separators picture=of_period(picture(page, Drawing::Separators)) note />
            <p class="hint" role="status">{best}</p>
        </div>
    }
}
