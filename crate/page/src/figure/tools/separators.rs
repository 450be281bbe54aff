//! The distance for every period of separators.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::picture::Holder;
use crate::figure::{computed, picture, refusal};
use crate::format;
use crate::worker::Answered;
use glasses_contract::config::Metric;
use glasses_contract::paper::{self, PublishedCurve};
use glasses_contract::question::{self, Topic};
use glasses_contract::report::SeparatorMap;
use glasses_contract::say;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Answered<SeparatorMap>>,
    metric: Metric,
}

impl Holder for Held {
    type Figure<'a> = plots::SeparatorHeat<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let model = format::model(&self.told.origin.model);
        plots::SeparatorHeat { cells: plots::Cells::Caller, ..plots::SeparatorHeat::new(&self.told.part, self.metric, model) }
    }

    fn whole(&self) -> Self::Figure<'_> {
        plots::SeparatorHeat { cells: plots::Cells::Figure, ..self.figure() }
    }

    fn image(&self, theme: &plots::Theme) -> Option<plots::Image> {
        self.figure().image(theme)
    }
}

struct ByN {
    told: Arc<Answered<SeparatorMap>>,
    metric: Metric,
    k: usize,
    n: usize,
    published: Vec<PublishedCurve>,
}

impl Holder for ByN {
    type Figure<'a> = plots::SeparatorsByN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let (map, published, model) = (&self.told.part, &self.published[..], format::model(&self.told.origin.model));
        plots::SeparatorsByN { map, metric: self.metric, k: self.k, n: self.n, published, model }
    }
}

/// One period beside none, the map of all, the best period in a sentence, or a way to texts that have a period.
#[component]
pub fn Separators(page: Context) -> impl IntoView {
    let (state, separators) = (page.state, page.engine.signals.answers.of::<question::Separators>());
    let metric = Memo::new(move |_| state.admitted.with(|config| config.view.metric));
    let inapplicable = state.inapplicable(question::Separators);
    let has_period = move || inapplicable.with(Option::is_none);
    let write = move |_| state.choose(|asked| (asked.input.a, asked.input.b) = ("1^n{,/k}".into(), "1^(n+1){,/k}".into()));
    let (k, n) = (
        Memo::new(move |_| state.admitted.with(|config| config.input.k)),
        Memo::new(move |_| state.admitted.with(|config| config.input.n)),
    );
    let figure = Memo::new(move |_| state.admitted.with(|config| config.view.paper));
    let by_n = picture(separators, move |told| ByN {
        told,
        metric: metric.get(),
        k: k.get(),
        n: n.get(),
        published: paper::of_separators(figure.get()),
    });
    let beside = Signal::derive(move || by_n.get().filter(|_| has_period()));
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    let map = picture(separators, move |told| Held { told, metric: metric.get() });
    let shown = Signal::derive(move || map.get().filter(|_| has_period()));
    let note = refusal(separators);
    let best = move || {
        let told = separators.with(|shown| shown.told.clone()).filter(|_| has_period())?;
        Some(match told.part.best(metric.get()) {
            Some(k) => say!(
                "A separator after every {} keeps the two apart best, by the geometric mean of the distance over n.",
                plots::ordinal(k)
            ),
            None => say!("No period keeps the two apart at every n.").into(),
        })
    };
    view! {
        <p class="about" hidden=has_period>
            {move || inapplicable.get()}
            " "
            <button type="button" class="button" on:click=write>{say!("Write 1^n{,/k} and 1^(n+1){,/k}")}</button>
        </p>
        <div class="figure" hidden=move || !has_period()>
            <h3>{say!("Does it keep them apart?")}</h3>
            <FigureCanvas
                page
                name="separators-by-n"
                topic=Topic::Separators
                picture=beside
                note
                computed=computed(separators)
                on_choose=choose
            />
        </div>
        <div class="figure" hidden=move || !has_period()>
            <h3>{say!("Which period keeps them furthest apart?")}</h3>
            <FigureCanvas page name="separators" topic=Topic::Separators picture=shown note computed=computed(separators) />
            <p class="hint" role="status">{best}</p>
        </div>
    }
}
