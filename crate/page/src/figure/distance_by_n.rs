//! The distance at every n.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, picture, refusal};
use crate::engine::{Told, Topic};
use crate::form::Field;
use crate::page::Page;
use crate::words;
use glasses_contract::config::Metric;
use glasses_contract::report::Sweep;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

const NOTHING_TO_SWEEP: &str = "Neither sequence changes with n, so there is nothing to sweep. Write 1^n, for instance, for n ones.";

struct Held {
    told: Arc<Told<Sweep>>,
    metric: Metric,
    n: usize,
}

impl Holder for Held {
    type Figure<'a> = plots::DistanceByN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        // Logarithmic, so that a fall like 1/n is a straight line.
        let x = plots::AxisKind::Log;
        plots::DistanceByN { x, ..plots::DistanceByN::new(&self.told.part, self.metric, self.n, words::model(&self.told.origin.model)) }
    }
}

/// The figure that the page begins with. A click on an n shows the rest of the page at it.
#[component]
pub fn DistanceByN(page: Page) -> impl IntoView {
    let (state, sweep) = (page.state, page.engine.says.sweep);
    let metric = Memo::new(move |_| state.admitted.with(|config| config.view.metric));
    let n = Memo::new(move |_| state.admitted.with(|config| config.input.n));
    let depends_on_n = Memo::new(move |_| state.wanted.with(|wanted| wanted.as_ref().is_none_or(|wanted| wanted.depends_on_n)));
    let refusal = refusal(sweep);
    let note = Signal::derive(move || if depends_on_n.get() { refusal.get() } else { Some(NOTHING_TO_SWEEP.into()) });
    let picture = picture(sweep, move |told| Held { told, metric: metric.get(), n: n.get() });
    let choose = move |n: usize| state.asked.update(|asked| asked.input.n = n);
    view! {
        <div class="tools">
            <Field page key="metric" />
        </div>
        <FigureCanvas
            page
            name="distance-by-n"
            topic=Topic::Sweep
            picture
            note
            computed=computed(sweep)
            on_choose=Callback::new(choose)
        />
    }
}
