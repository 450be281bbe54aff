//! Gives the reader files, and takes them.

use super::error;
use glasses_contract::say;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, HtmlInputElement, Url};

/// Saves a text where the browser keeps downloads.
///
/// # Errors
/// A sentence.
pub fn save(name: &str, kind: &str, text: &str) -> Result<(), String> {
    try_save(name, kind, &text.into()).map_err(|thrown| error::sentence(&thrown))
}

/// Saves bytes where the browser keeps downloads.
///
/// # Errors
/// A sentence.
pub fn save_bytes(name: &str, kind: &str, bytes: &[u8]) -> Result<(), String> {
    try_save(name, kind, &Uint8Array::from(bytes)).map_err(|thrown| error::sentence(&thrown))
}

/// A canvas that is nowhere in the page.
///
/// # Errors
/// A sentence.
pub fn canvas(width: u32, height: u32) -> Result<HtmlCanvasElement, String> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(say!("There is no document."))?;
    let canvas = document.create_element("canvas").map_err(|thrown| error::sentence(&thrown))?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().map_err(|_| say!("This browser has no canvas."))?;
    canvas.set_width(width);
    canvas.set_height(height);
    Ok(canvas)
}

/// Saves what is on a canvas, as a PNG file, where the browser keeps downloads.
///
/// # Errors
/// A sentence.
pub fn save_picture(name: &str, canvas: &HtmlCanvasElement) -> Result<(), String> {
    let name = name.to_string();
    let save = Closure::once_into_js(move |blob: Option<Blob>| {
        let saved = blob.ok_or(JsValue::from("the picture is too large")).and_then(|blob| offer(&name, &blob));
        if let Err(thrown) = saved {
            leptos::logging::warn!("{}", error::sentence(&thrown));
        }
    });
    canvas.to_blob(save.unchecked_ref()).map_err(|thrown| error::sentence(&thrown))
}

/// The file that the reader chose in a field for files, if there is one.
pub fn chosen(event: &web_sys::Event) -> Option<web_sys::File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let chosen = input.files()?.get(0);
    // So that the same file can be chosen again.
    input.set_value("");
    chosen
}

/// Reads a file of at most so many bytes that the reader chose.
///
/// # Errors
/// A sentence; a file that is larger is not read.
pub async fn read(file: &web_sys::File, most: u64) -> Result<Vec<u8>, String> {
    // Its bytes would be taken once and never given back: the memory of a page's program does not shrink.
    if file.size() > most as f64 {
        let mega = |bytes: f64| format!("{:.1}", bytes / 1e6);
        return Err(say!("“{}” has {} MB; the largest that is read here has {} MB.", file.name(), mega(file.size()), mega(most as f64)));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|thrown| error::sentence(&thrown))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn try_save(name: &str, kind: &str, part: &JsValue) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(part), &options)?;
    offer(name, &blob)
}

fn offer(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(say!("There is no document."))?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address)
}
