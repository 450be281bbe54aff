//! The instruments below the main figures, one of them at a time: only the one that is shown is computed.

mod cures;
mod kept;
mod length_generalization;
mod paper;
mod search;
mod separators;
mod theory;
mod train;

use crate::browser::keys;
use crate::context::Context;
use glasses_contract::config::Tool;
use glasses_contract::{Choice, say};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The tabs and the instrument.
#[component]
pub fn Tools(page: Context) -> impl IntoView {
    let tool = Memo::new(move |_| page.state.asked.with(|asked| asked.view.tool));
    let choose = move |tool: Tool| page.state.choose(|asked| asked.view.tool = tool);
    let tab = move |this: Tool| {
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=format!("tab-{}", this.word())
                aria-controls="instrument"
                aria-selected=move || (tool.get() == this).to_string()
                tabindex=move || if tool.get() == this { "0" } else { "-1" }
                on:click=move |_| choose(this)
                on:keydown=move |event| {
                    if let Some(next) = keys::plain(&event).and_then(|key| led_to(&key, this)) {
                        event.prevent_default();
                        choose(next);
                        focus(next);
                    }
                }
            >
                {this.label()}
            </button>
        }
    };
    let instrument = move || match tool.get() {
        Tool::Theory => view! { <theory::Theory page /> }.into_any(),
        Tool::Cures => view! { <cures::Cures page /> }.into_any(),
        Tool::Separators => view! { <separators::Separators page /> }.into_any(),
        Tool::Search => view! { <search::Search page /> }.into_any(),
        Tool::Answers => view! { <length_generalization::LengthGeneralization page /> }.into_any(),
        Tool::Train => view! { <train::Train page /> }.into_any(),
        Tool::Paper => view! { <paper::Paper page /> }.into_any(),
    };
    view! {
        <div class="tabs" role="tablist" aria-label=say!("Instruments")>{Tool::ALL.iter().copied().map(tab).collect_view()}</div>
        <div class="instrument" id="instrument" role="tabpanel" aria-labelledby=move || format!("tab-{}", tool.get().word())>
            <p class="about">{move || tool.get().entry().help()}</p>
            {instrument}
        </div>
    }
}

/// The tab to which a key leads from another; it goes round at the ends.
fn led_to(key: &str, from: Tool) -> Option<Tool> {
    let (all, count) = (Tool::ALL, Tool::ALL.len());
    let at = all.iter().position(|tool| *tool == from)?;
    match key {
        "ArrowRight" => Some(all[(at + 1) % count]),
        "ArrowLeft" => Some(all[(at + count - 1) % count]),
        "Home" => Some(all[0]),
        "End" => Some(all[count - 1]),
        _ => None,
    }
}

fn focus(tool: Tool) {
    let tab = document().get_element_by_id(&format!("tab-{}", tool.word()));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Without it the keys stay where they were: no harm done.
        let _ = tab.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round() {
        assert_eq!(led_to("ArrowLeft", Tool::Theory), Some(Tool::Paper));
        assert_eq!(led_to("ArrowRight", Tool::Paper), Some(Tool::Theory));
        assert_eq!(led_to("Home", Tool::Search), Some(Tool::Theory));
        assert_eq!(led_to("a", Tool::Search), None);
    }
}
