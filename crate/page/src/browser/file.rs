//! Gives the reader files, and takes them.

use super::error;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

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

/// Reads a file that the reader chose.
///
/// # Errors
/// A sentence.
pub async fn read(file: &web_sys::File) -> Result<Vec<u8>, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|thrown| error::sentence(&thrown))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn try_save(name: &str, kind: &str, part: &JsValue) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(part), &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address)
}
