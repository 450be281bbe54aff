//! Cured models beside the plain one.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::collapse_table;
use crate::figure::no_answer;
use crate::figure::shown::{looked_at, told};
use crate::form::Field;
use glasses_contract::chapters;
use glasses_contract::config::{Formats, Part};
use glasses_contract::drawing::Drawing;
use glasses_contract::locale::{later, tr};
use glasses_contract::question::{self, Topic};
use glasses_contract::report::{Compared, PLAIN_TEXT, lasting};
use glasses_contract::say;
use glasses_plots::{CuresByN, View, number};
use leptos::prelude::*;

const TOO_LONG: &str = later("The sequence is too long here for its sensitivity to be compared: take a smaller n.");

/// The choice of cures, their distances, their collapse lengths, and their sensitivities or, of a language model, how well it still reads.
#[component]
pub fn Cures(page: Context) -> impl IntoView {
    let (state, comparison) = (page.state, page.engine.signals.answers.of::<question::Comparison>());
    let note = no_answer(page, question::Comparison);
    let is_too_long = move || comparison.with(|shown| shown.told.as_ref().is_some_and(|told| told.part.tokens.is_empty()));
    let by_token = Signal::derive(move || note.get().or_else(|| is_too_long().then(|| tr(TOO_LONG).into())));
    let shows_model = Memo::new(move |_| state.asked.with(|asked| chapters::shows(&asked.frame, Part::Model)));
    let is_language_model = Memo::new(move |_| state.admitted.with(|config| config.model.file.is_some()));
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    let topic = Topic::Comparison;
    let (met, pressed) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let lit = Memo::new(move |_| met.get().or_else(|| pressed.get()));
    let picture = move |drawing| looked_at(page, drawing, move |view| View { lit: lit.get(), ..view });
    let ranking = move || {
        comparison.with(|shown| {
            let answer = shown.told.as_deref()?;
            let by_n = page.view.with(|view| CuresByN::of(&told(answer), view));
            Some(ranking(&by_n, &answer.origin.model.config.formats, met, pressed))
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
                    drawing=Drawing::CuresByN
                    topic
                    picture=picture(Drawing::CuresByN)
                    note
                    on_choose=choose
                />
            </div>
            <Show
                when=move || is_language_model.get()
                fallback=move || view! {
                    <div class="figure">
                        <h3>{say!("Does every token count?")}</h3>
                        <FigureCanvas page drawing=Drawing::CuresByToken topic picture=picture(Drawing::CuresByToken) note=by_token />
                    </div>
                }
            >
                <div class="figure">
                    <h3>{say!("Does it still read?")}</h3>
                    <FigureCanvas
                        page
                        drawing=Drawing::CuresByLoss
                        topic
                        picture=picture(Drawing::CuresByLoss)
                        note
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
fn ranking(by_n: &CuresByN, formats: &Formats, met: RwSignal<Option<String>>, pressed: RwSignal<Option<String>>) -> impl IntoView + use<> {
    let comparison = &by_n.comparison;
    let most = comparison.n.last().copied().unwrap_or(0);
    let (n, rows) = by_n.ranked();
    let names = comparison.rows.first().map(|row| collapse_table::names(formats, &row.collapse));
    let heads = names.unwrap_or_default().into_iter().map(|format| view! { <th scope="col">{format}</th> }).collect_view();
    let has_loss = comparison.rows.iter().any(|row| row.cross_entropy.is_some());
    let row = |(row, distance): (&Compared, f64)| {
        let word = row.word.clone();
        let (over, is_pressed) = (word.clone(), word.clone());
        let press = move |_| pressed.update(|now| *now = (now.as_ref() != Some(&word)).then(|| word.clone()));
        let meet = move || met.set(Some(over.clone()));
        // A comparison has one stage, the output.
        let cells = row
            .collapse
            .iter()
            .map(|collapse| collapse_table::cell(lasting(&comparison.n, collapse.stages.first().copied().flatten())))
            .collect_view();
        let loss = row.cross_entropy.as_ref().map(|of| view! { <td>{number::short(of.mean)}</td> });
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
                <td>{number::short(distance)}</td>
                {loss}
                {cells}
            </tr>
        }
    };
    view! {
        <div class="scroll lengths" tabindex="0">
            <table>
                <caption>
                    {say!("The distance at n = {}, the greatest first; then the n from which on the outputs always round to the same bits. “–”: not for the last quarter up to n = {}.", n, most)}
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
