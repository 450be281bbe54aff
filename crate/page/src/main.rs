//! Everything that touches the document: the form, the figures on their canvases, the address bar, and the line to the engines.
//!
//! Knows the contract and the plots, and neither the engine nor its libraries: numbers come as messages from a worker.

mod page;

mod address;
mod engine;
mod figure;
mod fold;
mod form;
mod gallery;
mod lesson;
mod model;
mod notes;
mod notices;
mod places;
mod presets;
mod preview;
mod share;
mod stage;
mod state;
mod status_bar;
mod story;
mod training;
mod undo;
mod words;

mod browser;
mod fault;

fn main() {
    if fault::is_refused() {
        return;
    }
    fault::install();
    wasm_bindgen_futures::spawn_local(async {
        page::start().await;
        fault::started();
    });
}
