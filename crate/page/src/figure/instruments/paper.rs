//! The paper's figures: those that can be simulated here, and what the others would need.

use crate::engine::{Told, Topic, is_simulated};
use crate::figure::canvas::FigureCanvas;
use crate::figure::picture::Holder;
use crate::figure::{computed, picture, refusal};
use crate::page::Page;
use glasses_contract::config::{Metric, Published};
use glasses_contract::locale::{later, tr};
use glasses_contract::paper::{self, PublishedCurve};
use glasses_contract::report::Simulation;
use glasses_contract::{Choice, say};
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Told<Simulation>>,
    published: Vec<PublishedCurve>,
}

impl Holder for Held {
    type Figure<'a> = plots::PaperFigure<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::PaperFigure { simulation: &self.told.part, published: &self.published }
    }
}

/// What of the published picture and a simulation of it does not agree.
fn difference(figure: Published) -> &'static str {
    match figure {
        Published::Fig8 => {
            say!(
                "The paper does not say which norm it shows; L∞ is what fits. Beyond n = 500 the published curve lies above an independent simulation, by a third at n = 5,000."
            )
        }
        Published::Fig9 => {
            say!(
                "The published points and an independent simulation agree within 5 %; that at n = 4,000 is hidden by a line in the picture."
            )
        }
        Published::Fig10 => {
            say!(
                "The published points, read off the picture, lie up to 16 % above an independent simulation; without positions, theory has √(2d/π)/n = 6.38/n."
            )
        }
        _ => "",
    }
}

/// A figure of the paper, and what can be done with it here.
struct Entry {
    name: &'static str,
    shows: &'static str,
    here: Here,
}

enum Here {
    /// It is simulated.
    Simulated(Published),
    /// It stands beside ours.
    Beside(Published),
    /// It is drawn elsewhere on this page: where.
    Drawn(&'static str),
    /// A tiny model of ours shows the same: what opens it.
    Ours(&'static str),
    /// It takes a model that is trained with the question last.
    QuestionLast,
}

const QUESTION_LAST: &str = later("Ours read the question first. Train one that reads it last, under “Train”.");
const COUNT: &str = "v=1&n=20&task=ones&weights=alibi&tool=answers";
const COPY: &str = "v=1&n=20&max=512&task=last&weights=rotary&tool=answers";

const FIGURES: &[Entry] = &[
    Entry {
        name: "1a",
        shows: later("1…10 for growing n: last tokens merge."),
        here: Here::Drawn(later("The preset “A zero at the end”.")),
    },
    Entry {
        name: "1b", shows: later("Paths from each of five tokens through three layers."), here: Here::Drawn(later("Under “Theory”."))
    },
    Entry {
        name: "2",
        shows: later("Gemini 1.5 copies one element of a sequence: the last one wrong from n = 300."),
        here: Here::Ours(COPY),
    },
    Entry { name: "3", shows: later("Gemini 1.5 counts: errors grow with n."), here: Here::Ours(COUNT) },
    Entry { name: "4", shows: later("Gemini 1.5 counts: 100 is by far the most frequent answer."), here: Here::Ours(COUNT) },
    Entry {
        name: "5a",
        shows: later("Gemma 7B, counting ones in ones: the distance falls to bf16's line."),
        here: Here::Beside(Published::Fig5a),
    },
    Entry {
        name: "5b",
        shows: later("Gemma 7B, counting ones in random digits: it falls more slowly."),
        here: Here::Beside(Published::Fig5b),
    },
    Entry { name: "5c", shows: later("Gemma 7B, copying from ones."), here: Here::Beside(Published::Fig5c) },
    Entry {
        name: "5d",
        shows: later("Gemma 7B, a comma after every third digit: it does not fall."),
        here: Here::Beside(Published::Fig5d),
    },
    Entry { name: "6", shows: later("Gemma 7B counts, as in Figure 3, and is much worse."), here: Here::Ours(COUNT) },
    Entry { name: "7", shows: later("Gemma 7B's answers, as in Figure 4."), here: Here::Ours(COUNT) },
    Entry { name: "8", shows: later("One layer with sinusoidal positions."), here: Here::Simulated(Published::Fig8) },
    Entry { name: "9", shows: later("Total variation of two softmaxes."), here: Here::Simulated(Published::Fig9) },
    Entry { name: "10", shows: later("One head with four kinds of positions."), here: Here::Simulated(Published::Fig10) },
    Entry { name: "11", shows: later("Gemini, the question before or after the sequence."), here: Here::QuestionLast },
    Entry { name: "12", shows: later("Gemma 7B, the question in front."), here: Here::Beside(Published::Fig12) },
];

/// The choice of the figure, the simulation, and the list of all figures.
#[component]
pub fn Paper(page: Page) -> impl IntoView {
    let simulation = page.engine.says.simulation;
    let figure = Memo::new(move |_| page.state.admitted.with(|config| config.view.paper));
    let choose = move |figure: Published| {
        page.state.asked.update(|asked| asked.view.paper = figure);
        page.settle.run(());
    };
    let segment = move |this: Published| {
        view! {
            <label class="segment" title=this.entry().help()>
                <input type="radio" name="paper-figure" prop:checked=move || figure.get() == this on:change=move |_| choose(this) />
                <span>{this.label()}</span>
            </label>
        }
    };
    // The answer may be to the figure that was chosen before.
    let chosen = move |told: &Told<Simulation>| told.part.figure == figure.get();
    let drawn = picture(simulation, |told| Held { published: paper::curves(told.part.figure), told });
    let drawn = Signal::derive(move || drawn.get().filter(|_| simulation.with(|shown| shown.told.as_deref().is_some_and(chosen))));
    let refused = refusal(simulation);
    let note =
        Signal::derive(move || if is_simulated(figure.get()) { refused.get() } else { Some(say!("Choose a figure to simulate.").into()) });
    let says = move || simulation.with(|shown| shown.told.as_deref().filter(|told| chosen(told)).map(|told| told.part.says()));
    view! {
        <fieldset class="field">
            <legend>{say!("Simulate")}</legend>
            <div class="segments">{[Published::Fig8, Published::Fig9, Published::Fig10].map(segment).collect_view()}</div>
        </fieldset>
        <FigureCanvas page name="paper" topic=Topic::Simulation picture=drawn note computed=computed(simulation) />
        <p class="hint" role="status">{says} " " {move || difference(figure.get())}</p>
        <h3>{say!("All figures of the paper")}</h3>
        <ul class="figures-of-paper">{FIGURES.iter().map(|entry| view! { <Listed page entry /> }).collect_view()}</ul>
    }
}

#[component]
fn Listed(page: Page, entry: &'static Entry) -> impl IntoView {
    let show = move |figure: Published| {
        page.state.asked.update(|asked| {
            asked.view.paper = figure;
            // Published distances are L∞.
            asked.view.metric = Metric::Linf;
        });
        page.settle.run(());
        let place = if is_simulated(figure) { "instruments-title" } else { "by-n-title" };
        document().get_element_by_id(place).iter().for_each(web_sys::Element::scroll_into_view);
    };
    let open = move |link: &'static str| {
        page.settle.run(());
        page.state.open(link);
        page.settle.run(());
    };
    let here = match entry.here {
        Here::Simulated(figure) => {
            view! { <button type="button" class="link" on:click=move |_| show(figure)>{say!("Simulate it here")}</button> }.into_any()
        }
        Here::Beside(figure) => {
            view! { <button type="button" class="link" on:click=move |_| show(figure)>{say!("Show it behind the distance over n")}</button> }
                .into_any()
        }
        Here::Drawn(place) => view! { <span class="muted">{tr(place)}</span> }.into_any(),
        Here::Ours(link) => {
            view! { <button type="button" class="link" on:click=move |_| open(link)>{say!("Ask our tiny model the same")}</button> }.into_any()
        }
        Here::QuestionLast => view! { <span class="muted">{tr(QUESTION_LAST)}</span> }.into_any(),
    };
    view! {
        <li>
            <strong>{say!("Figure {}", entry.name)}</strong>
            <span>{tr(entry.shows)}</span>
            {here}
        </li>
    }
}
