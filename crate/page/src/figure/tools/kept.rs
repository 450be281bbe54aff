//! What else is kept of training: a line for each run and each finished model beside those that are shown.

use crate::browser::number::count;
use crate::context::Context;
use crate::format;
use glasses_contract::message::{Kept, KeptStage};
use glasses_contract::recipe::training_config;
use glasses_contract::{open, say};
use leptos::prelude::*;

/// The other runs and models.
#[component]
pub fn Others(page: Context) -> impl IntoView {
    let training = page.training;
    // Another tab may have kept something since.
    training.recall();
    let own = Memo::new(move |_| {
        training.own.with(|own| own.recipe().map(|recipe| open::encode(&training_config(&open::decode(&recipe.link).0))))
    });
    let asked = Memo::new(move |_| page.state.admitted.with(|config| open::encode(&training_config(config))));
    let others = Memo::new(move |_| {
        let is_busy = training.is_busy();
        let is_shown = |kept: &Kept| match kept.stage {
            // The buttons above are about the recipe of the form, and about a run that is under way.
            KeptStage::Run => asked.with(|asked| *asked == kept.link) || is_busy && training.is_of(&kept.link),
            KeptStage::Model => own.with(|own| own.as_ref() == Some(&kept.link)),
        };
        training.kept.with(|kept| kept.iter().filter(|kept| !is_shown(kept)).cloned().collect::<Vec<_>>())
    });
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <div class="kept">
                <p class="hint">{say!("Also kept here:")}</p>
                <ul>
                    <For each=move || others.get() key=|kept| (kept.link.clone(), kept.stage == KeptStage::Run, kept.steps) let:kept>
                        <Line page kept />
                    </For>
                </ul>
            </div>
        </Show>
    }
}

/// What it is, what can be done with it, and its recipe.
#[component]
fn Line(page: Context, kept: Kept) -> impl IntoView {
    let training = page.training;
    let is_busy = move || training.is_busy();
    let (config, _) = open::decode(&kept.link);
    let (shape, of) = (format::shape(&config.model), config.training.steps);
    let (is, does) = match kept.stage {
        KeptStage::Run => (say!("A run, {}: {} of {} steps.", shape, count(kept.steps), count(of)), say!("Go on")),
        KeptStage::Model => (say!("A model, {}: {} steps.", shape, count(kept.steps)), say!("Use this one")),
    };
    let (link, stage, recipe) = (kept.link.clone(), kept.stage, kept.link.clone());
    // Another recipe in the form does not change the one of the run.
    let take_up = move |_| match stage {
        KeptStage::Run => training.train(config.clone(), link.clone()),
        KeptStage::Model => training.choose(link.clone()),
    };
    view! {
        <li>
            <span class="hint">{is} " " <code translate="no">{recipe}</code></span>
            <span class="buttons">
                <button type="button" class="button" disabled=is_busy on:click=take_up>{does}</button>
                <button type="button" class="button" disabled=is_busy on:click=move |_| training.forget(&kept)>{say!("Forget it")}</button>
            </span>
        </li>
    }
}
