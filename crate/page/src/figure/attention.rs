//! The attention weights of one head, and the choice of the head.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, picture, refusal};
use crate::context::Context;
use crate::form::Picker;
use crate::format;
use crate::worker::Answered;
use glasses_contract::config::{Place, Which};
use glasses_contract::locale::together;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::{Pair, Reading};
use glasses_contract::say;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Answered<Pair>>,
    which: Which,
}

impl Held {
    fn reading(&self) -> &Reading {
        match self.which {
            Which::A => &self.told.part.a,
            Which::B => &self.told.part.b,
        }
    }
}

impl Holder for Held {
    type Figure<'a> = plots::Attention<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let (reading, model) = (self.reading(), format::reader(self.which, &self.told.origin.model));
        plots::Attention { cells: plots::Cells::Caller, ..plots::Attention::new(&reading.attention, &reading.tokens, model) }
    }

    fn whole(&self) -> Self::Figure<'_> {
        plots::Attention { cells: plots::Cells::Figure, ..self.figure() }
    }

    fn image(&self, theme: &plots::Theme) -> Option<plots::Image> {
        self.figure().image(theme)
    }
}

/// The last row of A's map.
struct LastRow(Held);

impl Holder for LastRow {
    type Figure<'a> = plots::AttentionRow<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let Held { told, which } = &self.0;
        let (reading, model) = (self.0.reading(), format::reader(*which, &told.origin.model));
        plots::AttentionRow { map: &reading.attention, tokens: &reading.tokens, which: *which, model }
    }
}

/// The last tokens' attention to the first one.
struct ByLayer {
    told: Arc<Answered<Pair>>,
    n: Option<usize>,
}

impl Holder for ByLayer {
    type Figure<'a> = plots::SinksByLayer<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::SinksByLayer { pair: &self.told.part, n: self.n, model: format::model(&self.told.origin.model) }
    }
}

/// The maps of both sequences, and the pickers of layer and head above them; in the chapter on the last row, only that.
#[component]
pub fn Attention(page: Context) -> impl IntoView {
    let state = page.state;
    let is_last_row = Memo::new(move |_| state.asked.with(|asked| asked.frame.at == Place::Spread));
    let pair = page.engine.signals.answers.of::<question::Pair>();
    let row = picture(pair, |told| LastRow(Held { told, which: Which::A }));
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
                    <Map page which=Which::A name="attention-a" />
                    <Map page which=Which::B name="attention-b" />
                </div>
                <Sinks page />
            }
        >
            <FigureCanvas page name="attention-row" topic=Topic::Pair picture=row note=refusal(pair) computed=computed(pair) />
        </Show>
    }
}

/// Of a language model: how much of it goes to the first token. A tiny one that was never trained on texts has no use for a sink.
#[component]
fn Sinks(page: Context) -> impl IntoView {
    let (state, pair) = (page.state, page.engine.signals.answers.of::<question::Pair>());
    let is_language_model = Memo::new(move |_| state.admitted.with(|config| config.model.file.is_some()));
    let picture = picture(pair, |told| ByLayer { n: Some(told.part.n), told });
    view! {
        <Show when=move || is_language_model.get()>
            <h3>{say!("Attention sinks by layer")}</h3>
            <p>
                {say!(
                    "A head with nothing to look for gives its attention to the first token: it is a sink. The line is the mean over a layer's heads, and the band goes from the head that gives it least to the one that gives it most."
                )}
            </p>
            <FigureCanvas page name="sinks-by-layer" topic=Topic::Pair picture note=refusal(pair) computed=computed(pair) />
        </Show>
    }
}

#[component]
fn Map(page: Context, which: Which, name: &'static str) -> impl IntoView {
    let pair = page.engine.signals.answers.of::<question::Pair>();
    let picture = picture(pair, move |told| Held { told, which });
    let sinks = move || pair.with(|shown| shown.told.as_ref().map(|told| sinks(Held { told: told.clone(), which }.reading())));
    view! {
        <div>
            <FigureCanvas page name topic=Topic::Pair picture note=refusal(pair) computed=computed(pair) />
            <p class="hint line">{sinks}</p>
        </div>
    }
}

/// How many heads do little but look at the first token (Barbero et al. 2025), and in which layers the last token looks at it.
fn sinks(reading: &Reading) -> String {
    let percent = plots::number::percent;
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
