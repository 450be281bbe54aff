//! Everything that touches the document: the form, the figures on their canvases, the address bar, and the line to the engines.
//!
//! Knows the contract and the plots, and neither the engine nor its libraries: numbers come as messages from a worker.

mod app;
mod context;

mod figure;
mod form;
mod format;
mod i18n;
mod language_model;
mod state;
mod ui;
mod worker;

mod browser;
mod panic;

fn main() {
    if panic::is_refused() {
        return;
    }
    panic::install();
    wasm_bindgen_futures::spawn_local(async {
        app::start().await;
        panic::started();
    });
}
