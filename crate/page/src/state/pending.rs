//! The URL fragment that was pending when the page went: a browser that loads it again goes to the address from before that.

use crate::browser::session;

/// Keeps a fragment for whoever opens this very address next in this tab.
pub fn keep(address: &str, fragment: &str) {
    session::keep(&key(address), fragment);
}

/// Takes what was kept for this address.
pub fn take(address: &str) -> Option<String> {
    session::take(&key(address))
}

fn key(address: &str) -> String {
    format!("unwritten {address}")
}
