//! Cured models beside the plain one.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::collapse_table::{self, Lengths};
use crate::figure::picture::Holder;
use crate::figure::{computed, picture, refusal};
use crate::form::Field;
use crate::format;
use crate::worker::Answered;
use glasses_contract::config::{Formats, Metric};
use glasses_contract::locale::{later, tr};
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Comparison;
use glasses_contract::say;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

const TOO_LONG: &str = later("The sequence is too long here for its sensitivity to be compared: take a smaller n.");

struct ByN {
    told: Arc<Answered<Comparison>>,
    metric: Metric,
    n: usize,
}

impl Holder for ByN {
    type Figure<'a> = plots::CuresByN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::CuresByN { comparison: &self.told.part, metric: self.metric, n: self.n, model: format::model(&self.told.origin.model) }
    }
}

struct ByToken(Arc<Answered<Comparison>>);

impl Holder for ByToken {
    type Figure<'a> = plots::CuresByToken<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::CuresByToken { comparison: &self.0.part, model: format::model(&self.0.origin.model) }
    }
}

/// The choice of cures, their distances, their collapse lengths and their sensitivities.
#[component]
pub fn Cures(page: Context) -> impl IntoView {
    let (state, comparison) = (page.state, page.engine.signals.answers.of::<question::Comparison>());
    let metric = Memo::new(move |_| state.admitted.with(|config| config.view.metric));
    let n = Memo::new(move |_| state.admitted.with(|config| config.input.n));
    let inapplicable = state.inapplicable(question::Comparison);
    let refused = refusal(comparison);
    let note = Signal::derive(move || inapplicable.get().or_else(|| refused.get()));
    let is_too_long = move || comparison.with(|shown| shown.told.as_ref().is_some_and(|told| told.part.tokens.is_empty()));
    let by_token = Signal::derive(move || note.get().or_else(|| is_too_long().then(|| tr(TOO_LONG).into())));
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    let topic = Topic::Comparison;
    let lengths = move || comparison.with(|shown| shown.told.as_ref().map(|told| lengths(&told.part, &told.origin.model.config.formats)));
    view! {
        <Field page key="cures" />
        <p class="hint">
            {say!(
                "Each cure is applied alone, with its settings under “Attention”. Sequences, model size and seed stay the same."
            )}
        </p>
        <div class="pair">
            <div class="figure">
                <h3>{say!("Does it keep them apart?")}</h3>
                <FigureCanvas
                    page
                    name="cures-by-n"
                    topic
                    picture=picture(comparison, move |told| ByN { told, metric: metric.get(), n: n.get() })
                    note
                    computed=computed(comparison)
                    on_choose=choose
                />
            </div>
            <div class="figure">
                <h3>{say!("Does every token count?")}</h3>
                <FigureCanvas page name="cures-by-token" topic picture=picture(comparison, ByToken) note=by_token computed=computed(comparison) />
            </div>
        </div>
        <div class="lengths-place">{move || lengths().map(Lengths::view)}</div>
    }
}

fn lengths(comparison: &Comparison, formats: &Formats) -> Lengths {
    let most = comparison.n.last().copied().unwrap_or(0);
    // A comparison has one stage, the output.
    let output = |stages: &Vec<Option<usize>>| stages.first().copied().flatten();
    Lengths {
        caption: say!("Smallest n from which the outputs round to the same bits. “–”: not by n = {}.", most),
        corner: say!("model"),
        columns: comparison.rows.first().map(|row| collapse_table::names(formats, &row.collapse)).unwrap_or_default(),
        rows: comparison
            .rows
            .iter()
            .map(|row| (row.label.to_string(), row.collapse.iter().map(|collapse| output(&collapse.stages)).collect()))
            .collect(),
        last: None,
    }
}
