//! Pairs worth looking at, as buttons by group, and what to see in the one that is open.

use crate::context::Context;
use crate::state::Action;
use glasses_contract::config::{Tool, View};
use glasses_contract::presets::{Group, PRESETS, Preset};
use glasses_contract::{Config, open, say};
use leptos::prelude::*;

/// The presets.
#[component]
pub fn Presets(page: Context) -> impl IntoView {
    let states = states();
    let open = Memo::new(move |_| page.state.asked.with(|asked| open_preset(&states, asked)));
    let group = RwSignal::new(open.get_untracked().map_or(Group::Collapse, |index| PRESETS[index].group));
    // A preset that is opened elsewhere, such as from an instrument, shows its group.
    Effect::new(move || open.get().into_iter().for_each(|index| group.set(PRESETS[index].group)));
    let segment = move |this: Group| {
        view! {
            <label class="segment">
                <input type="radio" name="preset-group" prop:checked=move || group.get() == this on:change=move |_| group.set(this) />
                <span>{this.label()}</span>
            </label>
        }
    };
    let button = move |(index, preset): (usize, &'static Preset)| {
        view! {
            <button
                type="button"
                class="chip"
                title=preset.sentence()
                aria-pressed=move || (open.get() == Some(index)).to_string()
                on:click=move |_| {
                    page.state.apply(Action::Open(preset.link));
                    if page.state.asked.with_untracked(|asked| !matches!(asked.view.tool, Tool::Theory | Tool::Answers)) {
                        page.scroll_target.set(Some("[data-part=instruments]".into()));
                    }
                }
            >
                {preset.title()}
            </button>
        }
    };
    let buttons = move || {
        let group = group.get();
        PRESETS.iter().enumerate().filter(|(_, preset)| preset.group == group).map(button).collect_view()
    };
    view! {
        <fieldset class="field" aria-label=say!("What the pairs are about")>
            <div class="segments">{Group::ALL.map(segment).collect_view()}</div>
        </fieldset>
        <div class="chips presets">{buttons}</div>
        <p class="hint preset-sentence">
            {move || open.get().map_or_else(|| say!("You've edited the pair. Pick an example to start over."), |index| PRESETS[index].sentence())}
        </p>
    }
}

/// The state behind each preset.
fn states() -> Vec<Config> {
    PRESETS.iter().map(|preset| open::decode(preset.link).0).collect()
}

/// The preset that the state asks for, however it is looked at and on whatever device: of those that fit, the one that says most.
fn open_preset(states: &[Config], asked: &Config) -> Option<usize> {
    let fitting = states.iter().enumerate().filter(|(_, config)| is_asked(config, asked));
    fitting.max_by_key(|&(index, _)| PRESETS[index].link.len()).map(|(index, _)| index)
}

/// Whether the state asks for the same model and sequences, and for the instrument and the picture if the preset names one.
fn is_asked(config: &Config, asked: &Config) -> bool {
    let plain = View::default();
    let (own, its) = (&config.view, &asked.view);
    let is_looked_at = (own.tool == plain.tool || own.tool == its.tool) && (own.paper == plain.paper || own.paper == its.paper);
    let input = glasses_contract::config::Input { n: asked.input.n, ..config.input.clone() };
    is_looked_at && config.model == asked.model && input == asked.input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_preset_is_the_one_that_its_link_opens_wherever_one_looks() {
        let states = states();
        for (index, preset) in PRESETS.iter().enumerate() {
            let mut config = states[index].clone();
            config.input.n += 1;
            config.view.head = 1;
            assert_eq!(open_preset(&states, &config), Some(index), "{}", preset.title);
        }
    }
}
