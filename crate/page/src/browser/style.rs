//! The page's style tokens as the browser computes them, and a signal that says when they change.

use glasses_plots::Theme;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::CssStyleDeclaration;

/// The theme of the figures, which follows the system's choice of light or dark.
pub fn theme_signal() -> RwSignal<Theme> {
    let theme = RwSignal::new(current_theme());
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(query) = query {
        let on_change = Closure::<dyn FnMut()>::new(move || theme.set(current_theme()));
        // Without this the figures would keep their colors until the page is loaded again: no reason to stop.
        let _ = query.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref());
        on_change.forget();
    }
    theme
}

/// The theme as the document has it now.
pub fn current_theme() -> Theme {
    let style = root_style();
    Theme::from_tokens(|name| style.as_ref()?.get_property_value(name).ok())
}

/// How much larger than usual the page's type is, and never less than 1: presenting makes it larger, and so may a reader's browser.
pub fn type_zoom() -> f64 {
    /// The size of type where nobody asks for another, in CSS pixels.
    const USUAL: f64 = 16.0;
    let size = root_style().and_then(|style| style.get_property_value("font-size").ok());
    let pixels = size.and_then(|size| size.trim().strip_suffix("px")?.parse::<f64>().ok());
    pixels.map_or(1.0, |pixels| (pixels / USUAL).max(1.0))
}

fn root_style() -> Option<CssStyleDeclaration> {
    window().get_computed_style(&document().document_element()?).ok().flatten()
}

/// How many bitmap pixels make a CSS pixel: at least two, so that curves look smooth, and no more than an eye can tell.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(2.0, 3.0)
}
