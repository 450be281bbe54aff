//! A search for two sequences that the model can hardly tell apart: made when the reader says so, and not before.

use crate::browser::number::count;
use crate::context::Context;
use crate::format;
use crate::state::Action;
use crate::state::url;
use crate::ui::share::Copy;
use crate::worker::Answered;
use glasses_contract::config::{Formats, Metric};
use glasses_contract::locale::together;
use glasses_contract::question::{self, Ask, Topic};
use glasses_contract::report::Found;
use glasses_contract::{Choice, open, say};
use glasses_plots::number;
use leptos::prelude::*;
use std::sync::Arc;

/// The button, and what was found.
#[component]
pub fn Search(page: Context) -> impl IntoView {
    let (state, found) = (page.state, page.engine.signals.answers.of::<question::Search>());
    let is_under_way = Memo::new(move |_| {
        state.wanted.with(|wanted| wanted.as_ref().is_some_and(|wanted| wanted.searches))
            && is_stale(page)
            && !page.engine.signals.is_stopped.get()
    });
    let is_other = move || {
        let about = found.with(|shown| shown.told.as_ref().map(|told| told.origin.about.clone()));
        about.is_some_and(|about| state.admitted.with(|config| question::Search.key(config)) != about)
    };
    let search = move |_| {
        state.search();
        // The same search that was stopped goes on; for another one there is nothing to go on with.
        page.engine.go_on();
    };
    let refused = move || found.with(|shown| shown.refusal.clone());
    view! {
        <p class="hint">
            {say!(
                "Looks around A at n, and around random sequences with the same length and symbols: it tries every change of one symbol and every swap of two neighbours. The closest pair is then changed further as long as its last tokens come closer. The prefix and suffix stay the same."
            )}
        </p>
        <p>
            <button type="button" class="button" disabled=move || is_under_way.get() on:click=search>
                {move || if is_under_way.get() { say!("Searching…") } else { say!("Search") }}
            </button>
        </p>
        <p class="refusal" role="status">{refused}</p>
        <div class="found" aria-live="polite">
            {move || is_other().then(|| view! { <p class="hint">{say!("Found for different texts, or for a different model, than those on the page now.")}</p> })}
            {move || found.with(|shown| shown.told.clone()).map(|told| view! { <Pair page told /> })}
        </div>
    }
}

fn is_stale(page: Context) -> bool {
    page.engine.signals.stale.with(|stale| stale.contains(&Topic::Search))
}

#[component]
fn Pair(page: Context, told: Arc<Answered<Found>>) -> impl IntoView {
    let found = &told.part;
    let opened = found.link.clone();
    let open = move |_| page.state.apply(Action::Open(&opened));
    let given = found.link.clone();
    let address = Signal::derive(move || url::link_to(&open::decode(&given).0));
    let distances = [Metric::Linf, Metric::L1, Metric::L2, Metric::Cosine];
    let distance = |metric: Metric| view! { <dt>{metric.label()}</dt><dd>{number::short(found.distances.get(metric))}</dd> };
    view! {
        <dl class="facts">
            <dt class="text-a">"A"</dt>
            <dd><code class="found-text">{found.a.clone()}</code></dd>
            <dt class="text-b">"B"</dt>
            <dd><code class="found-text">{found.b.clone()}</code></dd>
            <dt>{say!("differ in")}</dt>
            <dd>{if found.differing == 1 { say!("1 symbol").into() } else { say!("{} symbols", count(found.differing)) }}</dd>
            {distances.map(distance).collect_view()}
            <dt>{say!("the same in")}</dt>
            <dd>{identical(found, &told.origin.model.config.formats)}</dd>
            <dt>{say!("next token")}</dt>
            <dd>{if found.same_next { say!("the same for both") } else { say!("not the same") }}</dd>
        </dl>
        <p class="hint">{together([progress(found), say!("{}.", format::model(&told.origin.model))])}</p>
        <p class="buttons">
            <button type="button" class="button" on:click=open>{say!("Open this pair")}</button>
            <Copy page text=address label=say!("Copy its link") />
        </p>
    }
}

fn identical(found: &Found, formats: &Formats) -> String {
    let same = &found.identical_in;
    if same.is_empty() { say!("no format: their bits differ in all").into() } else { formats.names(same) }
}

fn progress(found: &Found) -> String {
    let end = if found.finished { say!("No substitution brings them closer.") } else { say!("The search stopped before its end.") };
    together([end, &say!("{} sequences were read.", count(found.read))])
}
