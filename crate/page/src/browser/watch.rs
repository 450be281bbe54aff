//! Tells when an element changes its size or comes into view, and when a media query comes to match.

use super::optional;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, MediaQueryList, ResizeObserver};

/// How often an element is measured in a browser that does not tell of its size.
const MEASURED: Duration = Duration::from_millis(500);

/// Calls back with the element's width and height in CSS pixels, now and at every change, until the owner is gone.
pub fn size(element: &Element, on_change: impl Fn(f64, f64) + 'static) {
    let measured = element.clone();
    let last = Cell::new((0.0, 0.0));
    let measure = Rc::new(move || {
        let rect = measured.get_bounding_client_rect();
        let size = (rect.width(), rect.height());
        if last.replace(size) != size {
            on_change(size.0, size.1);
        }
    });
    measure();
    // A browser that observes says so once at the beginning. Until it has, or where it never does, the element is measured now and then.
    let again = measure.clone();
    let timer = Rc::new(Cell::new(set_interval_with_handle(move || again(), MEASURED).ok()));
    let ended = timer.clone();
    let end_timer = move || ended.take().iter().for_each(IntervalHandle::clear);
    let observed = end_timer.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        observed();
        measure();
    });
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
    observer.iter().for_each(|observer| observer.observe(element));
    let kept = StoredValue::new_local((observer, callback, end_timer));
    on_cleanup(move || {
        kept.with_value(|(observer, _, end_timer)| {
            observer.iter().for_each(ResizeObserver::disconnect);
            end_timer();
        });
    });
}

/// Calls back with whether the element is in view, now and at every change, until the owner is gone. In a browser that does not tell, it is
/// never called.
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

/// Whether a media query matches, now and from here on; where the browser does not tell, it does not.
pub fn matching(query: &str) -> Signal<bool> {
    let list = optional::call(&window(), "matchMedia", &[query.into()]).and_then(|list| list.dyn_into::<MediaQueryList>());
    let is_matching = RwSignal::new(list.is_ok_and(|list| list.matches()));
    media(query, move |matches| is_matching.set(matches));
    is_matching.into()
}

/// Calls back with whether a media query matches, at every change from here on.
pub fn media(query: &str, on_change: impl Fn(bool) + 'static) {
    let list = optional::call(&window(), "matchMedia", &[query.into()]).and_then(|list| list.dyn_into::<MediaQueryList>());
    let Ok(list) = list else { return };
    let asked = list.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || on_change(asked.matches()));
    if list.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref()).is_ok() {
        // For as long as the page is there.
        on_change.forget();
    }
}
