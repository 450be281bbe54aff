//! What one rounding leaves of the distance, and of the bits of a coordinate.

use super::canvas::FigureCanvas;
use super::{EmbeddedN, no_answer};
use crate::context::Context;
use glasses_contract::config::Part;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::say;
use leptos::prelude::*;

/// The heading and the figure. A click on an n shows the rest of the page at it.
#[component]
pub fn Rounding(page: Context) -> impl IntoView {
    let state = page.state;
    let note = no_answer(page, question::Meeting);
    let choose = move |n: usize| state.edit(|asked| asked.input.n = n);
    view! {
        <h2>{say!("One rounding at the end")}</h2>
        <p>{say!("The outputs as computed, and rounded once to the format. Below, the bits that it stores of one of their coordinates.")}</p>
        <FigureCanvas
            page
            drawing=Drawing::Rounding
            topic=Topic::Meeting
            note
            on_choose=Callback::new(choose)
        />
        <EmbeddedN page part=Part::Rounding />
    }
}
