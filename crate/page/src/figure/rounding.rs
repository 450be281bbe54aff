//! What one rounding leaves of the distance, and of the bits of a coordinate.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{EmbeddedN, computed, no_answer, picture};
use crate::context::Context;
use crate::format;
use crate::worker::Answered;
use glasses_contract::config::Part;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Meeting;
use glasses_contract::say;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Answered<Meeting>>,
    n: usize,
}

impl Holder for Held {
    type Figure<'a> = plots::RoundingByN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let (meeting, model) = (&self.told.part, &self.told.origin.model);
        plots::RoundingByN { meeting, n: self.n, format: model.config.formats.name(meeting.format), model: format::model(model) }
    }
}

/// The heading and the figure. A click on an n shows the rest of the page at it.
#[component]
pub fn Rounding(page: Context) -> impl IntoView {
    let (state, meeting) = (page.state, page.engine.signals.answers.of::<question::Meeting>());
    let n = Memo::new(move |_| state.admitted.with(|config| config.input.n));
    let note = no_answer(page, question::Meeting);
    let picture = picture(meeting, move |told| Held { told, n: n.get() });
    let choose = move |n: usize| state.edit(|asked| asked.input.n = n);
    view! {
        <h2>{say!("One rounding at the end")}</h2>
        <p>{say!("The outputs as computed, and rounded once to the format. Below, the bits that it stores of one of their coordinates.")}</p>
        <FigureCanvas
            page
            name="rounding"
            topic=Topic::Meeting
            picture
            note
            computed=computed(meeting)
            on_choose=Callback::new(choose)
        />
        <EmbeddedN page part=Part::Rounding />
    }
}
