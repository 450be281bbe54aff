//! The sensitivity to every token.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, picture, refusal};
use crate::engine::{Told, Topic};
use crate::form::Field;
use crate::page::Page;
use crate::words;
use glasses_contract::report;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held(Arc<Told<report::Sensitivity>>);

impl Holder for Held {
    type Figure<'a> = plots::SensitivityByToken<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::SensitivityByToken::new(&self.0.part, words::model(&self.0.origin.model))
    }
}

/// The figure: an estimate while the reader types, exact after a pause where that is not too much.
#[component]
pub fn Sensitivity(page: Page) -> impl IntoView {
    let says = page.engine.says;
    let note = refusal(says.sensitivity);
    let stays = move || says.exact_refusal.get().filter(|_| note.with(Option::is_none));
    view! {
        <div class="tools">
            <Field page key="show" />
        </div>
        <FigureCanvas
            page
            name="sensitivity"
            topic=Topic::Sensitivity
            picture=picture(says.sensitivity, Held)
            note
            computed=computed(says.sensitivity)
        />
        <p class="hint" role="status">{move || stays().map(|why| format!("This stays an estimate: {why}"))}</p>
    }
}
