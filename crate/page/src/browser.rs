//! What the page needs of a browser, in small pieces.

pub mod built;
pub mod channel;
pub mod clipboard;
pub mod embedder;
pub mod error;
pub mod file;
pub mod fullscreen;
pub mod idle;
pub mod keys;
pub mod number;
pub mod optional;
pub mod pieces;
pub mod print;
pub mod private_files;
pub mod session;
pub mod style;
pub mod watch;

/// Milliseconds of a clock: one that never runs backwards where the browser has it, or else the time of day.
pub fn now_ms() -> f64 {
    let read = optional::of_window("performance").and_then(|performance| optional::call(&performance, "now", &[]).ok());
    read.and_then(|now| now.as_f64()).unwrap_or_else(js_sys::Date::now)
}
