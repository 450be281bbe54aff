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

use burn::tensor::Tensor;
use glasses_contract::Admitted;
use glasses_contract::alphabet::Token;
use glasses_contract::limits;
use glasses_contract::question;
use glasses_contract::report::Stage;
use glasses_engine::device::{self, Compute, TensorSpec};
use glasses_engine::experiment::decode::decode;
use glasses_engine::hook::NoHook;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::progress::Work;
use glasses_engine::transformer::{Through, Transformer};
use glasses_engine::weights::Weights;
use glasses_engine::{Engine, NoProgress};
use js_sys::{Float64Array, Object, Promise, Reflect, Uint8Array, Uint32Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

/// What is asked: one model, and the engine that answers about it.
struct Peer {
    transformer: Transformer,
    /// Not there while it answers.
    engine: Cell<Option<Engine>>,
    experiment: Admitted,
}

/// Puts `openGlasses` and `openLanguageModel` where scripts find them.
pub fn offer() {
    let open = function(|link, _| async move {
        let link = link.as_string().ok_or("a link is a string")?;
        Ok(measured(Rc::new(Peer::open(&link).await?)).into())
    });
    let open_language_model = function(|file, _| async move {
        let file = file.dyn_ref::<Uint8Array>().ok_or("a file is an array of bytes")?.to_vec();
        Ok(writer(Rc::new(open_file(file).await?)).into())
    });
    // A window can be written to.
    let _ = Reflect::set(&js_sys::global(), &"openGlasses".into(), &open);
    let _ = Reflect::set(&js_sys::global(), &"openLanguageModel".into(), &open_language_model);
}

async fn open_file(file: Vec<u8>) -> Result<Transformer, String> {
    let model = Rc::new(LanguageModel::open(file).map_err(|why| why.to_string())?);
    let spec = TensorSpec::single(&compute().await?.device);
    model.transformer(model.model(), &spec).map_err(|why| why.to_string())
}

fn writer(transformer: Rc<Transformer>) -> Object {
    let counted = transformer.clone();
    let write = function(move |prompt, most| {
        let transformer = transformer.clone();
        async move {
            let prompt = transformer.tokenizer().tokens(&prompt.as_string().unwrap_or_default());
            let most = most.as_f64().unwrap_or_default() as usize;
            let decoded = decode(&transformer, &prompt, most, &NoProgress).await.map_err(|why| format!("{why:?}"))?;
            Ok(decoded.text.into())
        }
    });
    let count = function(move |text, _| {
        let count = counted.tokenizer().tokens(&text.as_string().unwrap_or_default()).len();
        async move { Ok((count as f64).into()) }
    });
    object([("write", write), ("count", count)])
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

#[cfg(feature = "cpu")]
async fn compute() -> Result<Compute, String> {
    Ok(device::cpu())
}

#[cfg(not(feature = "cpu"))]
async fn compute() -> Result<Compute, String> {
    device::webgpu().await.map_err(|why| why.to_string())
}

impl Peer {
    async fn open(link: &str) -> Result<Self, String> {
        let (experiment, _, warnings) = glasses_contract::open::admitted(link);
        if let Some(warning) = warnings.first() {
            return Err(warning.to_string());
        }
        let (compute, model) = (compute().await?, experiment.model.clone());
        let spec = TensorSpec::single(&compute.device);
        let transformer = Transformer::new(&model, &Weights::draw(&model), &spec).map_err(|why| why.to_string())?;
        Ok(Self { transformer, engine: Cell::new(Some(Engine::new(compute))), experiment })
    }

    async fn forward(&self, tokens: &[Token]) -> Result<Vec<f64>, String> {
        let y = self.transformer.read(&[tokens], &mut NoHook, &NoProgress).await.map_err(|_| "stopped")?;
        let last: Tensor<1> = y.narrow(1, tokens.len() - 1, 1).flatten(0, 2);
        let read = device::read(vec![last]).await.map_err(|why| why.to_string())?;
        Ok(read.concat())
    }

    fn size(&self, tokens: usize) -> Vec<f64> {
        vec![limits::forward_flop(&self.experiment, tokens) as f64, limits::max_tokens(&self.experiment) as f64]
    }

    /// The full profile alone: a page's sensitivity also holds attention weights fixed, and has a bound.
    async fn jacobian(&self, tokens: &[Token]) -> Result<Vec<f64>, String> {
        let width = self.transformer.model().width;
        let x = self.transformer.embed(&[tokens], &[0], &mut NoHook).x;
        let linearized = self.transformer.linearized(x, &mut NoHook, &NoProgress).await.map_err(|_| "stopped")?;
        let mut squares = vec![0.0; tokens.len()];
        for first in (0..width).step_by(linearized.at_once()) {
            let count = linearized.at_once().min(width - first);
            let unit = |index: usize| if index % width == first + index / width { 1.0 } else { 0.0 };
            let cotangents = self.transformer.spec().floats((0..count * width).map(unit), [count, 1, width]);
            let work = Work::new(&NoProgress, linearized.flop(count));
            let products = linearized.vjp(cotangents, Through::All, &mut NoHook, &work).await.map_err(|_| "stopped")?;
            let read = device::read(vec![products.square().sum_dim(2).flatten(0, 2)]).await.map_err(|why| why.to_string())?;
            for (at, square) in read.concat().into_iter().enumerate() {
                squares[at % tokens.len()] += square;
            }
        }
        Ok(squares.into_iter().map(f64::sqrt).collect())
    }

    /// By the question of the page, which makes the curves of all layers and heads and of what rounding does, too.
    async fn sweep(&self) -> Result<Vec<f64>, String> {
        let mut engine = self.engine.take().ok_or("one question at a time")?;
        let sweep = engine.answer(&self.experiment, question::Sweep, &NoProgress).await;
        self.engine.set(Some(engine));
        let sweep = sweep.map_err(|why| format!("{why:?}"))?;
        let output = sweep.stages.into_iter().find(|curve| curve.stage == Stage::Output).ok_or("a sweep without an output")?;
        Ok(output.distances.into_iter().map(|distances| distances.l2).collect())
    }
}
