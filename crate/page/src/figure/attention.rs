//! The attention weights of one head, and the choice of the head.

use super::canvas::FigureCanvas;
use super::refusal;
use crate::context::Context;
use crate::form::Picker;
use glasses_contract::config::{Place, Which};
use glasses_contract::drawing::Drawing;
use glasses_contract::locale::together;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Reading;
use glasses_contract::say;
use glasses_plots::number::percent;
use leptos::prelude::*;

/// The maps of both sequences, and the pickers of layer and head above them; in the chapter on the last row, only that.
#[component]
pub fn Attention(page: Context) -> impl IntoView {
    let state = page.state;
    let is_last_row = Memo::new(move |_| state.asked.with(|asked| asked.frame.at == Place::Spread));
    let pair = page.engine.signals.answers.of::<question::Pair>();
    let layers = Memo::new(move |_| state.admitted.with(|config| config.model.layers));
    let heads = Memo::new(move |_| state.admitted.with(|config| config.model.heads));
    view! {
        <div class="tools">
            <Picker page key="layer" count=layers />
            <Picker page key="head" count=heads />
        </div>
        <Show
            when=move || is_last_row.get()
            fallback=move || view! {
                <div class="pair">
                    <Map page which=Which::A drawing=Drawing::AttentionA />
                    <Map page which=Which::B drawing=Drawing::AttentionB />
                </div>
                <Sinks page />
            }
        >
            <FigureCanvas page drawing=Drawing::AttentionRow topic=Topic::Pair note=refusal(pair) />
        </Show>
    }
}

/// Of a language model: how much of it goes to the first token. A tiny one that was never trained on texts has no use for a sink.
#[component]
fn Sinks(page: Context) -> impl IntoView {
    let (state, pair) = (page.state, page.engine.signals.answers.of::<question::Pair>());
    let is_language_model = Memo::new(move |_| state.admitted.with(|config| config.model.file.is_some()));
    view! {
        <Show when=move || is_language_model.get()>
            <h3>{say!("Attention sinks by layer")}</h3>
            <p>
                {say!(
                    "A head with nothing to look for gives its attention to the first token: it is a sink. The line is the mean over a layer's heads, and the band goes from the head that gives it least to the one that gives it most."
                )}
            </p>
            <FigureCanvas page drawing=Drawing::SinksByLayer topic=Topic::Pair note=refusal(pair) />
        </Show>
    }
}

#[component]
fn Map(page: Context, which: Which, drawing: Drawing) -> impl IntoView {
    let pair = page.engine.signals.answers.of::<question::Pair>();
    let sinks = move || pair.with(|shown| shown.told.as_ref().map(|told| sinks(told.part.reading(which))));
    view! {
        <div>
            <FigureCanvas page drawing topic=Topic::Pair note=refusal(pair) />
            <p class="hint line">{sinks}</p>
        </div>
    }
}

/// How many heads do little but look at the first token (Barbero et al. 2025), and in which layers the last token looks at it.
fn sinks(reading: &Reading) -> String {
    let heads = say!(
        "Attention sinks: in {} of all heads, the first token gets more than 0.8 of the attention on average.",
        percent(reading.sink_share)
    );
    let layers = || reading.sink_by_layer.iter().copied().enumerate().filter(|(_, share)| share.is_finite());
    let ends = layers().min_by(|one, other| one.1.total_cmp(&other.1)).zip(layers().max_by(|one, other| one.1.total_cmp(&other.1)));
    let by_layer = ends.map(|((least, low), (most, high))| {
        say!(
            "Of the last token’s attention, mean over the heads of a layer, it gets from {} in layer {} to {} in layer {}.",
            percent(low),
            least + 1,
            percent(high),
            most + 1
        )
    });
    together([heads].into_iter().chain(by_layer))
}
