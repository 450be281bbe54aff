//! Pairs worth looking at, as buttons, and what to see in the one that is open.

use crate::page::Page;
use glasses_contract::presets::{PRESETS, Preset};
use glasses_contract::{Config, link};
use leptos::prelude::*;

/// The presets.
#[component]
pub fn Presets(page: Page) -> impl IntoView {
    let open = Memo::new(move |_| page.state.asked.with(|asked| PRESETS.iter().position(|preset| is_open(preset, asked))));
    let button = move |(index, preset): (usize, &'static Preset)| {
        view! {
            <button
                type="button"
                class="chip"
                title=preset.sentence
                aria-pressed=move || (open.get() == Some(index)).to_string()
                on:click=move |_| {
                    page.settle.run(());
                    page.state.open(preset.link);
                    page.settle.run(());
                }
            >
                {preset.title}
            </button>
        }
    };
    view! {
        <div class="chips">{PRESETS.iter().enumerate().map(button).collect_view()}</div>
        <p class="hint preset-sentence">{move || open.get().map_or("Your own pair. Choose one of these to start anew.", |index| PRESETS[index].sentence)}</p>
    }
}

/// Whether the state asks for what a preset asks, however it is looked at and on whatever device.
fn is_open(preset: &Preset, asked: &Config) -> bool {
    let (config, _) = link::decode(preset.link);
    (&config.input.a, &config.input.b) == (&asked.input.a, &asked.input.b)
        && Config { view: asked.view.clone(), input: glasses_contract::config::Input { n: asked.input.n, ..config.input }, ..config }
            == *asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_preset_is_the_only_one_that_its_link_opens() {
        for preset in PRESETS {
            let (mut config, _) = link::decode(preset.link);
            config.input.n += 1;
            config.view.head = 1;
            let open: Vec<_> = PRESETS.iter().filter(|preset| is_open(preset, &config)).map(|preset| preset.title).collect();
            assert_eq!(open, [preset.title]);
        }
    }
}
