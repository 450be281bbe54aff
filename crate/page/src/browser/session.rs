//! What a tab keeps for the page that is loaded in it next. Where the browser keeps nothing, nothing is kept.

use super::optional;
use wasm_bindgen::JsValue;

/// Keeps a text under a key.
pub fn keep(key: &str, text: &str) {
    drop(call("setItem", &[key.into(), text.into()]));
}

/// Takes what was kept under a key.
pub fn take(key: &str) -> Option<String> {
    let text = call("getItem", &[key.into()])?.as_string()?;
    call("removeItem", &[key.into()])?;
    Some(text)
}

fn call(method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    optional::call(&optional::of_window("sessionStorage")?, method, arguments).ok()
}
