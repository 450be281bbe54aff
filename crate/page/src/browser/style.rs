//! The page's style tokens as the browser computes them, and a signal that says when they change.

use glasses_plots::Theme;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

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
    let style = document().document_element().and_then(|root| window().get_computed_style(&root).ok().flatten());
    Theme::from_tokens(|name| style.as_ref()?.get_property_value(name).ok())
}

/// How many bitmap pixels make a CSS pixel: at least two, so that curves look smooth, and no more than an eye can tell.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(2.0, 3.0)
}
