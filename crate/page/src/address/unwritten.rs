//! What could not be written any more when the page went: a browser that loads it again goes to the address from before that.

use leptos::prelude::window;
use web_sys::Storage;

/// Keeps a fragment for whoever opens this very address next in this tab.
pub fn keep(address: &str, fragment: &str) {
    if let Some(storage) = storage() {
        // In a browser that keeps nothing, the address is what it was.
        storage.set_item(&key(address), fragment).unwrap_or_default();
    }
}

/// Takes what was kept for this address.
pub fn take(address: &str) -> Option<String> {
    let (storage, key) = (storage()?, key(address));
    let fragment = storage.get_item(&key).ok().flatten()?;
    storage.remove_item(&key).ok()?;
    Some(fragment)
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn key(address: &str) -> String {
    format!("unwritten {address}")
}
