//! The worker's global scope: the one file here that speaks with JavaScript.

use glasses_contract::message::{self, Event, Request};
use std::cell::Cell;
use std::ops::Range;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, Response};

/// How long to compute before messages that wait are looked at, in milliseconds.
const SLICE_MS: f64 = 25.0;

thread_local! {
    static LAST_BREATH: Cell<f64> = const { Cell::new(0.0) };
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends an event to the page. It can't fail but where the page is gone, and then nobody is left to tell.
pub fn send(event: &Event) {
    let bytes = js_sys::Uint8Array::from(message::to_bytes(event).as_slice());
    // Transferred, not copied: a large report changes owner.
    let _ = scope().post_message_with_transfer(&bytes, &js_sys::Array::of1(&bytes.buffer()));
}

/// Calls back with every request from the page, and the file that came with it, for as long as the worker lives.
pub fn on_request(mut receive: impl FnMut(Result<Request, String>, Option<Blob>) + 'static) {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // A request, or one and a file.
        let (bytes, file) = match event.data().dyn_into::<js_sys::Array>() {
            Ok(both) => (both.get(0), both.get(1).dyn_into().ok()),
            Err(bytes) => (bytes, None),
        };
        receive(message::from_bytes(&js_sys::Uint8Array::new(&bytes).to_vec()), file);
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
}

/// Fetches a file that stands beside the worker's own.
///
/// # Errors
/// A sentence.
pub async fn fetch(address: &str) -> Result<Vec<u8>, String> {
    let offline = |_| format!("The file {address} could not be fetched: is this browser offline?");
    let response: Response = JsFuture::from(scope().fetch_with_str(address)).await.map_err(offline)?.unchecked_into();
    if !response.ok() {
        return Err(format!("The file {address} could not be fetched: the server answered {}.", response.status()));
    }
    let bytes = JsFuture::from(response.array_buffer().map_err(offline)?).await.map_err(offline)?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// The bytes of a part of a file, which alone are in memory then.
///
/// # Errors
/// A sentence.
pub async fn part(file: &Blob, part: Range<u64>) -> Result<Vec<u8>, String> {
    let part = file.slice_with_f64_and_f64(part.start as f64, part.end as f64).map_err(unreadable)?;
    Ok(whole(&part).await?.to_vec())
}

/// A file's bytes, outside of the memory of this program, which never gives back what it has taken once.
///
/// # Errors
/// A sentence.
pub async fn whole(file: &Blob) -> Result<js_sys::Uint8Array, String> {
    Ok(js_sys::Uint8Array::new(&JsFuture::from(file.array_buffer()).await.map_err(unreadable)?))
}

fn unreadable(_: JsValue) -> String {
    "The file could not be read: was it moved or changed after it was chosen?".into()
}

/// Milliseconds of the worker's clock.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}

/// Lets messages that wait be received, if it has been a while.
pub async fn breathe() {
    if now() - LAST_BREATH.get() < SLICE_MS {
        return;
    }
    // A message to oneself waits behind those that are there already, and, unlike a timer, is not held back.
    if let Ok(channel) = MessageChannel::new() {
        let (here, there) = (channel.port1(), channel.port2());
        let arrived = js_sys::Promise::new(&mut |resolve, _| here.set_onmessage(Some(&resolve)));
        if there.post_message(&JsValue::NULL).is_ok() {
            let _ = JsFuture::from(arrived).await;
        }
        here.close();
    }
    LAST_BREATH.set(now());
}
