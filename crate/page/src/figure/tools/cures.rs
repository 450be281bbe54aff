//! Cured models beside the plain one.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::collapse_table;
use crate::figure::picture::Holder;
use crate::figure::{computed, no_answer, picture};
use crate::form::Field;
use crate::format;
use crate::worker::Answered;
use glasses_contract::chapters;
use glasses_contract::config::{Metric, Part};
use glasses_contract::locale::{later, tr};
use glasses_contract::question::{self, Topic};
use glasses_contract::report::{Compared, Comparison, PLAIN_TEXT};
use glasses_contract::say;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

const TOO_LONG: &str = later("The sequence is too long here for its sensitivity to be compared: take a smaller n.");

struct ByN {
    told: Arc<Answered<Comparison>>,
    metric: Metric,
    n: usize,
    lit: Option<String>,
}

impl ByN {
    fn plot(&self) -> plots::CuresByN<'_> {
        let (comparison, model) = (&self.told.part, format::model(&self.told.origin.model));
        plots::CuresByN { comparison, metric: self.metric, n: self.n, lit: self.lit.as_deref(), model }
    }
}

impl Holder for ByN {
    type Figure<'a> = plots::CuresByN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        self.plot()
    }
}

struct ByToken {
    told: Arc<Answered<Comparison>>,
    lit: Option<String>,
}

impl Holder for ByToken {
    type Figure<'a> = plots::CuresByToken<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::CuresByToken { comparison: &self.told.part, lit: self.lit.as_deref(), model: format::model(&self.told.origin.model) }
    }
}

struct ByLoss {
    told: Arc<Answered<Comparison>>,
    metric: Metric,
    n: usize,
    lit: Option<String>,
}

impl Holder for ByLoss {
    type Figure<'a> = plots::CuresByLoss<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let (comparison, model) = (&self.told.part, format::model(&self.told.origin.model));
        plots::CuresByLoss { comparison, metric: self.metric, n: self.n, lit: self.lit.as_deref(), model }
    }
}

/// The choice of cures, their distances, their collapse lengths, and their sensitivities or, of a language model, how well it still reads.
#[component]
pub fn Cures(page: Context) -> impl IntoView {
    let (state, comparison) = (page.state, page.engine.signals.answers.of::<question::Comparison>());
    let metric = Memo::new(move |_| state.admitted.with(|config| config.view.metric));
    let n = Memo::new(move |_| state.admitted.with(|config| config.input.n));
    let note = no_answer(page, question::Comparison);
    let is_too_long = move || comparison.with(|shown| shown.told.as_ref().is_some_and(|told| told.part.tokens.is_empty()));
    let by_token = Signal::derive(move || note.get().or_else(|| is_too_long().then(|| tr(TOO_LONG).into())));
    let shows_model = Memo::new(move |_| state.asked.with(|asked| chapters::shows(&asked.frame, Part::Model)));
    let is_language_model = Memo::new(move |_| state.admitted.with(|config| config.model.file.is_some()));
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    let topic = Topic::Comparison;
    let (met, pressed) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let lit = Memo::new(move |_| met.get().or_else(|| pressed.get()));
    let ranking = move || {
        comparison.with(|shown| {
            let told = shown.told.as_ref()?;
            let by_n = ByN { told: told.clone(), metric: metric.get(), n: n.get(), lit: None };
            Some(ranking(&by_n, met, pressed))
        })
    };
    view! {
        <Field page key="cures" />
        <p class="hint">
            {say!("Each cure is applied alone. Sequences, model size and seed stay the same.")} " "
            {move || shows_model.get().then(|| say!("Its settings are those under “Attention”."))}
        </p>
        <div class="pair">
            <div class="figure">
                <h3>{say!("Does it keep them apart?")}</h3>
                <FigureCanvas
                    page
                    name="cures-by-n"
                    topic
                    picture=picture(comparison, move |told| ByN { told, metric: metric.get(), n: n.get(), lit: lit.get() })
                    note
                    computed=computed(comparison)
                    on_choose=choose
                />
            </div>
            <Show
                when=move || is_language_model.get()
                fallback=move || view! {
                    <div class="figure">
                        <h3>{say!("Does every token count?")}</h3>
                        <FigureCanvas page name="cures-by-token" topic picture=picture(comparison, move |told| ByToken { told, lit: lit.get() }) note=by_token computed=computed(comparison) />
                    </div>
                }
            >
                <div class="figure">
                    <h3>{say!("Does it still read?")}</h3>
                    <FigureCanvas
                        page
                        name="cures-by-loss"
                        topic
                        picture=picture(comparison, move |told| ByLoss { told, metric: metric.get(), n: n.get(), lit: lit.get() })
                        note
                        computed=computed(comparison)
                    />
                    <details class="hint">
                        <summary>{say!("The text")}</summary>
                        <p lang="en">{PLAIN_TEXT}</p>
                    </details>
                </div>
            </Show>
        </div>
        <div class="lengths-place">{ranking}</div>
    }
}

/// The models, the one that keeps the two furthest apart first. Whichever name the pointer or the focus meets, or was pressed, is lit in the
/// figures.
fn ranking(by_n: &ByN, met: RwSignal<Option<String>>, pressed: RwSignal<Option<String>>) -> impl IntoView + use<> {
    let comparison = &by_n.told.part;
    let most = comparison.n.last().copied().unwrap_or(0);
    let (n, rows) = by_n.plot().ranked();
    let formats = comparison.rows.first().map(|row| collapse_table::names(&by_n.told.origin.model.config.formats, &row.collapse));
    let heads = formats.unwrap_or_default().into_iter().map(|format| view! { <th scope="col">{format}</th> }).collect_view();
    let has_loss = comparison.rows.iter().any(|row| row.cross_entropy.is_some());
    let row = |(row, distance): (&Compared, f64)| {
        let word = row.word.clone();
        let (over, is_pressed) = (word.clone(), word.clone());
        let press = move |_| pressed.update(|now| *now = (now.as_ref() != Some(&word)).then(|| word.clone()));
        let meet = move || met.set(Some(over.clone()));
        // A comparison has one stage, the output.
        let cells = row.collapse.iter().map(|collapse| collapse_table::cell(collapse.stages.first().copied().flatten())).collect_view();
        let loss = row.cross_entropy.as_ref().map(|of| view! { <td>{plots::number::short(of.mean)}</td> });
        view! {
            <tr>
                <th scope="row">
                    <button
                        type="button"
                        class="link"
                        aria-pressed=move || (pressed.with(|now| now.as_ref() == Some(&is_pressed))).to_string()
                        on:pointerenter={
                            let meet = meet.clone();
                            move |_| meet()
                        }
                        on:pointerleave=move |_| met.set(None)
                        on:focus=move |_| meet()
                        on:blur=move |_| met.set(None)
                        on:click=press
                    >
                        {row.label.to_string()}
                    </button>
                </th>
                <td>{plots::number::short(distance)}</td>
                {loss}
                {cells}
            </tr>
        }
    };
    view! {
        <div class="scroll lengths" tabindex="0">
            <table>
                <caption>
                    {say!("The distance at n = {}, the greatest first; then the smallest n from which the outputs round to the same bits. “–”: not by n = {}.", n, most)}
                </caption>
                <thead>
                    <tr>
                        <th scope="col">{say!("model")}</th>
                        <th scope="col">{say!("distance")}</th>
                        {has_loss.then(|| view! { <th scope="col">{say!("cross-entropy")}</th> })}
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
