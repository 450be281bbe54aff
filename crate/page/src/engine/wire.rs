//! The line to a worker: it is started, spoken to and ended here, and nowhere else.

use crate::browser::built;
use crate::browser::error;
use glasses_contract::device::DeviceKind;
use glasses_contract::message::{self, Event, Request};
use glasses_contract::say;
use js_sys::{Array, Function, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes back over the line.
pub enum Heard {
    /// A message, and whether the worker's end will be noticed.
    Event(Box<Event>, bool),
    /// Something that is no message of this version.
    Unreadable,
    /// The worker ended: why, as a sentence.
    Died(String),
}

/// A running worker. It ends when this is dropped.
pub struct Wire {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl Wire {
    /// Starts a worker; `hear` is called with everything that comes from it.
    ///
    /// # Errors
    /// A sentence, if the browser has no workers or forbids them.
    pub fn start(device: DeviceKind, hear: impl Fn(Heard) + 'static) -> Result<Self, String> {
        // The name of a lock that the worker holds for as long as it lives: see www/engine.js.
        let lock = format!("{}-{:x}", file(device), (js_sys::Math::random() * f64::from(u32::MAX)) as u64);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&lock);
        let address = format!("./{}.js?{}", built::name("engine-starter"), file(device));
        let worker = Worker::new_with_options(&address, &options).map_err(|thrown| error::sentence(&thrown))?;

        let hear = Rc::new(hear);
        let (say, died) = (hear.clone(), hear.clone());
        let mut watched = false;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let bytes = message.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
            match message::from_bytes::<Event>(&bytes) {
                Ok(event) => {
                    if matches!(event, Event::Ready { .. }) {
                        watched = watch(&lock, died.clone());
                    }
                    say(Heard::Event(Box::new(event), watched));
                }
                Err(_) => say(Heard::Unreadable),
            }
        });
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            hear(if event.type_() == "messageerror" { Heard::Unreadable } else { Heard::Died(error::of_worker(&event)) });
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

impl Drop for Wire {
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

/// Waits for the lock that the worker holds: it comes free when the worker ends, however it ends, and not while it is merely busy.
/// Returns whether the browser can do that; it can't where the page is not served securely.
fn watch(lock: &str, hear: Rc<impl Fn(Heard) + 'static>) -> bool {
    let request = || -> Option<(JsValue, Function)> {
        let locks = Reflect::get(&web_sys::window()?.navigator(), &"locks".into()).ok()?;
        let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        Some((locks, request))
    };
    let Some((locks, request)) = request() else { return false };
    let on_free = Closure::once_into_js(move || hear(Heard::Died(say!("it was ended from outside.").into())));
    request.call2(&locks, &lock.into(), &on_free).is_ok()
}
