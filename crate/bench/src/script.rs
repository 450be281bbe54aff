//! The engine for a script that times it beside other runtimes: `openGlasses(link)` promises an object whose functions promise numbers.
//!
//! | function | promises |
//! |---|---|
//! | `forward(tokens)` | the last token's output y, d numbers |
//! | `jacobian(tokens)` | ‖∂y_n/∂x⁰_i‖ for every token i, by all d cotangents |
//! | `sweep()` | the L2 distance of the link's two sequences at every n |
//! | `size(tokens)` | floating-point operations of a forward, as they are counted for limits, and the most tokens that this model reads |
//!
//! A link that does not open as it is written is refused, with what its reader is told.
//!
//! `openLanguageModel(bytes)` promises the same of a language model's file:
//!
//! | function | promises |
//! |---|---|
//! | `write(prompt, most)` | what is written behind a text, always the likeliest token, at most so many |
//! | `count(prompt)` | number of tokens of a text |
//! | `sweep(max)` | the L2 distance of n ones and one more behind a question, at every n up to `max` |

use std::rc::Rc;

use glasses_bench::peer::{Peer, Writer};
use glasses_contract::alphabet::Token;
use js_sys::{Float64Array, Object, Promise, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

/// Puts `openGlasses` and `openLanguageModel` where scripts find them.
pub fn offer() {
    let open = function(|link, _| async move {
        let link = link.as_string().ok_or("a link is a string")?;
        Ok(measured(Rc::new(Peer::open(&link).await?)).into())
    });
    let open_language_model = function(|file, _| async move {
        let file = file.dyn_ref::<Uint8Array>().ok_or("a file is an array of bytes")?.to_vec();
        Ok(writer(Rc::new(Writer::open(file).await?)).into())
    });
    // A window can be written to.
    let _ = Reflect::set(&js_sys::global(), &"openGlasses".into(), &open);
    let _ = Reflect::set(&js_sys::global(), &"openLanguageModel".into(), &open_language_model);
}

fn writer(writer: Rc<Writer>) -> Object {
    let (writing, counting) = (writer.clone(), writer.clone());
    let write = function(move |prompt, most| {
        let writer = writing.clone();
        async move { Ok(writer.write(&prompt.as_string().unwrap_or_default(), whole(&most)).await?.into()) }
    });
    let count = function(move |text, _| {
        let count = counting.count(&text.as_string().unwrap_or_default());
        async move { Ok((count as f64).into()) }
    });
    let sweep = function(move |max, _| {
        let writer = writer.clone();
        async move { Ok(Float64Array::from(writer.sweep(whole(&max)).await?.as_slice()).into()) }
    });
    object([("write", write), ("count", count), ("sweep", sweep)])
}

fn whole(number: &JsValue) -> usize {
    number.as_f64().unwrap_or_default() as usize
}

fn measured(peer: Rc<Peer>) -> Object {
    let (forward, jacobian, size) = (peer.clone(), peer.clone(), peer.clone());
    object([
        ("forward", function(move |tokens, _| numbers(forward.clone(), async move |peer| peer.forward(&tokens_of(&tokens)).await))),
        ("jacobian", function(move |tokens, _| numbers(jacobian.clone(), async move |peer| peer.jacobian(&tokens_of(&tokens)).await))),
        ("size", function(move |tokens, _| numbers(size.clone(), async move |peer| Ok(peer.size(tokens_of(&tokens).len()))))),
        ("sweep", function(move |_, _| numbers(peer.clone(), async move |peer| peer.sweep().await))),
    ])
}

/// An object of JavaScript with these functions.
fn object<const COUNT: usize>(functions: [(&str, JsValue); COUNT]) -> Object {
    let object = Object::new();
    for (name, function) in functions {
        // A new object can be written to.
        Reflect::set(&object, &name.into(), &function).unwrap_or_default();
    }
    object
}

async fn numbers(peer: Rc<Peer>, answer: impl AsyncFnOnce(&Peer) -> Result<Vec<f64>, String>) -> Result<JsValue, JsValue> {
    Ok(Float64Array::from(answer(&peer).await?.as_slice()).into())
}

fn function<A: Future<Output = Result<JsValue, JsValue>> + 'static>(answer: impl Fn(JsValue, JsValue) -> A + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(move |one, other| future_to_promise(answer(one, other))).into_js_value()
}

fn tokens_of(ids: &JsValue) -> Vec<Token> {
    ids.dyn_ref::<Uint32Array>().map(|ids| ids.to_vec().into_iter().map(Token).collect()).unwrap_or_default()
}
