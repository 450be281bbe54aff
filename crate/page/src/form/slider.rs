//! A whole number with a slider beside it, for what is tried out: n, k, the depth.

use super::text::{Line, Typed};
use crate::context::Context;
use glasses_contract::{Config, controls, say};
use leptos::prelude::*;

/// The slider goes as far as `most`; the number beside it may go further.
#[component]
pub fn Slider(
    page: Context,
    key: &'static str,
    #[prop(into)] most: Signal<usize>,
    /// Where else on the page it stands.
    #[prop(optional)]
    scope: &'static str,
) -> impl IntoView {
    let control = controls::find(key)?;
    let draft = page.drafts.of_control(control);
    let value = Memo::new(move |_| page.state.admitted.with(|admitted| (control.write)(&Config::from(admitted.clone().into_inner()))));
    let id = if scope.is_empty() { format!("field-{key}") } else { format!("{scope}-{key}") };
    let refusal_id = format!("{id}-refusal");
    Some(view! {
        <div class="field slider">
            <label for=id.clone() title=control.help()>{control.label()}</label>
            <input
                type="range"
                aria-label=say!("{}, as a slider", control.label())
                min="1"
                max=move || most.get().to_string()
                prop:value=move || value.get()
                on:input=move |event| draft.enter(event_target_value(&event))
                on:change=move |_| page.state.commit()
            />
            <Line page draft id typed=Typed::Integer title=control.help() described_by=refusal_id.clone() />
            <p class="refusal" id=refusal_id role="status">{move || draft.refusal.get()}</p>
        </div>
    })
}
