//! The two sequences: what is typed, what it stands for, and n.

use super::field::Field;
use super::keys::Keys;
use super::preview::{self, Shortened};
use super::readout::Readout;
use super::slider::Slider;
use super::text::{Line, Typed};
use crate::browser::number::count;
use crate::context::Context;
use crate::format;
use crate::state::{Action, completed, grown};
use crate::ui::disclosure::Disclosure;
use glasses_contract::alphabet::{BOS_LABEL, Characters};
use glasses_contract::config::Which;
use glasses_contract::controls::{self, CONTROLS, Group};
use glasses_contract::locale::{later, tr};
use glasses_contract::question;
use glasses_contract::quote::quote;
use glasses_contract::report::TokenTexts;
use glasses_contract::sequence::InputError;
use glasses_contract::{limits, pattern, say};
use leptos::prelude::*;

/// Tokens that a preview shows at the most.
const MOST_TOKENS: usize = 48;

/// The controls that stand above the fold; the rest of their group follows below it.
const ABOVE: [&str; 6] = ["a", "b", "n", "k", "task", "asked"];

/// The control that stands beside what it changes most: the answer of a language model.
const ELSEWHERE: &str = "chat";

/// The two sequences.
#[component]
pub fn Sequences(page: Context) -> impl IntoView {
    let rest =
        || CONTROLS.iter().filter(|control| control.group == Group::Sequences && control.key != ELSEWHERE && !ABOVE.contains(&control.key));
    // What stands around both can't be folded away while it holds a mistake.
    let is_elsewhere = move || {
        let error = page.state.preview_a.with(|preview| preview.as_ref().err().cloned());
        error.filter(|error| !ABOVE.contains(&error.key.as_str()))
    };
    let can_grow = Memo::new(move |_| page.state.asked.with(|asked| grown(&asked.input).is_some()));
    let most_n = Memo::new(move |_| page.state.admitted.with(|config| config.input.max_n));
    view! {
        <Sequence page which=Which::A key="a" />
        <Sequence page which=Which::B key="b" />
        <Readout page />
        // Its place stays, so that nothing moves while a text is typed; where there is no n, it can be had by one press.
        <div class="growth">
            <div style:visibility=move || (!page.state.depends_on_n.get()).then_some("hidden")>
                <Slider page key="n" most=most_n />
            </div>
            <Show when=move || !page.state.depends_on_n.get()>
                <p>
                    <button
                        type="button"
                        class="button"
                        title=say!("Repeats n times what both texts end in, and shows how far apart the two are at every n.")
                        disabled=move || !can_grow.get()
                        on:click=move |_| page.state.apply(Action::Grow)
                    >
                        {say!("Grow them")}
                    </button>
                </p>
            </Show>
        </div>
        <div hidden=move || !page.state.depends_on_k.get()>
            <Slider page key="k" most=Signal::derive(|| *limits::K.end()) />
        </div>
        <div class="fields">
            <Field page key="task" />
            <Field page key="asked" />
        </div>
        <p class="refusal" role="status">{move || is_elsewhere().map(|error| error.to_string())}</p>
        <div class="folds">
            <Disclosure summary=|| say!("Prefix and suffix")>
                <div class="fields">{rest().map(|control| view! { <Field page key=control.key /> }).collect_view()}</div>
            </Disclosure>
            <Disclosure summary=|| say!("Notation")>
                <Notation />
            </Disclosure>
        </div>
    }
}

#[component]
fn Sequence(page: Context, which: Which, key: &'static str) -> impl IntoView {
    let control = controls::find(key)?;
    let draft = page.drafts.of_control(control);
    let preview = page.state.preview(which);
    let own_error = move || preview.with(|preview| preview.as_ref().err().filter(|error| error.key == key).cloned());
    // While the reader types, what may yet become a pattern is no mistake.
    let is_typed = RwSignal::new(false);
    let hint = Memo::new(move |_| is_typed.get().then(|| draft.text.with(|text| completed(text))).flatten());
    let literal = Memo::new(move |_| draft.text.with(|text| pattern::literal(text)));
    let is_invalid = Signal::derive(move || own_error().is_some() && hint.with(Option::is_none));
    // The tokens of a language model are known once it has read the text.
    let unit = Memo::new(move |_| {
        page.state.admitted.with(|config| match config.input.characters {
            Characters::Alphabet => Unit::Token,
            Characters::Any => Unit::Character,
        })
    });
    let known = Memo::new(move |_| (unit.get() == Unit::Character).then(|| read_tokens(page, which)).flatten());
    let id = format!("field-{key}");
    let below = format!("{id}-below");
    Some(view! {
        <div class=format!("sequence sequence-{key}") on:focusin=move |_| is_typed.set(true) on:focusout=move |_| is_typed.set(false)>
            <label for=id.clone() title=control.help()>{control.label()}</label>
            <Line page draft id=id.clone() typed=Typed::Symbols described_by=below.clone() is_invalid />
            <Keys page draft field=id />
            <div class="below" id=below>
                {move || match (draft.refusal.get(), own_error()) {
                    (_, Some(_)) if hint.with(Option::is_some) => {
                        view! { <p class="hint unfinished" role="status">{say!("Go on, for instance: {}", hint.get().unwrap_or_default())}</p> }.into_any()
                    }
                    (Some(refusal), _) => view! { <p class="refusal" role="status">{refusal}</p> }.into_any(),
                    (None, Some(error)) => mistake(&draft.text.get(), error).into_any(),
                    (None, None) => view! {
                        {known.get().map_or_else(
                            || preview.with(|preview| preview.as_ref().ok().map(|labels| tokens(labels, labels.len(), unit.get()).into_any())),
                            |known| Some(tokens(&known.labels, known.count, Unit::Token).into_any()),
                        )}
                        {literal.get().map(|part| view! { <p class="hint literal" role="status">{taken_literally(&part)}</p> })}
                    }
                        .into_any(),
                }}
            </div>
        </div>
    })
}

/// What a preview is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Token,
    Character,
}

/// The tokens of a language model, where it is known how it reads what stands there now.
fn read_tokens(page: Context, which: Which) -> Option<TokenTexts> {
    let told = page.current::<question::Tokens>()?;
    Some(match which {
        Which::A => told.part.a.clone(),
        Which::B => told.part.b.clone(),
    })
}

/// The tokens as the model reads them; the last one is marked, for it is the one that is compared.
fn tokens(labels: &[String], number: usize, unit: Unit) -> impl IntoView + use<> {
    let (last, before) = labels.split_last().map_or((String::new(), &[][..]), |(last, before)| (last.clone(), before));
    let Shortened { head, hidden, tail } = preview::shorten(before, MOST_TOKENS);
    let hidden = hidden + number.saturating_sub(labels.len());
    let gap = (hidden > 0).then(|| view! { <span class="gap" title=say!("{} more", count(hidden))>"…"</span> });
    let number = match (unit, number) {
        (Unit::Token, 1) => say!("1 token").into(),
        (Unit::Token, _) => say!("{} tokens", count(number)),
        (Unit::Character, 1) => say!("1 character").into(),
        (Unit::Character, _) => say!("{} characters", count(number)),
    };
    // Tokens of several characters each are told apart by what stands between them.
    let is_apart = unit == Unit::Token && labels.iter().any(|label| label.chars().nth(1).is_some() && label != BOS_LABEL);
    let joined = |labels: &[String]| if is_apart { labels.iter().map(|label| format!("{label}·")).collect() } else { labels.concat() };
    let (head, tail) = (joined(head), joined(tail));
    view! {
        <p class="preview">
            <code>{head}{gap}{tail}<mark title=say!("the last token: its vector is the one that is compared")>{last}</mark></code>
            " "
            <span class="count">{number}</span>
        </p>
    }
}

/// What was meant as notation, perhaps, and is none there.
fn taken_literally(part: &str) -> String {
    let part = quote(part);
    if part.starts_with(['{', '}']) {
        say!("“{}” is read as text: a separator stands right behind a repetition, as in 1^n{,/3}.", part)
    } else {
        say!("“{}” is read as text: a group or a set has a ^ behind it, as in (10)^n.", part)
    }
}

fn mistake(text: &str, error: InputError) -> impl IntoView + use<> {
    let place = error.at.map(|at| {
        let (shown, caret) = preview::point_at(text, at);
        view! { <pre class="pointer" aria-hidden="true">{shown}"\n"{caret}</pre> }
    });
    let sentence = match error.at {
        Some(at) => say!("Character {}: {}", at + 1, error.sentence),
        None => error.sentence.to_string(),
    };
    view! {
        <div class="mistake">
            {place}
            // Two lines are in sight, and the rest once it is opened: nothing that stands below is covered.
            <div class="refusal" role="status">
                <details>
                    <summary>{format::sentence(&sentence)}</summary>
                </details>
            </div>
        </div>
    }
}

/// The notation by example, as in the contract's table.
#[component]
fn Notation() -> impl IntoView {
    const EXAMPLES: [(&str, &str); 8] = [
        ("1011", later("these four symbols")),
        ("1^20", later("twenty ones")),
        ("1^n, 1^(n+1), 1^(2n-1)", later("repetition that grows with n")),
        ("(10)^n", later("a group, repeated")),
        ("[0-9]^n", later("n symbols drawn at random from the set")),
        ("1^n{,/3}", later("a comma after every third repetition")),
        ("1^n{,/k}", later("after every k-th, with k beside the texts")),
        ("1^n{[a-z]/3}", later("a letter drawn at random instead of the comma")),
    ];
    let row = |(text, meaning)| view! { <dt><code>{text}</code></dt><dd>{tr(meaning)}</dd> };
    view! {
        <dl class="notation">{EXAMPLES.map(row).collect_view()}</dl>
        <p class="hint">{say!("To write one of ^ ( ) [ ] { } itself, put a \\ before it.")}</p>
    }
}
