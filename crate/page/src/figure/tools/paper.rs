//! The paper's figures: those that can be simulated here, and what stands for the others.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::refusal;
use crate::figure::shown::picture;
use crate::state::Action;
use crate::worker::Answered;
use glasses_contract::config::{Metric, Published};
use glasses_contract::drawing::Drawing;
use glasses_contract::exhibit::Reproduction;
use glasses_contract::gallery::{EXHIBITS, Exhibit};
use glasses_contract::paper::is_simulated;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Simulation;
use glasses_contract::{Choice, say};
use leptos::prelude::*;

/// What of the published picture and a simulation of it does not agree.
fn difference(figure: Published) -> &'static str {
    match figure {
        Published::Fig8 => {
            say!(
                "The paper does not say which norm it shows; of the norms, L∞ fits best. Beyond n = 500 the published curve lies above the second simulation, by a third at n = 5,000 and by nearly half at n = 10,000."
            )
        }
        Published::Fig9 => {
            say!("The published points and the second simulation agree within 5%; that at n = 4,000 is hidden by a line in the picture.")
        }
        Published::Fig10 => {
            say!(
                "The published points, read off the picture, lie up to 16% above the second simulation; without positions, theory has √(2d/π)/n = 6.38/n."
            )
        }
        _ => "",
    }
}

/// The choice of the figure, the simulation, and the list of all figures.
#[component]
pub fn Paper(page: Context) -> impl IntoView {
    let simulation = page.engine.signals.answers.of::<question::Simulation>();
    let figure = Memo::new(move |_| page.state.admitted.with(|config| config.view.paper));
    let choose = move |figure: Published| page.state.choose(|asked| asked.view.paper = figure);
    let segment = move |this: Published| {
        view! {
            <label class="segment" title=this.entry().help()>
                <input type="radio" name="paper-figure" prop:checked=move || figure.get() == this on:change=move |_| choose(this) />
                <span>{this.label()}</span>
            </label>
        }
    };
    // The answer may be to the figure that was chosen before.
    let chosen = move |told: &Answered<Simulation>| told.part.figure == figure.get();
    let drawn = picture(page, Drawing::Paper);
    let drawn = Signal::derive(move || drawn.get().filter(|_| simulation.with(|shown| shown.told.as_deref().is_some_and(chosen))));
    let refused = refusal(simulation);
    let note =
        Signal::derive(move || if is_simulated(figure.get()) { refused.get() } else { Some(say!("Choose a figure to simulate.").into()) });
    let says = move || simulation.with(|shown| shown.told.as_deref().filter(|told| chosen(told)).map(|told| told.part.says.to_string()));
    view! {
        <fieldset class="field">
            <legend>{say!("Simulate")}</legend>
            <div class="segments">{[Published::Fig8, Published::Fig9, Published::Fig10].map(segment).collect_view()}</div>
        </fieldset>
        <FigureCanvas page drawing=Drawing::Paper topic=Topic::Simulation picture=drawn note />
        <p class="hint" role="status">{says} " " {move || difference(figure.get())}</p>
        <h3>{say!("All figures of the paper")}</h3>
        <ul class="figures-of-paper">{EXHIBITS.iter().map(|exhibit| view! { <Listed page exhibit /> }).collect_view()}</ul>
    }
}

#[component]
fn Listed(page: Context, exhibit: &'static Exhibit) -> impl IntoView {
    let show = move |figure: Published| {
        page.state.choose(|asked| {
            asked.view.paper = figure;
            // Published distances are L∞.
            asked.view.metric = Metric::Linf;
        });
        let place = if is_simulated(figure) { "instruments-title" } else { "by-n-title" };
        document().get_element_by_id(place).iter().for_each(web_sys::Element::scroll_into_view);
    };
    let ours = exhibit.ours();
    let says = match ours {
        Reproduction::Simulated => say!("Simulate it here"),
        Reproduction::Beside => say!("Show it behind the distance over n"),
        Reproduction::Asked => say!("Ask our tiny model the same"),
        Reproduction::Trained => say!("Train a model that reads the question last"),
        Reproduction::Drawn => say!("Open ours"),
    };
    // A published picture comes to the reader's own question; all else brings a question with it.
    let press = move |_| match ours {
        Reproduction::Simulated | Reproduction::Beside => show(exhibit.config().view.paper),
        Reproduction::Asked | Reproduction::Trained | Reproduction::Drawn => page.state.apply(Action::Open(exhibit.link)),
    };
    view! {
        <li>
            <strong>{say!("Figure {}", exhibit.name)}</strong>
            <span>{exhibit.shows().join(" ")}</span>
            <button type="button" class="link" on:click=press>{says}</button>
        </li>
    }
}
