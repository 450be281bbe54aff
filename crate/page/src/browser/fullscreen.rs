//! The whole screen for a presentation. A browser gives it for a press only; who does not get it presents in the window.

use super::optional;
use leptos::prelude::document;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// How long an answer is waited for that nothing depends on.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the page has the whole screen.
pub fn is_on() -> bool {
    optional::get(&document(), "fullscreenElement").is_some()
}

/// Asks for it.
pub fn enter() {
    if let Some(root) = document().document_element() {
        ask(&root, "requestFullscreen");
    }
}

/// Gives it back.
pub fn leave() {
    if is_on() {
        ask(&document(), "exitFullscreen");
    }
}

fn ask(object: &JsValue, method: &str) {
    if let Ok(promised) = optional::call(object, method, &[]) {
        spawn_local(async move { optional::answer(promised, PATIENCE).await.map(drop).unwrap_or_default() });
    }
}
