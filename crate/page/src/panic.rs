//! What the reader sees when the page itself fails: a sentence in the place that index.html keeps for it.

use glasses_contract::say;
use leptos::prelude::document;

/// From here on a panic is seen by the reader, and not only in the console.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(say!("The page stopped because of a bug. The address holds everything you typed: reload the page to continue."));
    }));
}

/// The page stands: what www/boot.js watches for is over.
pub fn started() {
    if let Some(root) = document().document_element() {
        // It only decides who speaks of a fault.
        let _ = root.set_attribute("data-started", "");
    }
    if let Some(place) = document().get_element_by_id("starting") {
        // What was said of the start is over with it.
        let _ = place.set_attribute("hidden", "");
    }
}

/// Whether www/boot.js found something without which nothing here can work, and has said so.
pub fn is_refused() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-refused"))
}

fn show(sentence: &str) {
    if let Some(place) = document().get_element_by_id("fault") {
        place.set_text_content(Some(sentence));
        let _ = place.remove_attribute("hidden");
    }
}
