//! What the paper's statements say of the two sequences.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::refusal;
use crate::figure::shown::looked_at;
use crate::figure::steering::Steering;
use crate::form::{Picker, Slider};
use crate::state::Action;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::{limits, presets, say};
use glasses_plots::View;
use leptos::prelude::*;

/// All attention from the tokens to the answer, of one head or the mean. A token is followed once it is pointed at, and a click chooses
/// its layer.
#[component]
fn FromTokensToAnswer(page: Context) -> impl IntoView {
    let theory = page.engine.signals.answers.of::<question::Theory>();
    let head = Memo::new(move |_| page.state.admitted.with(|config| config.view.head));
    let heads = Memo::new(move |_| page.state.admitted.with(|config| config.model.heads));
    let is_mean = RwSignal::new(true);
    let followed = RwSignal::new(None);
    let size = move || {
        theory.with_untracked(|shown| shown.told.as_ref().map(|told| (told.part.anatomy.layers.len(), told.part.anatomy.shown.len())))
    };
    let follow = Callback::new(move |reading: usize| {
        let token = size().map(|(_, tokens)| reading % tokens.max(1));
        if followed.get_untracked() != token {
            followed.set(token);
        }
    });
    let choose = Callback::new(move |reading: usize| {
        let Some((layers, tokens)) = size() else { return };
        // The uppermost row is the last layer.
        page.state.edit(|asked| asked.view.layer = layers.saturating_sub(1 + reading / tokens.max(1)));
    });
    let look = move |view| View { head: (!is_mean.get()).then(|| head.get()), followed: followed.get(), ..view };
    view! {
        <div class="figure">
            <h3>{say!("The anatomy: from the tokens to the answer")}</h3>
            <p>
                {say!(
                    "Point at a token to follow it, or walk with the arrow keys; a click on a layer chooses it everywhere. All that the answer can read is the last column: a token gets there on many paths, and each layer leaves less of it on each (over-squashing, the paper's Figure 1b)."
                )}
                " "
                {say!(
                    "The bound in the sensitivity above sums over them, as in the proof of Theorem 5.1 (B.5), with α/β₁ + δ on each step; the paper's main text has α/β₂ + δ, and its statement (α + δ)/β."
                )}
            </p>
            <div class="tools">
                <Picker page key="head" count=heads scope="anatomy" is_mean />
            </div>
            <FigureCanvas
                page
                drawing=Drawing::Paths
                topic=Topic::Theory
                picture=looked_at(page, Drawing::Paths, look)
                note=refusal(theory)
                on_choose=choose
                on_read=follow
                steering=move || view! {
                    <Steering page drawing=Drawing::Paths />
                    <Picker page key="head" count=heads scope="large-anatomy" is_mean />
                }
            />
        </div>
    }
}

/// The anatomy, total variation, and the limit of many layers.
#[component]
pub fn Theory(page: Context) -> impl IntoView {
    let theory = page.engine.signals.answers.of::<question::Theory>();
    let topic = Topic::Theory;
    // A click on a depth looks at it.
    let choose = Callback::new(move |depth: usize| page.state.edit(|asked| asked.view.depth = depth));
    view! {
        <FromTokensToAnswer page />
        <div class="figure">
            <h3>{say!("How far the two attend differently")}</h3>
            <p>
                {say!(
                    "Lemma B.2: where this vanishes as n grows, so does the distance. It does so without positions, and with those that fade with distance; with others, 1010… and 0101… never meet. With scores of 0 and 1 they would keep to the dashed line."
                )}
            </p>
            <FigureCanvas page drawing=Drawing::Variation topic note=refusal(theory) />
        </div>
        <div class="tools">
            <Slider page key="depth" most=Signal::derive(|| *limits::DEPTH.end()) />
        </div>
        <div class="pair">
            <div class="figure">
                <h3>{say!("The first token’s share in deep models")}</h3>
                <p>{say!("Proposition 5.2: with every layer, more of what reaches the end came from the first token.")}</p>
                <FigureCanvas page drawing=Drawing::FirstToken topic note=refusal(theory) on_choose=choose />
            </div>
            <div class="figure">
                <h3>{say!("Each token's share at that depth")}</h3>
                <p>{say!("The last row of the same matrix product, token by token.")}</p>
                <FigureCanvas page drawing=Drawing::Shares topic note=refusal(theory) />
            </div>
        </div>
        <p class="about">
            {say!(
                "Proposition 6.1: without positions and without a causal mask only the ratio of counts survives, so that 10 and 1100 are one and the same."
            )}
            " "
            <button type="button" class="button" on:click=move |_| page.state.apply(Action::Open(presets::RATIO))>{say!("Show 10 = 1100")}</button>
        </p>
    }
}
