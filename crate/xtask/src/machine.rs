//! What tests need from the machine itself: a browser.

pub mod chromium;
mod debian;
