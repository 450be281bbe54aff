//! Tells when an element changes its size or comes into view.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};

/// Calls back with the element's width and height in CSS pixels, now and at every change, until the owner is gone.
pub fn size(element: &Element, on_change: impl Fn(f64, f64) + 'static) {
    let measured = element.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        let rect = measured.get_bounding_client_rect();
        on_change(rect.width(), rect.height());
    });
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        let kept = StoredValue::new_local((observer, callback));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    }
}

/// Calls back with whether the element is in view, now and at every change, until the owner is gone.
pub fn view(element: &Element, on_change: impl Fn(bool) + 'static) {
    let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        if let Ok(entry) = entries.at(-1).dyn_into::<IntersectionObserverEntry>() {
            on_change(entry.is_intersecting());
        }
    });
    if let Ok(observer) = IntersectionObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        let kept = StoredValue::new_local((observer, callback));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    }
}
