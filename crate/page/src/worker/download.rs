//! Finds a WebGPU adapter, and fetches the WebGPU engine's code into the browser's cache; its worker then starts from there.

use super::handle;
use crate::browser::pieces::Pieces;
use crate::browser::{built, error};
use glasses_contract::device::DeviceKind;
use glasses_contract::say;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How far a download has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Download {
    /// Bytes that are here, unpacked.
    pub bytes: f64,
    /// All of them, where the server says so: it does not when it packs them.
    pub of: Option<f64>,
}

/// The name of the browser's WebGPU adapter. Megabytes of code would be fetched for nothing where there is none.
///
/// # Errors
/// A sentence, where there is none, or where the site that is served has no WebGPU engine yet.
pub async fn adapter() -> Result<String, String> {
    if handle::file(DeviceKind::WebGpu).is_empty() {
        return Err(say!("The WebGPU engine is still being built. The CPU engine computes until it is there.").into());
    }
    name().await.ok_or_else(|| say!("This browser supports WebGPU, but found no GPU to use.").into())
}

/// Fetches the code; `progress` is told of every piece.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn webgpu_engine(progress: impl Fn(Download)) -> Result<(), String> {
    let address = format!("./{}_bg.wasm", handle::file(DeviceKind::WebGpu));
    let Err(thrown) = fetch(&address, progress).await else { return Ok(()) };
    Err(match handle::missing(DeviceKind::WebGpu).await {
        Some(ending) => ending.sentence(DeviceKind::WebGpu.label(), 1),
        None => say!("The WebGPU engine could not be loaded: {}", error::sentence(&thrown)),
    })
}

/// The adapter's name, as far as the browser tells it.
async fn name() -> Option<String> {
    let gpu = Reflect::get(&window().navigator(), &"gpu".into()).ok()?;
    let request: Function = Reflect::get(&gpu, &"requestAdapter".into()).ok()?.dyn_into().ok()?;
    let asked: Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(asked).await.ok().filter(JsValue::is_truthy)?;
    let info = Reflect::get(&adapter, &"info".into()).unwrap_or_default();
    let word = |key: &str| Reflect::get(&info, &key.into()).ok().and_then(|word| word.as_string()).filter(|word| !word.is_empty());
    // A description names the card; most browsers give no more than its maker and family.
    let maker_and_family = || [word("vendor"), word("architecture")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(word("description").unwrap_or_else(maker_and_family))
}

async fn fetch(address: &str, progress: impl Fn(Download)) -> Result<(), JsValue> {
    let response = built::fetch(address).await?;
    let headers = response.headers();
    let is_packed = headers.get("content-encoding")?.is_some();
    let length = headers.get("content-length")?.and_then(|text| text.parse::<f64>().ok());
    let mut download = Download { bytes: 0.0, of: length.filter(|_| !is_packed) };
    let pieces = Pieces::of(&response)?;
    progress(download);
    while let Some(piece) = pieces.next().await? {
        download.bytes += f64::from(piece.length());
        progress(download);
    }
    Ok(())
}
