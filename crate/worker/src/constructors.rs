//! What has to run before all else: the functions by which crates below burn register what they have (see build.rs).

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Runs them. Where the module has none, which is the CPU engine, there is nothing to run.
pub fn run() {
    let constructors = Reflect::get(&wasm_bindgen::exports(), &"__wasm_call_ctors".into()).and_then(JsCast::dyn_into::<Function>);
    if let Ok(constructors) = constructors {
        constructors.call0(&JsValue::UNDEFINED).map(drop).unwrap_or_default();
    }
}
