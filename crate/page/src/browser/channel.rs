//! A channel between the windows of this browser that show the page, where the browser has one.

use super::optional;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

/// An open channel; it closes when this is dropped.
pub struct Channel {
    channel: JsValue,
    _hear: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of a name; `hear` is called with what other windows say. None where the browser has none that can be spoken to.
    pub fn open(name: &str, hear: impl Fn(String) + 'static) -> Option<Self> {
        let constructor: Function = optional::of_window("BroadcastChannel")?.dyn_into().ok()?;
        let channel = Reflect::construct(&constructor, &Array::of1(&name.into())).ok()?;
        optional::get(&channel, "postMessage")?;
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| event.data().as_string().into_iter().for_each(&hear));
        Reflect::set(&channel, &"onmessage".into(), hear.as_ref()).ok()?;
        Some(Self { channel, _hear: hear })
    }

    /// Says something to all others.
    pub fn say(&self, text: &str) {
        drop(optional::call(&self.channel, "postMessage", &[text.into()]));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        drop(optional::call(&self.channel, "close", &[]));
    }
}
