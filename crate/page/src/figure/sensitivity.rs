//! The sensitivity to every token.

use super::canvas::FigureCanvas;
use super::refusal;
use super::shown::looked_at;
use crate::context::Context;
use crate::form::Field;
use glasses_contract::chapters;
use glasses_contract::config::Part;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::say;
use glasses_plots::View;
use leptos::prelude::*;

/// The figure: an estimate while the reader types, exact after a pause where that is not too much.
#[component]
pub fn Sensitivity(page: Context) -> impl IntoView {
    let sensitivity = page.engine.signals.answers.of::<question::Sensitivity>();
    // In a chapter one thing at a time: the bars first, and what theory says of them once it is asked for.
    let chosen = RwSignal::new(None::<bool>);
    let tells =
        Memo::new(move |_| page.state.asked.with(|asked| chapters::chapter(asked.frame.at).is_some() && asked.frame.embed == Part::Page));
    let theory = Memo::new(move |_| !tells.get() || chosen.get().unwrap_or(false));
    let note = refusal(sensitivity);
    let stays = move || sensitivity.with(|latest| latest.unrefined.clone()).filter(|_| note.with(Option::is_none));
    view! {
        <div class="tools">
            <Field page key="show" />
            <Field page key="units" />
            <Show when=move || tells.get()>
                <label class="hint">
                    <input
                        type="checkbox"
                        prop:checked=move || theory.get()
                        on:change=move |event| chosen.set(Some(event_target_checked(&event)))
                    />
                    {say!("With theory")}
                </label>
            </Show>
        </div>
        <FigureCanvas
            page
            drawing=Drawing::Sensitivity
            topic=Topic::Sensitivity
            picture=looked_at(page, Drawing::Sensitivity, move |view| View { theory: theory.get(), ..view })
            note
        />
        <p class="hint" role="status">{move || stays().map(|why| say!("This stays an estimate: {}", why))}</p>
    }
}
