//! The worker's global scope: the one file here that speaks with JavaScript.

// Here, and nowhere else: see clippy.toml.
#![allow(clippy::disallowed_methods)]

use glasses_contract::message::{self, Event, Request};
use glasses_contract::{Sentence, sentence};
use js_sys::{Function, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, Response};

/// How long to compute before messages that wait are looked at, in milliseconds.
const SLICE_MS: f64 = 25.0;
/// How long a message to oneself may take before a timer does instead, in milliseconds.
const TIMER_MS: f64 = 100.0;

thread_local! {
    static LAST_YIELD: Cell<f64> = const { Cell::new(0.0) };
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
pub fn on_request(mut receive: impl FnMut(Result<Request, Sentence>, Option<Blob>) + 'static) {
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
pub async fn fetch(address: &str) -> Result<Vec<u8>, Sentence> {
    let offline = |_| sentence!("The file {} could not be fetched: is this browser offline?", address);
    let response: Response = JsFuture::from(scope().fetch_with_str(address)).await.map_err(offline)?.unchecked_into();
    if !response.ok() {
        return Err(sentence!("The file {} could not be fetched: the server answered {}.", address, response.status()));
    }
    let bytes = JsFuture::from(response.array_buffer().map_err(offline)?).await.map_err(offline)?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// The bytes of a part of a file, which alone are in memory then.
///
/// # Errors
/// A sentence.
pub async fn part(file: &Blob, part: Range<u64>) -> Result<Vec<u8>, Sentence> {
    let part = file.slice_with_f64_and_f64(part.start as f64, part.end as f64).map_err(unreadable)?;
    whole(&part).await
}

/// All bytes of a file.
///
/// # Errors
/// A sentence.
pub async fn whole(file: &Blob) -> Result<Vec<u8>, Sentence> {
    Ok(js_sys::Uint8Array::new(&JsFuture::from(file.array_buffer()).await.map_err(unreadable)?).to_vec())
}

/// What is said of a file that can't be read any more.
pub fn unreadable(_: JsValue) -> Sentence {
    sentence!("The file could not be read: was it moved or changed after it was chosen?")
}

/// What comes of a future, or nothing where it takes longer than this. The future goes on unheard then: a browser that answers late after all
/// calls back, and needs somebody to call.
pub async fn within<T: 'static>(milliseconds: u32, future: impl Future<Output = T> + 'static) -> Option<T> {
    let answer = Rc::new(RefCell::new((None, None::<Waker>)));
    let coming = answer.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let value = future.await;
        let waker = {
            let mut answer = coming.borrow_mut();
            answer.0 = Some(value);
            answer.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    });
    // In short pieces: while the thread computes, an answer may wait as long as the timer does, and a timer that is over early is no silence.
    const PIECES: u32 = 20;
    for _ in 0..PIECES {
        let mut timer = JsFuture::from(sleep(milliseconds / PIECES));
        let came = poll_fn(|context| {
            let mut answer = answer.borrow_mut();
            if let Some(value) = answer.0.take() {
                return Poll::Ready(Some(value));
            }
            answer.1 = Some(context.waker().clone());
            Pin::new(&mut timer).poll(context).map(|_| None)
        });
        if let Some(value) = came.await {
            return Some(value);
        }
    }
    None
}

fn sleep(milliseconds: u32) -> Promise {
    Promise::new(&mut |resolve, _| {
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let _ = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    })
}

/// What became of a lock that was asked for.
pub enum Locked {
    /// It is held here, until this is called.
    Here(Function),
    /// Another tab holds it.
    Elsewhere,
    /// The browser has no locks here, or does not answer.
    Nowhere,
}

/// Takes a lock, if nobody has it.
pub async fn lock(name: &str) -> Locked {
    const PATIENCE_MS: u32 = 1_000;
    let request = || -> Option<(JsValue, Function)> {
        let locks = Reflect::get(&scope().navigator(), &"locks".into()).ok()?;
        let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        Some((locks, request))
    };
    let Some((locks, request)) = request() else { return Locked::Nowhere };
    let options = JsValue::from(js_sys::Object::new());
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    let mut release = None;
    // The lock is held for as long as this promise is not settled.
    let held = Promise::new(&mut |settle, _| release = Some(settle));
    let Some(release) = release else { return Locked::Nowhere };
    let asked = Promise::new(&mut |answer, _| {
        let (held, granted) = (held.clone(), answer.clone());
        let on_answer = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let _ = granted.call1(&JsValue::NULL, &lock.is_truthy().into());
            if lock.is_truthy() { held.into() } else { JsValue::UNDEFINED }
        });
        let requested = request.call3(&locks, &name.into(), &options, &on_answer);
        wasm_bindgen_futures::spawn_local(async move {
            let is_refused = match requested {
                Ok(requested) => JsFuture::from(Promise::resolve(&requested)).await.is_err(),
                Err(_) => true,
            };
            if is_refused {
                let _ = answer.call1(&JsValue::NULL, &JsValue::UNDEFINED);
            }
        });
    });
    match within(PATIENCE_MS, JsFuture::from(asked)).await.and_then(Result::ok).and_then(|answer| answer.as_bool()) {
        Some(true) => Locked::Here(release),
        Some(false) => Locked::Elsewhere,
        None => {
            // One that comes late is given back at once.
            let _ = release.call0(&JsValue::NULL);
            Locked::Nowhere
        }
    }
}

/// Whether the worker holds the lock of its name: see www/engine.js.
pub fn holds_lock() -> bool {
    Reflect::get(&js_sys::global(), &"holdsLock".into()).is_ok_and(|held| held.is_truthy())
}

/// Milliseconds of the worker's clock: one that never runs backwards where the browser has it, or else the time of day.
pub fn now() -> f64 {
    let read = property(&scope(), "performance").and_then(|performance| {
        let now = property(&performance, "now")?.dyn_into::<Function>().ok()?;
        now.call0(&performance).ok()?.as_f64()
    });
    read.unwrap_or_else(js_sys::Date::now)
}

/// A property that a browser may not have, or not let be read.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|found| !found.is_undefined() && !found.is_null())
}

/// Whether it has been a while since messages that wait were received.
pub fn is_time_to_yield() -> bool {
    now() - LAST_YIELD.get() >= SLICE_MS
}

/// Lets messages that wait be received, if it has been a while.
pub async fn yield_to_event_loop() {
    if !is_time_to_yield() {
        return;
    }
    let channel = MessageChannel::new().ok();
    let arrived = Promise::new(&mut |resolve, _| {
        // A message to oneself waits behind those that are there already, and, unlike a timer, is not held back.
        if let Some(channel) = &channel {
            channel.port1().set_onmessage(Some(&resolve));
            // Where it can't be sent, the timer comes.
            let _ = channel.port2().post_message(&JsValue::NULL);
        }
        let timer = property(&scope(), "setTimeout").and_then(|timer| timer.dyn_into::<Function>().ok());
        let is_set = timer.is_some_and(|timer| timer.call2(&scope(), &resolve, &TIMER_MS.into()).is_ok());
        if channel.is_none() && !is_set {
            // Nothing to wait for: it is not resolved by anybody else.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(arrived).await;
    channel.iter().for_each(|channel| channel.port1().close());
    LAST_YIELD.set(now());
}
