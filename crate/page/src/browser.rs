//! What the page needs of a browser, in small pieces.

pub mod built;
pub mod clipboard;
pub mod error;
pub mod file;
pub mod keys;
pub mod number;
pub mod session;
pub mod style;
pub mod watch;

/// Milliseconds since the page was opened: a clock that never runs backwards.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
