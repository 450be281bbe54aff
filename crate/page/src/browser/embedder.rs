//! The page that shows this one in a frame, which hears the link of what is shown and may send another: docs/embedding.md is for its author.

// Here, and nowhere else: see clippy.toml.
#![allow(clippy::disallowed_methods)]

use super::optional;
use glasses_contract::link::MAX_LINK_CHARS;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Window;

/// What a message holds its link under, whichever way it goes: `{ glasses: "v=1&n=40" }`.
const KEY: &str = "glasses";

/// The window that this one is a frame of, if it is one.
#[derive(Clone)]
pub struct Embedder(Window);

impl Embedder {
    /// The window right above this one.
    pub fn find() -> Option<Self> {
        let own = window();
        let parent = own.parent().ok().flatten()?;
        (JsValue::from(&parent) != JsValue::from(own)).then_some(Self(parent))
    }

    /// Tells it a link. Whoever embeds a page is known to it by no address that could be named here, and its document ends with its frames.
    pub fn tell(&self, link: &str) {
        let message = Object::new();
        let told = Reflect::set(&message, &KEY.into(), &link.into()).and_then(|_| self.0.post_message(&message, "*"));
        // There is nobody else to tell that it can't be told.
        drop(told);
    }

    /// Calls back with each link that it sends. No other window is heard, and of this one nothing that is no link.
    pub fn hear(&self, on_link: impl Fn(&str) + 'static) {
        let parent = JsValue::from(&self.0);
        // For as long as the page is there.
        let _ = window_event_listener(leptos::ev::message, move |event| {
            if event.source().is_some_and(|source| *source == parent) {
                let sent = optional::get(&event.data(), KEY).and_then(|sent| sent.as_string());
                sent.iter().filter(|sent| is_link(sent)).for_each(|sent| on_link(sent));
            }
        });
    }
}

/// Whether a text is taken for a link: one that says its version, and no longer than a link that is read whole. What it holds is then read
/// as any link's is.
fn is_link(text: &str) -> bool {
    text.starts_with("v=") && text.len() <= MAX_LINK_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_link_that_says_its_version_and_is_no_longer_than_one() {
        let of = |length: usize| format!("v=1&a={}", "1".repeat(length - 6));
        for link in ["v=1", "v=1&n=40", "v=2&n=40", "v=one&n=x&%", of(MAX_LINK_CHARS).as_str()] {
            assert!(is_link(link), "{:.20}", link);
        }
        for text in ["", "v", "hello", "n=40", "#v=1", "https://example.org/#v=1", "javascript:v=1", of(MAX_LINK_CHARS + 1).as_str()] {
            assert!(!is_link(text), "{:.20}", text);
        }
    }
}
