//! How like the last token is to the first one at every n, of a language model: what a long repetition ends in.

use super::canvas::FigureCanvas;
use super::no_answer;
use super::shown::looked_at;
use crate::context::Context;
use glasses_contract::config::Part;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::say;
use glasses_plots::View;
use leptos::prelude::*;

/// The figure, below that of the distance, whose sweep it is of. A tiny model that was never trained on texts has no first token to take others for.
#[component]
pub(super) fn LikenessByN(page: Context) -> impl IntoView {
    let state = page.state;
    let is_language_model = Memo::new(move |_| state.admitted.with(|config| config.model.file.is_some()));
    let is_veiled = Memo::new(move |_| page.is_veiled(Part::ByN));
    let note = no_answer(page, question::Sweep);
    let picture = looked_at(page, Drawing::LikenessByN, move |view| View { is_veiled: is_veiled.get(), ..view });
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    view! {
        <Show when=move || is_language_model.get()>
            <h3>{say!("Taken for the first token")}</h3>
            <p>
                {say!(
                    "Heads with nothing to look for look at the first token of a text, and a language model makes its vector unlike all others. Repeated often enough, a token is taken for it: the cosine jumps, and the distance with it."
                )}
            </p>
            <FigureCanvas
                page
                drawing=Drawing::LikenessByN
                topic=Topic::Sweep
                picture
                note
                on_choose=choose
            />
        </Show>
    }
}
