//! The line to a worker: it is started, spoken to and ended here, and nowhere else.

// Here, and nowhere else: see clippy.toml.
#![allow(clippy::disallowed_methods)]

use super::input::Ending;
use crate::browser::built;
use crate::browser::error;
use glasses_contract::device::DeviceKind;
use glasses_contract::message::{self, Event, Request};
use glasses_contract::say;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes back over the line.
pub enum WorkerMessage {
    /// A message.
    Event(Box<Event>),
    /// The browser will tell when the worker ends.
    Watched,
    /// Something that is no message of this version.
    Unreadable,
    /// The worker ended, or never began.
    Died(Ending),
}

/// A running worker. It ends when this is dropped.
pub struct WorkerHandle {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl WorkerHandle {
    /// Starts a worker; `hear` is called with everything that comes from it.
    ///
    /// # Errors
    /// A sentence, if the browser has no workers or forbids them.
    pub fn start(device: DeviceKind, hear: impl Fn(WorkerMessage) + 'static) -> Result<Self, String> {
        Self::begin(device, Rc::new(hear))
    }

    /// Compiled once, whoever hears: the page has several.
    fn begin(device: DeviceKind, hear: Rc<dyn Fn(WorkerMessage)>) -> Result<Self, String> {
        // The name of a lock that the worker holds for as long as it lives: see www/engine.js.
        let lock = format!("{}-{:x}", file(device), (js_sys::Math::random() * f64::from(u32::MAX)) as u64);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&lock);
        let worker = Worker::new_with_options(&starter(device), &options).map_err(|thrown| error::sentence(&thrown))?;

        let has_begun = Rc::new(Cell::new(false));
        let (say, began) = (hear.clone(), has_begun.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = message.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
            match message::from_bytes::<Event>(&bytes) {
                Ok(event) => {
                    began.set(true);
                    let holds_lock = matches!(event, Event::Ready { holds_lock: true, .. });
                    say(WorkerMessage::Event(Box::new(event)));
                    if holds_lock {
                        spawn_local(watch(lock.clone(), say.clone()));
                    }
                }
                Err(_) => say(WorkerMessage::Unreadable),
            }
        });
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            if event.type_() == "messageerror" {
                return hear(WorkerMessage::Unreadable);
            }
            let why = error::of_worker(&event);
            if has_begun.get() {
                return hear(WorkerMessage::Died(Ending::Crashed(why)));
            }
            // Browsers do not say why a script was not loaded: the page looks for itself.
            let hear = hear.clone();
            spawn_local(async move {
                let missing = missing(device).await;
                hear(WorkerMessage::Died(missing.unwrap_or(Ending::Crashed(why))));
            });
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request.
    ///
    /// # Errors
    /// A sentence, if the worker can't be reached.
    pub fn post(&self, request: &Request) -> Result<(), String> {
        self.send(&Uint8Array::from(message::to_bytes(request).as_slice()))
    }

    /// Sends a request with a file, whose bytes stay where they are until the worker reads them.
    ///
    /// # Errors
    /// A sentence, if the worker can't be reached.
    pub fn post_with(&self, request: &Request, file: &File) -> Result<(), String> {
        let bytes: JsValue = Uint8Array::from(message::to_bytes(request).as_slice()).into();
        self.send(&Array::of2(&bytes, file))
    }

    fn send(&self, message: &JsValue) -> Result<(), String> {
        self.worker.post_message(message).map_err(|thrown| error::sentence(&thrown))
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

/// How the names of the worker's files begin.
pub fn file(device: DeviceKind) -> String {
    built::name(match device {
        DeviceKind::Cpu => "engine-cpu",
        DeviceKind::WebGpu => "engine-webgpu",
    })
}

/// The address of the script that starts a worker.
fn starter(device: DeviceKind) -> String {
    format!("./{}.js?{}", built::name("engine-starter"), file(device))
}

/// What is the matter with the files that a worker is started from, if anything is.
pub async fn missing(device: DeviceKind) -> Option<Ending> {
    let file = file(device);
    for address in [starter(device), format!("./{file}_loader.js"), format!("./{file}.js"), format!("./{file}_bg.wasm")] {
        match built::look(&address).await {
            Ok(200..=299) => {}
            Ok(status @ (404 | 410)) => return Some(Ending::Gone(say!("the server answered {}.", status))),
            Ok(status) => return Some(Ending::Unreachable(say!("the server answered {}.", status))),
            Err(thrown) => return Some(Ending::Unreachable(error::sentence(&thrown))),
        }
    }
    None
}

/// Waits for the lock that the worker holds: it comes free when the worker ends, however it ends, and not while it is merely busy. Says so
/// once the browser confirms that it is waited for; where it can't, or does not answer, the client goes by the time that passes.
async fn watch(lock: String, hear: Rc<dyn Fn(WorkerMessage)>) {
    let is_over = Rc::new(Cell::new(false));
    let (heard, over) = (hear.clone(), is_over.clone());
    let on_free = Closure::once_into_js(move || {
        if !over.replace(true) {
            heard(WorkerMessage::Died(Ending::Crashed(say!("it was ended from outside.").into())));
        }
    });
    let Some(waiting) = ask_locks("request", &[lock.as_str().into(), on_free]) else { return };
    let refused = is_over.clone();
    spawn_local(async move {
        // A refusal is no end.
        if JsFuture::from(waiting).await.is_err() {
            refused.set(true);
        }
    });
    let Some(asked) = ask_locks("query", &[]) else { return };
    let Ok(locks) = JsFuture::from(asked).await else { return };
    let pending = Reflect::get(&locks, &"pending".into()).ok().and_then(|pending| pending.dyn_into::<Array>().ok()).unwrap_or_default();
    let is_ours = |entry: JsValue| Reflect::get(&entry, &"name".into()).ok().and_then(|name| name.as_string()).as_ref() == Some(&lock);
    if !is_over.get() && pending.iter().any(is_ours) {
        hear(WorkerMessage::Watched);
    }
}

/// Calls a method of the browser's locks, which may be missing, or throw.
fn ask_locks(method: &str, values: &[JsValue]) -> Option<Promise> {
    let locks = Reflect::get(&web_sys::window()?.navigator(), &"locks".into()).ok()?;
    let method: Function = Reflect::get(&locks, &method.into()).ok()?.dyn_into().ok()?;
    let answer = method.apply(&locks, &values.iter().collect()).ok()?;
    Some(Promise::resolve(&answer))
}
