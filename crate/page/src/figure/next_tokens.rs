//! The two next-token distributions.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, n_of, picture, refusal};
use crate::context::Context;
use crate::format;
use crate::worker::Answered;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Pair;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held {
    told: Arc<Answered<Pair>>,
    n: Option<usize>,
}

impl Holder for Held {
    type Figure<'a> = plots::NextTokens<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::NextTokens { n: self.n, ..plots::NextTokens::new(&self.told.part, format::model(&self.told.origin.model)) }
    }
}

/// The figure.
#[component]
pub fn NextTokens(page: Context) -> impl IntoView {
    let pair = page.engine.signals.answers.of::<question::Pair>();
    let picture = picture(pair, |told| Held { n: n_of(&told), told });
    view! {
        <FigureCanvas page name="next-tokens" topic=Topic::Pair picture note=refusal(pair) computed=computed(pair) />
    }
}
