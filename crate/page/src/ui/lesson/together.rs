//! The windows that give one lesson go together: the one that the room sees, and the one with the notes.

use super::notes::is_notes;
use crate::browser::channel::Channel;
use crate::context::Context;
use crate::state::Action;
use glasses_contract::config::Presenting;
use leptos::prelude::*;

/// Where the windows of this browser hear each other.
const NAME: &str = "glasses-lesson";

/// Keeps the step alike in all windows that take part. Tells whether the browser lets them.
pub fn follow(page: Context) -> Signal<bool> {
    let state = page.state;
    let takes_part =
        Memo::new(move |_| state.given() > 0 && state.asked.with(|asked| asked.frame.present == Presenting::On || is_notes(&asked.frame)));
    let heard = StoredValue::new(0_usize);
    let hear = move |said: String| {
        let Some((step, text)) = said.split_once(' ') else { return };
        let (step, lesson) = (step.parse().unwrap_or(0), state.lesson.get_untracked());
        if takes_part.get_untracked() && lesson.text == text && untrack(|| state.given()) != step {
            heard.set_value(step);
            state.apply(Action::GoToStep(&lesson, step));
        }
    };
    let channel = StoredValue::new_local(None::<Channel>);
    let is_open = RwSignal::new(true);
    Effect::new(move |before: Option<usize>| {
        let step = state.given();
        if !takes_part.get() {
            channel.set_value(None);
            return 0;
        }
        if channel.with_value(Option::is_none) {
            channel.set_value(Channel::open(NAME, hear));
            is_open.set(channel.with_value(Option::is_some));
        }
        // What another window said is not said back; nor is where a window begins.
        let is_told = heard.get_value() == step;
        heard.set_value(0);
        if !is_told && before.is_some_and(|before| before > 0 && before != step) {
            let said = state.lesson.with_untracked(|lesson| format!("{step} {}", lesson.text));
            channel.with_value(|channel| channel.iter().for_each(|channel| channel.say(&said)));
        }
        step
    });
    is_open.into()
}
