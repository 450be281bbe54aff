//! The engine's thread in the browser: requests in, events out, one request at a time, the newest wins.
//!
//! Thin on purpose: what is computed lives in the engine, what is said lives in the contract.

#![cfg_attr(not(target_arch = "wasm32"), allow(unused))]

#[cfg(target_arch = "wasm32")]
mod claim;
#[cfg(target_arch = "wasm32")]
mod constructors;
#[cfg(target_arch = "wasm32")]
mod files;
mod inbox;
#[cfg(target_arch = "wasm32")]
mod kept;
mod lease;
#[cfg(target_arch = "wasm32")]
mod opening;
#[cfg(target_arch = "wasm32")]
mod scope;
#[cfg(target_arch = "wasm32")]
mod service;
mod store;
#[cfg(target_arch = "wasm32")]
mod training;

#[cfg(target_arch = "wasm32")]
fn main() {
    constructors::run();
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(service::serve());
}

/// There is no worker outside a browser; the workspace still builds.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
