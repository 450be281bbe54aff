//! One field of the form, for any control: its label, its help, what can be entered, and why something was refused.

use super::text::{Line, Typed};
use crate::context::Context;
use glasses_contract::controls::{self, Control, Kind};
use glasses_contract::locale::together;
use glasses_contract::{Config, Word, say};
use leptos::prelude::*;

/// More alternatives than this are a list that opens; fewer stand side by side.
const MOST_SIDE_BY_SIDE: usize = 4;

/// The field of the control with this key.
#[component]
pub fn Field(
    page: Context,
    key: &'static str,
    /// What the ids of its elements begin with: a control may have a field in two places.
    #[prop(default = "field")]
    scope: &'static str,
) -> impl IntoView {
    controls::find(key).map(|control| field(page, control, scope))
}

/// A whole number out of few, as a row of buttons from 1: quick to click through.
#[component]
pub fn Picker(
    page: Context,
    key: &'static str,
    #[prop(into)] count: Signal<usize>,
    /// Where it stands, if another one of the control may stand elsewhere.
    #[prop(default = "pick")]
    scope: &'static str,
    /// Whether the mean over all is meant, where that is a choice too.
    #[prop(optional)]
    is_mean: Option<RwSignal<bool>>,
) -> impl IntoView {
    let control = controls::find(key)?;
    let current = Memo::new(move |_| page.state.admitted.with(|admitted| (control.write)(&Config::from(admitted.clone().into_inner()))));
    let draft = page.drafts.of_control(control);
    let wants_mean = move || is_mean.is_some_and(|is_mean| is_mean.get());
    let choose = move |number: Option<usize>| {
        if let Some(is_mean) = is_mean {
            is_mean.set(number.is_none());
        }
        if let Some(number) = number {
            draft.enter((number + 1).to_string());
        }
    };
    let option = move |number: Option<usize>| {
        let is_chosen = move || match number {
            None => wants_mean(),
            Some(number) => !wants_mean() && current.with(|current| *current == number.to_string()),
        };
        view! {
            <label class="segment">
                <input type="radio" name=format!("{scope}-{key}") prop:checked=is_chosen on:change=move |_| choose(number) />
                <span>{number.map_or_else(|| say!("mean").into(), |number| (number + 1).to_string())}</span>
            </label>
        }
    };
    let options = move || is_mean.map(|_| None).into_iter().chain((0..count.get()).map(Some));
    Some(view! {
        <fieldset class="field">
            <legend>{control.label()}</legend>
            <div class="segments">{move || options().map(option).collect_view()}</div>
        </fieldset>
    })
}

fn field(page: Context, control: &'static Control, scope: &str) -> AnyView {
    // A parameter of a choice that was not made has no place in the form, nor has a choice that the weights leave nobody.
    let is_absent = Memo::new(move |_| page.state.asked.with(|asked| !(control.matters)(asked)));
    view! { <div hidden=move || is_absent.get()>{input(page, control, scope)}</div> }.into_any()
}

fn input(page: Context, control: &'static Control, scope: &str) -> AnyView {
    let id = format!("{scope}-{}", control.key);
    match &control.kind {
        Kind::Words(words) if words.len() <= MOST_SIDE_BY_SIDE => segments(page, control, words, id).into_any(),
        Kind::Words(words) => list(page, control, words, id).into_any(),
        Kind::Members(words) => {
            let chips = words.iter().skip(1).map(|entry| Chip {
                label: entry.label(),
                help: entry.help(),
                is_in: Box::new(move |config| (control.write)(config).split(',').any(|word| word == entry.word)),
                toggle: Box::new(move |config| toggle(control, config, entry.word)),
            });
            many(page, control, id, chips.collect()).into_any()
        }
        Kind::Integer { .. } | Kind::Number { .. } | Kind::Text { .. } | Kind::Long { .. } | Kind::Links { .. } | Kind::Hash => {
            line(page, control, id).into_any()
        }
    }
}

/// Alternatives side by side.
fn segments(page: Context, control: &'static Control, words: &'static [Word], id: String) -> impl IntoView {
    let draft = page.drafts.of_control(control);
    let name = id.clone();
    let option = move |word: &'static Word| {
        let is_chosen = move || draft.text.with(|text| text == word.word);
        view! {
            <label class="segment" title=word.help()>
                <input
                    type="radio"
                    name=name.clone()
                    value=word.word
                    prop:checked=is_chosen
                    on:change=move |_| draft.choose(word.word.into())
                />
                <span>{word.label()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field" id=id>
            <legend title=control.help()>{control.label()}</legend>
            <div class="segments">{words.iter().map(option).collect_view()}</div>
        </fieldset>
    }
}

/// Alternatives in a list that opens.
fn list(page: Context, control: &'static Control, words: &'static [Word], id: String) -> impl IntoView {
    let draft = page.drafts.of_control(control);
    let options = words.iter().map(|word| view! { <option value=word.word title=word.help()>{word.label()}</option> }).collect_view();
    view! {
        <div class="field">
            <label for=id.clone() title=control.help()>{control.label()}</label>
            <select
                id=id
                prop:value=move || draft.text.get()
                on:change=move |event| draft.choose(event_target_value(&event))
            >
                {options}
            </select>
        </div>
    }
}

/// One of several that can be chosen together.
struct Chip {
    label: &'static str,
    help: &'static str,
    is_in: Box<dyn Fn(&Config) -> bool + Send + Sync>,
    toggle: Box<dyn Fn(&mut Config)>,
}

/// Takes a word into a list of some, or out of it.
fn toggle(control: &Control, config: &mut Config, word: &str) {
    let mut words: Vec<String> = (control.write)(config).split(',').map(String::from).collect();
    match words.iter().position(|known| known == word) {
        Some(at) => drop(words.remove(at)),
        None => words.push(word.into()),
    }
    // Only words of the list are ever joined.
    control.read(config, &words.join(",")).unwrap_or_default();
}

/// Any number of some, each to be pressed in or out.
fn many(page: Context, control: &'static Control, id: String, chips: Vec<Chip>) -> impl IntoView {
    let chip = move |chip: Chip| {
        let Chip { label, help, is_in, toggle } = chip;
        let is_in = Memo::new(move |_| page.state.asked.with(|asked| is_in(asked)));
        view! {
            <button
                type="button"
                class="chip"
                title=help
                aria-pressed=move || is_in.get().to_string()
                on:click=move |_| page.state.choose(|asked| toggle(asked))
            >
                {label}
            </button>
        }
    };
    view! {
        <fieldset class="field" id=id>
            <legend title=control.help()>{control.label()}</legend>
            <div class="chips wrapped">{chips.into_iter().map(chip).collect_view()}</div>
        </fieldset>
    }
}

/// A line to type into: a number or a text.
fn line(page: Context, control: &'static Control, id: String) -> impl IntoView {
    let draft = page.drafts.of_control(control);
    let typed = match control.kind {
        Kind::Integer { .. } => Typed::Integer,
        Kind::Number { .. } => Typed::Number,
        _ => Typed::Symbols,
    };
    let refusal_id = format!("{id}-refusal");
    let title = together([control.help(), &say!("Takes {}.", control.takes())]);
    view! {
        <div class="field" class:number=typed != Typed::Symbols>
            <label for=id.clone() title=control.help()>{control.label()}</label>
            <Line page draft id typed title described_by=refusal_id.clone() />
            <p class="refusal" id=refusal_id role="status">{move || draft.refusal.get()}</p>
        </div>
    }
}
