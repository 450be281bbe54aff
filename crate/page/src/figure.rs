//! The figures: each is a picture from the plots crate on a canvas, with what it needs around it.

mod canvas;
mod collapse_table;
mod export;
mod frame_queue;
mod gif;
mod picture;
mod shown;
mod sketchpad;
mod steering;
mod thumbnail;
mod tooltip;
mod viewport;

mod answers;
mod attention;
mod distance_by_layer;
mod distance_by_n;
mod likeness_by_n;
mod meeting;
mod next_tokens;
mod pins;
mod rounding;
mod sensitivity;
mod tools;

pub use answers::Answers;
pub use attention::Attention;
pub use distance_by_layer::DistanceByLayer;
pub use distance_by_n::DistanceByN;
pub use meeting::Meeting;
pub use next_tokens::NextTokens;
pub use rounding::Rounding;
pub use sensitivity::Sensitivity;
pub use thumbnail::{Pictures, Thumbnail};
pub use tools::Tools;

use crate::context::Context;
use crate::form::Slider;
use crate::worker::{Answered, Kept, Latest};
use glasses_contract::config::Part;
use glasses_contract::sequence;
use leptos::prelude::*;

/// n under a figure that stands alone in a frame of another page, where the texts are not beside it.
#[component]
fn EmbeddedN(page: Context, part: Part) -> impl IntoView {
    let is_alone = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.embed == part) && page.state.depends_on_n.get());
    let most = Memo::new(move |_| page.state.admitted.with(|config| config.input.max_n));
    view! { <Show when=move || is_alone.get()><Slider page key="n" most scope="embedded" /></Show> }
}

/// The value of n that an answer is of; none where nothing of what was asked depends on it.
fn n_of<T>(told: &Answered<T>) -> Option<usize> {
    sequence::n_of(&told.origin.about.input)
}

/// Why there is no answer to a question: why it can't be asked here, or why the newest has none.
fn no_answer<Q: Kept + Copy + Send + Sync + 'static>(page: Context, question: Q) -> Signal<Option<String>> {
    let (inapplicable, refusal) = (page.state.inapplicable(question), refusal(page.engine.signals.answers.of::<Q>()));
    Signal::derive(move || inapplicable.get().or_else(|| refusal.get()))
}

/// Why there is no answer to the newest question on a topic.
fn refusal<T: Send + Sync + 'static>(shown: RwSignal<Latest<T>>) -> Signal<Option<String>> {
    Signal::derive(move || shown.with(|shown| shown.refusal.clone()))
}
