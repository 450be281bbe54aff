//! What a tab keeps for the page that is loaded in it next. Where the browser keeps nothing, nothing is kept.

use leptos::prelude::window;
use web_sys::Storage;

/// Keeps a text under a key.
pub fn keep(key: &str, text: &str) {
    if let Some(storage) = storage() {
        storage.set_item(key, text).unwrap_or_default();
    }
}

/// Takes what was kept under a key.
pub fn take(key: &str) -> Option<String> {
    let storage = storage()?;
    let text = storage.get_item(key).ok().flatten()?;
    storage.remove_item(key).ok()?;
    Some(text)
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
