//! The model's panel: what it is, what of it is not plain, and its controls behind that.

use crate::context::Context;
use crate::form::Field;
use crate::format;
use crate::ui::disclosure::Disclosure;
use glasses_contract::config::Model;
use glasses_contract::controls::{CONTROLS, Group};
use glasses_contract::locale::{later, tr};
use glasses_contract::{models, say};
use leptos::prelude::*;

/// A part of the panel: a fold with a line that says what is in it.
#[derive(Clone, Copy)]
struct Part {
    group: Group,
    title: &'static str,
    hint: &'static str,
    says: fn(&Model) -> String,
}

const PARTS: [Part; 3] = [
    Part {
        group: Group::Model,
        title: later("The model"),
        hint: later(
            "Pre-norm, decoder-only, one token a character. Random weights are drawn from the seed: the same seed is the same model on every device. Trained ones bring their shape with them.",
        ),
        says: |model| {
            let mut says = vec![format::shape(model), models::name(model).to_string()];
            says.extend(format::changed(Group::Model, model));
            says.join(say!(", "))
        },
    },
    Part {
        group: Group::Attention,
        title: later("Attention"),
        hint: later(
            "The formula, slot by slot: scores are capped, masked, scaled, given a sink, turned into weights, and mixed. The first choice of each is the plain transformer.",
        ),
        says: |model| join(format::changed(Group::Attention, model), say!("plain softmax, causal")),
    },
    Part {
        group: Group::Formats,
        title: later("Formats"),
        hint: later("Stored values are rounded to these formats; sums inside a matrix product stay in fp32."),
        says: |model| join(format::changed(Group::Formats, model), say!("fp32 throughout")),
    },
];

fn join(changed: Vec<String>, plain: &str) -> String {
    if changed.is_empty() { plain.into() } else { changed.join(say!(", ")) }
}

/// The model: every control of its groups, and what had to be replaced.
#[component]
pub fn ModelPanel(page: Context) -> impl IntoView {
    let model = Memo::new(move |_| page.state.admitted.with(|config| config.model.clone()));
    let part = |part: Part| {
        let fields = move || CONTROLS.iter().filter(move |control| control.group == part.group);
        let summary = move || {
            view! {
                <span class="fold-title">{tr(part.title)}</span>
                " "
                <span class="fold-value">{move || model.with(part.says)}</span>
            }
        };
        view! {
            <Disclosure summary>
                <p class="hint">{tr(part.hint)}</p>
                <div class="fields">{fields().map(|control| view! { <Field page key=control.key /> }).collect_view()}</div>
            </Disclosure>
        }
    };
    let replaced = move || page.state.replaced.get().into_iter().map(|warning| view! { <li>{warning.to_string()}</li> }).collect_view();
    view! {
        <div class="model">{PARTS.into_iter().map(part).collect_view()}</div>
        <ul class="replaced" role="status">{replaced}</ul>
    }
}
