//! The two next-token distributions.

use super::canvas::FigureCanvas;
use super::refusal;
use crate::context::Context;
use crate::form::Field;
use crate::format;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::{self, Said};
use glasses_contract::say;
use leptos::prelude::*;

/// The figure.
#[component]
pub fn NextTokens(page: Context) -> impl IntoView {
    let pair = page.engine.signals.answers.of::<question::Pair>();
    view! {
        <FigureCanvas page drawing=Drawing::NextTokens topic=Topic::Pair note=refusal(pair) />
        <Field page key="chat" />
        <Continued page />
    }
}

/// What a language model writes behind both texts, token by token as it comes.
#[component]
fn Continued(page: Context) -> impl IntoView {
    let step = |said: &Said| {
        let likely = said.tokens.iter().zip(&said.probabilities).map(|(token, &share)| format!("{token} {}", format::percent(share)));
        let title = likely.collect::<Vec<_>>().join(", ");
        view! { <span class="token" title=title>{said.tokens.first().cloned().unwrap_or_default()}</span> }
    };
    let line = move |label: &'static str, continued: &report::Continued| {
        let goes_on = (!continued.ended).then_some("…");
        view! {
            <dt>{label}</dt>
            <dd>{continued.steps.iter().map(step).collect_view()}{goes_on}</dd>
        }
    };
    move || {
        page.current::<question::Continuation>().map(|told| {
            view! {
                <dl class="continued">
                    {line(say!("After A it writes"), &told.part.a)} {line(say!("After B it writes"), &told.part.b)}
                </dl>
            }
        })
    }
}
