//! How like the last token is to the first one at every n, of a language model: what a long repetition ends in.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, no_answer, picture};
use crate::context::Context;
use crate::format;
use crate::worker::Answered;
use glasses_contract::config::Part;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Sweep;
use glasses_contract::say;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Answered<Sweep>>,
    n: usize,
    /// The numbers as far as they are given, while a guess is waited for.
    given: Option<Sweep>,
}

impl Holder for Held {
    type Figure<'a> = plots::LikenessByN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::LikenessByN {
            sweep: self.given.as_ref().unwrap_or(&self.told.part),
            n: self.n,
            veiled_to: self.given.as_ref().and_then(|_| self.told.part.n.last().copied()),
            model: format::model(&self.told.origin.model),
        }
    }
}

/// The figure, below that of the distance, whose sweep it is of. A tiny model that was never trained on texts has no first token to take others for.
#[component]
pub(super) fn LikenessByN(page: Context) -> impl IntoView {
    let (state, sweep) = (page.state, page.engine.signals.answers.of::<question::Sweep>());
    let is_language_model = Memo::new(move |_| state.admitted.with(|config| config.model.file.is_some()));
    let n = Memo::new(move |_| state.admitted.with(|config| config.input.n));
    let is_veiled = Memo::new(move |_| page.is_veiled(Part::ByN));
    let note = no_answer(page, question::Sweep);
    let picture = picture(sweep, move |told| Held { given: is_veiled.get().then(|| told.part.clone().until(n.get())), told, n: n.get() });
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
                name="likeness-by-n"
                topic=Topic::Sweep
                picture
                note
                computed=computed(sweep)
                on_choose=choose
            />
        </Show>
    }
}
