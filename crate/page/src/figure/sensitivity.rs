//! The sensitivity to every token.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, n_of, picture, refusal};
use crate::context::Context;
use crate::form::Field;
use crate::format;
use crate::worker::Answered;
use glasses_contract::chapters;
use glasses_contract::config::{Part, Units};
use glasses_contract::paper::{self, PublishedCurve};
use glasses_contract::question::{self, Topic};
use glasses_contract::{report, say};
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Answered<report::Sensitivity>>,
    units: Units,
    n: Option<usize>,
    theory: bool,
    /// What is published of places in a text.
    published: Vec<PublishedCurve>,
}

impl Holder for Held {
    type Figure<'a> = plots::SensitivityByToken<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let model = format::model(&self.told.origin.model);
        plots::SensitivityByToken {
            units: self.units,
            n: self.n,
            theory: self.theory,
            published: self.published.clone(),
            ..plots::SensitivityByToken::new(&self.told.part, model)
        }
    }
}

/// The figure: an estimate while the reader types, exact after a pause where that is not too much.
#[component]
pub fn Sensitivity(page: Context) -> impl IntoView {
    let sensitivity = page.engine.signals.answers.of::<question::Sensitivity>();
    let units = Memo::new(move |_| page.state.admitted.with(|config| config.view.units));
    let figure = Memo::new(move |_| page.state.admitted.with(|config| config.view.paper));
    // In a chapter one thing at a time: the bars first, and what theory says of them once it is asked for.
    let chosen = RwSignal::new(None::<bool>);
    let tells =
        Memo::new(move |_| page.state.asked.with(|asked| chapters::chapter(asked.frame.at).is_some() && asked.frame.embed == Part::Page));
    let theory = Memo::new(move |_| !tells.get() || chosen.get().unwrap_or(false));
    let published = move || paper::of_places(figure.get());
    let note = refusal(sensitivity);
    let stays = move || sensitivity.with(|latest| latest.unrefined.clone()).filter(|_| note.with(Option::is_none));
    view! {
        <div class="tools">
            <Field page key="show" />
            <Field page key="units" />
            <Show when=move || tells.get()>
                <label class="hint">
                    <input
                        type="checkbox"
                        prop:checked=move || theory.get()
                        on:change=move |event| chosen.set(Some(event_target_checked(&event)))
                    />
                    {say!("With theory")}
                </label>
            </Show>
        </div>
        <FigureCanvas
            page
            name="sensitivity"
            topic=Topic::Sensitivity
            picture=picture(sensitivity, move |told| Held { n: n_of(&told), told, units: units.get(), theory: theory.get(), published: published() })
            note
            computed=computed(sensitivity)
        />
        <p class="hint" role="status">{move || stays().map(|why| say!("This stays an estimate: {}", why))}</p>
    }
}
