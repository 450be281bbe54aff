//! The two next-token distributions.

use super::canvas::FigureCanvas;
use super::picture::Holder;
use super::{computed, picture, refusal};
use crate::context::Context;
use crate::format;
use crate::worker::Answered;
use glasses_contract::question::{self, Topic};
use glasses_contract::report::Pair;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

struct Held(Arc<Answered<Pair>>);

impl Holder for Held {
    type Figure<'a> = plots::NextTokens<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::NextTokens::new(&self.0.part, format::model(&self.0.origin.model))
    }
}

/// The figure.
#[component]
pub fn NextTokens(page: Context) -> impl IntoView {
    let pair = page.engine.signals.answers.of::<question::Pair>();
    view! {
        <FigureCanvas page name="next-tokens" topic=Topic::Pair picture=picture(pair, Held) note=refusal(pair) computed=computed(pair) />
    }
}
