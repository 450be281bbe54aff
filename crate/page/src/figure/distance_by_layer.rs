//! The distance at one n, layer by layer.

use super::canvas::FigureCanvas;
use super::{n_of, refusal};
use crate::context::Context;
use glasses_contract::config::Formats;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Pair;
use glasses_contract::say;
use leptos::prelude::*;

/// The figure. A click on a layer shows its attention.
#[component]
pub fn DistanceByLayer(page: Context) -> impl IntoView {
    let (state, pair) = (page.state, page.engine.signals.answers.of::<question::Pair>());
    // Stage 0 is the embedding, the last one the output.
    let choose = move |stage: usize| {
        let layers = state.admitted.with_untracked(|config| config.model.layers);
        state.edit(|asked| asked.view.layer = stage.clamp(1, layers) - 1);
    };
    let identical =
        move || pair.with(|shown| shown.told.as_ref().map(|told| identical(&told.part, n_of(told), &told.origin.model.config.formats)));
    view! {
        <FigureCanvas
            page
            drawing=Drawing::DistanceByLayer
            topic=Topic::Pair
            note=refusal(pair)
            on_choose=Callback::new(choose)
        />
        <p class="hint line" role="status">{identical}</p>
    }
}

/// In which float formats the two are the same at the output.
fn identical(pair: &Pair, n: Option<usize>, formats: &Formats) -> String {
    let formats: Vec<String> = pair.identical_in.iter().map(|&format| formats.name(format)).collect();
    match (formats.split_last(), n) {
        (None, Some(n)) => say!("At n = {}, the outputs differ in every float format.", n),
        (None, None) => say!("The outputs differ in every float format.").into(),
        (Some((only, [])), Some(n)) => say!("At n = {}, the outputs are bit-identical once rounded to {}.", n, only),
        (Some((only, [])), None) => say!("The outputs are bit-identical once rounded to {}.", only),
        (Some((last, others)), n) => {
            let others = others.join(say!(", "));
            match n {
                Some(n) => say!("At n = {}, the outputs are bit-identical once rounded to {} or {}.", n, others, last),
                None => say!("The outputs are bit-identical once rounded to {} or {}.", others, last),
            }
        }
    }
}
