//! The worker's global scope: the one file here that speaks with JavaScript.

use glasses_contract::message::{self, Event, Request};
use js_sys::{Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, Response};

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

/// Calls back with every request from the page, for as long as the worker lives.
pub fn on_request(mut receive: impl FnMut(Result<Request, String>) + 'static) {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
        receive(message::from_bytes(&bytes));
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
    Here(js_sys::Function),
    /// Another tab holds it.
    Elsewhere,
    /// The browser has no locks here, or does not answer.
    Nowhere,
}

/// Takes a lock, if nobody has it.
pub async fn lock(name: &str) -> Locked {
    const PATIENCE_MS: u32 = 1_000;
    let request = || -> Option<(JsValue, js_sys::Function)> {
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
        let arrived = Promise::new(&mut |resolve, _| here.set_onmessage(Some(&resolve)));
        if there.post_message(&JsValue::NULL).is_ok() {
            let _ = JsFuture::from(arrived).await;
        }
        here.close();
    }
    LAST_BREATH.set(now());
}
