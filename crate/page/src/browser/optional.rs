//! What a browser may not have: a property or method that is missing, throws when it is so much as read, rejects, or never answers. Nothing
//! here throws; who asks goes on without, and says what is lost. tests/browser/conveniences.mjs lists all of them.

use super::error;
use glasses_contract::say;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property, where it is there and can be read.
pub fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|found| !found.is_undefined() && !found.is_null())
}

/// A property of the window.
pub fn of_window(name: &str) -> Option<JsValue> {
    get(&window(), name)
}

/// A property of the navigator.
pub fn of_navigator(name: &str) -> Option<JsValue> {
    get(&of_window("navigator")?, name)
}

/// Calls a method.
///
/// # Errors
/// What it throws, or that there is none.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method = get(object, name).and_then(|method| method.dyn_into::<Function>().ok());
    let method = method.ok_or_else(|| JsValue::from(say!("this browser has no {}", name)))?;
    method.apply(object, &arguments.iter().collect::<Array>())
}

/// Lets the browser do what waits: draw, and hear the reader.
pub async fn pause() {
    let woken = Promise::new(&mut |resolve, _| set_timeout(move || drop(resolve.call0(&JsValue::UNDEFINED)), Duration::ZERO));
    // It is never rejected.
    drop(JsFuture::from(woken).await);
}

/// Waits for an answer, and no longer than `patience`.
///
/// # Errors
/// A sentence: what it was rejected with, or that no answer came.
pub async fn answer(promised: JsValue, patience: Duration) -> Result<JsValue, String> {
    let mute = JsValue::from(say!("there was no answer within {} s", patience.as_secs()));
    let too_late = Promise::new(&mut |_, reject| {
        let mute = mute.clone();
        // Nobody waits for this any more where the answer came first, and nothing can be done where it can't be said.
        set_timeout(move || drop(reject.call1(&JsValue::UNDEFINED, &mute)), patience);
    });
    let first = Promise::race(&Array::of2(&promised, &too_late));
    JsFuture::from(first).await.map_err(|thrown| error::sentence(&thrown))
}
