//! The controls that a figure follows, above it where it is as large as the window: those of the page, a second time.

use crate::browser::{keys, watch};
use crate::context::Context;
use crate::form::{Picker, Slider};
use glasses_contract::drawing::Drawing;
use glasses_contract::limits;
use leptos::children::ViewFn;
use leptos::html;
use leptos::prelude::*;

/// What the ids and names of the controls begin with: the page has each of them elsewhere.
const SCOPE: &str = "large";

/// The controls of a kind of figure, where what they change is there to be changed.
#[component]
pub fn Steering(page: Context, drawing: Drawing) -> impl IntoView {
    let state = page.state;
    let follows = move |key| drawing.controls().contains(&key);
    let most_n = Memo::new(move |_| state.admitted.with(|config| config.input.max_n));
    let layers = Memo::new(move |_| state.admitted.with(|config| config.model.layers));
    let heads = Memo::new(move |_| state.admitted.with(|config| config.model.heads));
    let slider = move |key, most: Signal<usize>| view! { <Slider page key most scope=SCOPE /> }.into_any();
    let most = |most: &usize| Signal::stored(*most);
    view! {
        {move || (follows("n") && state.depends_on_n.get()).then(|| slider("n", most_n.into()))}
        {move || (follows("k") && state.depends_on_k.get()).then(|| slider("k", most(limits::K.end())))}
        {follows("depth").then(|| slider("depth", most(limits::DEPTH.end())))}
        {follows("layer").then(|| view! { <Picker page key="layer" count=layers scope=SCOPE /> })}
        {follows("head").then(|| view! { <Picker page key="head" count=heads scope=SCOPE /> })}
    }
}

/// The place of the controls, over the head of the window; `height` follows how much of it they take, in CSS pixels.
#[component]
pub fn SteeringBar(controls: ViewFn, height: RwSignal<f64>, leave: Callback<()>) -> impl IntoView {
    let bar = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(bar) = bar.get() {
            watch::size(&bar, move |_, is| height.set(is));
        }
    });
    view! {
        <div
            class="steering"
            node_ref=bar
            on:keydown=move |event| if keys::plain(&event).as_deref() == Some("Escape") {
                event.prevent_default();
                leave.run(());
            }
        >
            {controls.run()}
        </div>
    }
}
