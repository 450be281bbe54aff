//! The two sequences: what is typed, what it stands for, and n.

use super::draft::Draft;
use super::field::{Field, step};
use crate::page::Page;
use crate::preview::{self, Expanded, Shortened};
use crate::words;
use glasses_contract::config::Which;
use glasses_contract::controls::{self, CONTROLS, Group};
use glasses_contract::sequence::InputError;
use leptos::prelude::*;

/// Tokens that a preview shows at the most.
const MOST_TOKENS: usize = 48;

/// The controls that stand above the fold; the rest of their group follows below it.
const ABOVE: [&str; 3] = ["a", "b", "n"];

/// The two sequences.
#[component]
pub fn Sequences(page: Page) -> impl IntoView {
    let rest = CONTROLS.iter().filter(|control| control.group == Group::Sequences && !ABOVE.contains(&control.key));
    // What stands around both can't be folded away while it holds a mistake.
    let is_elsewhere = move || {
        let error = page.state.preview_a.with(|preview| preview.as_ref().err().cloned());
        error.filter(|error| !ABOVE.contains(&error.key.as_str()))
    };
    view! {
        <Sequence page which=Which::A key="a" />
        <Sequence page which=Which::B key="b" />
        <N page />
        <p class="refusal" role="status">{move || is_elsewhere().map(|error| error.to_string())}</p>
        <div class="folds">
            <details class="fold">
                <summary>"Around the sequences"</summary>
                <div class="fields">{rest.map(|control| view! { <Field page key=control.key /> }).collect_view()}</div>
            </details>
            <details class="fold">
                <summary>"Notation"</summary>
                <Notation />
            </details>
        </div>
    }
}

#[component]
fn Sequence(page: Page, which: Which, key: &'static str) -> impl IntoView {
    let control = controls::find(key)?;
    let draft = Draft::new(page, control);
    let preview = page.state.preview(which);
    let own_error = move || preview.with(|preview| preview.as_ref().err().filter(|error| error.key == key).cloned());
    let id = format!("field-{key}");
    let below = format!("{id}-below");
    Some(view! {
        <div class=format!("sequence sequence-{key}")>
            <label for=id.clone() title=control.help>{control.label}</label>
            <input
                id=id
                type="text"
                class="mono"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || (draft.refusal.with(Option::is_some) || own_error().is_some()).to_string()
                aria-describedby=below.clone()
                prop:value=move || draft.text.get()
                on:input=move |event| draft.enter(event_target_value(&event))
                on:blur=move |_| page.settle.run(())
            />
            <div class="below" id=below>
                {move || match (draft.refusal.get(), own_error()) {
                    (Some(refusal), _) => view! { <p class="refusal" role="status">{refusal}</p> }.into_any(),
                    (None, Some(error)) => mistake(&draft.text.get(), error).into_any(),
                    (None, None) => preview.with(|preview| preview.as_ref().ok().map(tokens)).into_any(),
                }}
            </div>
        </div>
    })
}

/// The tokens as the model reads them; the last one is marked, for it is the one that is compared.
fn tokens(expanded: &Expanded) -> impl IntoView + use<> {
    let count = expanded.tokens.len();
    let (last, before) = expanded.tokens.split_last().map_or((String::new(), &[][..]), |(last, before)| (last.clone(), before));
    let Shortened { head, hidden, tail } = preview::shorten(before, MOST_TOKENS);
    let gap = (hidden > 0).then(|| view! { <span class="gap" title=format!("{hidden} more")>"…"</span> });
    let plural = if count == 1 { "" } else { "s" };
    view! {
        <p class="preview">
            <code>{head.concat()}{gap}{tail.concat()}<mark title="the last token: its vector is the one that is compared">{last}</mark></code>
            " "
            <span class="count">{format!("{count} token{plural}")}</span>
        </p>
    }
}

fn mistake(text: &str, error: InputError) -> impl IntoView + use<> {
    let place = error.at.map(|at| {
        let (shown, caret) = preview::point_at(text, at);
        view! { <pre class="pointer" aria-hidden="true">{shown}"\n"{caret}</pre> }
    });
    let sentence = match error.at {
        Some(at) => format!("Character {}: {}", at + 1, error.sentence),
        None => error.sentence,
    };
    view! {
        {place}
        <p class="refusal" role="status">{words::sentence(&sentence)}</p>
    }
}

/// The slider goes as far as the sweep; the number beside it may go further.
#[component]
fn N(page: Page) -> impl IntoView {
    let control = controls::find("n")?;
    let draft = Draft::new(page, control);
    let most = Memo::new(move |_| page.state.admitted.with(|config| config.input.max_n));
    let value = Memo::new(move |_| page.state.admitted.with(|config| config.input.n));
    Some(view! {
        <div class="field slider">
            <label for="field-n" title=control.help>{control.label}</label>
            <input
                type="range"
                aria-label="n, as a slider"
                min="1"
                max=move || most.get().to_string()
                prop:value=move || value.get().to_string()
                on:input=move |event| draft.enter(event_target_value(&event))
                on:change=move |_| page.settle.run(())
            />
            <input
                id="field-n"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                title=control.help
                aria-invalid=move || draft.refusal.with(Option::is_some).to_string()
                aria-describedby="field-n-refusal"
                prop:value=move || draft.text.get()
                on:input=move |event| draft.enter(event_target_value(&event))
                on:keydown=move |event| step(&event, draft)
                on:blur=move |_| page.settle.run(())
            />
            <p class="refusal" id="field-n-refusal" role="status">{move || draft.refusal.get()}</p>
        </div>
    })
}

/// The notation by example, as in the contract's table.
#[component]
fn Notation() -> impl IntoView {
    const EXAMPLES: [(&str, &str); 6] = [
        ("1011", "these four symbols"),
        ("1^20", "twenty ones"),
        ("1^n, 1^(n+1), 1^(2n-1)", "repetition that grows with n"),
        ("(10)^n", "a group, repeated"),
        ("[0-9]^n", "n symbols drawn at random from the set"),
        ("1^n{,/3}", "a comma after every third repetition"),
    ];
    let row = |(text, meaning)| view! { <dt><code>{text}</code></dt><dd>{meaning}</dd> };
    view! {
        <dl class="notation">{EXAMPLES.map(row).collect_view()}</dl>
        <p class="hint">"To write one of ^ ( ) [ ] { } itself, put a \\ before it."</p>
    }
}
