//! How a task is answered at many lengths, and what is left there of the difference that the answer hangs on.

use crate::context::Context;
use crate::figure::canvas::FigureCanvas;
use crate::figure::refusal;
use crate::form::Field;
use crate::state::Action;
use glasses_contract::drawing::Drawing;
use glasses_contract::paper;
use glasses_contract::question::{self, Topic};
use glasses_contract::task::Task;
use glasses_contract::{presets, say};
use leptos::prelude::*;

/// The error over n, the distance of what must be told apart, and the answers that it likes, or a way to something that is asked.
#[component]
pub fn LengthGeneralization(page: Context) -> impl IntoView {
    let (state, lengths) = (page.state, page.engine.signals.answers.of::<question::LengthGeneralization>());
    let task = Memo::new(move |_| state.admitted.with(|config| config.input.task));
    let asks = Memo::new(move |_| task.get() != Task::None);
    let (note, inapplicable) = (refusal(lengths), state.inapplicable(question::LengthGeneralization));
    let ask = move |_| page.state.apply(Action::Open(presets::COUNTING));
    let choose = Callback::new(move |n: usize| state.edit(|asked| asked.input.n = n));
    let topic = Topic::LengthGeneralization;
    view! {
        <p class="about" hidden=move || asks.get()>
            {move || inapplicable.get()}
            " "
            <button type="button" class="button" on:click=ask>{say!("Ask a trained model to count ones")}</button>
        </p>
        <div class="fields" hidden=move || !asks.get()>
            <Field page key="beside" />
        </div>
        <div class="figure" hidden=move || !asks.get()>
            <h3>{say!("Right while the text is short")}</h3>
            <p>
                {say!(
                    "Sequences of up to 40 lengths, made for the question that is chosen beside the sequences. Dots are right, crosses are not; a click looks at a length. Where the paper has such a picture, its models’ answers lie behind: those are large models, ours is tiny."
                )}
            </p>
            <FigureCanvas page drawing=Drawing::Error topic note on_choose=choose />
        </div>
        <div class="figure" hidden=move || !asks.get()>
            <h3>{say!("How much of the difference is left")}</h3>
            <p>
                {say!(
                    "The distance, at the token that answers, of each sequence and its twin: the same sequence with the least change that changes the right answer, one more of what is counted or another symbol. Two that are closer than a format can tell apart are answered alike in it. A model may also go wrong while they are far apart: beyond the lengths that it was trained on, it never learned what to say."
                )}
            </p>
            <FigureCanvas page drawing=Drawing::Twin topic note on_choose=choose />
        </div>
        <div class="figure" hidden=move || !asks.get()>
            <h3>{say!("Its favourite answers")}</h3>
            <p>{say!("How often each answer was given over all these lengths, and how often it would have been right.")}</p>
            <FigureCanvas page drawing=Drawing::Histogram topic note />
            <p class="hint" hidden=move || !task.get().counts()>{favourites}</p>
        </div>
    }
}

/// What the paper's model liked to answer.
fn favourites() -> String {
    let times = |(answer, times): (u64, u64)| say!("{} ({} times)", answer, times);
    let answers = paper::favourites().into_iter().map(times).collect::<Vec<_>>().join(say!(", "));
    say!("Published (Fig. 4): over its four counting tasks, Gemini 1.5 most often answered {}.", answers)
}
