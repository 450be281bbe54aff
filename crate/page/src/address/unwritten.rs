//! What could not be written any more when the page went: a browser that loads it again goes to the address from before that.

use leptos::prelude::window;
use web_sys::Storage;

/// Keeps a fragment for whoever opens this very address next in this tab.
pub fn keep(fragment: &str) {
    if let (Some(storage), Some(key)) = (storage(), key()) {
        // A browser that keeps nothing keeps what the address says.
        storage.set_item(&key, fragment).unwrap_or_default();
    }
}

/// Takes what was kept for this address.
pub fn take() -> Option<String> {
    let (storage, key) = (storage()?, key()?);
    let fragment = storage.get_item(&key).ok().flatten()?;
    storage.remove_item(&key).ok()?;
    Some(fragment)
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn key() -> Option<String> {
    window().location().href().ok().map(|href| format!("unwritten {href}"))
}
