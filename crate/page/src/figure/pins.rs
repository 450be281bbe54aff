//! The pinned curves: a press keeps the curve that is drawn while texts and model change, another one opens what is pinned, or lets it go.

use super::refusal;
use crate::context::Context;
use glasses_contract::config::{Config, Input, Part, WeightsSource};
use glasses_contract::question;
use glasses_contract::{names, open, say};
use leptos::prelude::*;

/// The button that pins, and what is pinned.
#[component]
pub fn Pins(page: Context) -> impl IntoView {
    let state = page.state;
    let links = Memo::new(move |_| state.asked.with(|asked| asked.view.pinned.links().to_vec()));
    let here = Memo::new(move |_| state.asked.with(|asked| open::pin(&asked.experiment)));
    let cannot = Memo::new(move |_| {
        state.asked.with(|asked| {
            if asked.model.weights == WeightsSource::Own {
                Some(say!("Your own model can’t be pinned: no link holds its weights."))
            } else {
                (!asked.view.pinned.takes(&here.get())).then_some(say!("No more curves can be pinned: let one go first."))
            }
        })
    });
    let is_pinned = move || state.asked.with(|asked| asked.view.pinned.holds(&here.get()));
    let is_embedded = Memo::new(move |_| state.asked.with(|asked| asked.frame.embed != Part::Page));
    let press = move |_| {
        let link = here.get_untracked();
        state.choose(|asked| {
            asked.view.pinned.pin(&link);
        });
    };
    let refused = refusal(page.engine.signals.answers.of::<question::Pinned>());
    view! {
        <Show when=move || !is_embedded.get()>
            <div class="pins">
                <button
                    type="button"
                    class="button"
                    disabled=move || is_pinned() || cannot.with(Option::is_some)
                    title=move || cannot.get().unwrap_or(say!("Keeps this curve in the figure while you change the texts or the model."))
                    on:click=press
                >
                    {say!("Pin this curve")}
                </button>
                <For each=move || links.get() key=Clone::clone let:link>
                    <Pin page link />
                </For>
                <span class="hint" role="status">{move || refused.get().filter(|_| links.with(|links| !links.is_empty()))}</span>
            </div>
        </Show>
    }
}

/// One that is pinned: in what it is another than what is shown.
#[component]
fn Pin(page: Context, link: String) -> impl IntoView {
    let state = page.state;
    let (opened, let_go) = (link.clone(), link.clone());
    let label = Memo::new(move |_| {
        let differs = state.asked.with(|asked| names::difference(&open::pinned(&link, asked), asked));
        if differs.is_empty() { say!("as shown").to_owned() } else { differs.join(say!(", ")) }
    });
    view! {
        <span class="pin">
            <button type="button" class="link" title=say!("Shows what is pinned.") on:click=move |_| state.choose(|asked| show(asked, &opened))>
                {move || label.get()}
            </button>
            <button
                type="button"
                class="link away"
                aria-label=move || say!("Unpin: {}", label.get())
                on:click=move |_| state.choose(|asked| asked.view.pinned.unpin(&let_go))
            >
                "×"
            </button>
        </span>
    }
}

/// The sequences and the model of what is pinned, looked at as what was shown.
fn show(asked: &mut Config, link: &str) {
    let pinned = open::pinned(link, &asked.experiment);
    asked.input = Input { n: asked.input.n, ..pinned.input };
    asked.model = pinned.model;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pinned_is_shown_at_the_same_n_and_stays_pinned() {
        let mut asked = open::decode("v=1&a=10&n=7&max=90&layer=2&metric=l1").0;
        asked.view.pinned.pin("v=1&pos=rotary&b=1%5En0");
        let before = asked.clone();
        show(&mut asked, "v=1&pos=rotary&b=1%5En0");
        assert_eq!((asked.input.a.as_str(), asked.input.b.as_str(), asked.input.n, asked.input.max_n), ("1^n", "1^n0", 7, 90));
        assert_eq!(asked.view, before.view);
        assert_eq!(open::pin(&asked.experiment), "v=1&b=1%5En0&pos=rotary");
        let link = open::pin(&before.experiment);
        show(&mut asked, &link);
        assert_eq!(asked, before);
    }
}
