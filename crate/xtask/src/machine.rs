//! What tests need from the machine itself: browsers.

mod browser;
pub mod chromium;
mod debian;
pub mod firefox;

use std::path::PathBuf;

/// The first that is there.
fn existing(candidates: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    candidates.into_iter().find(|candidate| candidate.is_file())
}
