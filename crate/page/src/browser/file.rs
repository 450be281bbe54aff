//! Gives the reader files, and takes them.

use super::number::count;
use super::{error, optional};
use glasses_contract::locale::together;
use glasses_contract::say;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, FileList, HtmlAnchorElement, HtmlCanvasElement, HtmlInputElement, Url};

/// How long a browser may take to make a file of a canvas.
const PATIENCE: Duration = Duration::from_secs(10);

/// Saves a text where the browser keeps downloads.
///
/// # Errors
/// A sentence.
pub fn save(name: &str, kind: &str, text: &str) -> Result<(), String> {
    try_save(name, kind, &text.into())
}

/// Saves bytes where the browser keeps downloads.
///
/// # Errors
/// A sentence.
pub fn save_bytes(name: &str, kind: &str, bytes: &[u8]) -> Result<(), String> {
    try_save(name, kind, &Uint8Array::from(bytes))
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

/// A canvas that is nowhere in the page, and whose pixels are read again and again.
///
/// # Errors
/// A sentence.
pub fn canvas_to_read(width: u32, height: u32) -> Result<HtmlCanvasElement, String> {
    let canvas = canvas(width, height)?;
    let options = Object::new();
    // The first who asks for its context says how the browser keeps its pixels; where that can't be said, reading is slower.
    drop(Reflect::set(&options, &"willReadFrequently".into(), &true.into()));
    drop(canvas.get_context_with_context_options("2d", &options));
    Ok(canvas)
}

/// The pixels of a canvas, four bytes each, row by row.
///
/// # Errors
/// A sentence.
pub fn bitmap(canvas: &HtmlCanvasElement) -> Result<Vec<u8>, String> {
    let context = canvas.get_context("2d").ok().flatten().and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let context = context.ok_or(say!("This browser gives the page no canvas to draw on."))?;
    let data = context.get_image_data(0.0, 0.0, canvas.width().into(), canvas.height().into());
    Ok(data.map_err(|thrown| error::sentence(&thrown))?.data().0)
}

/// Saves what is on a canvas, as a PNG file, where the browser keeps downloads.
///
/// # Errors
/// A sentence.
pub async fn save_picture(name: &str, canvas: &HtmlCanvasElement) -> Result<(), String> {
    let mut asked = Ok(());
    let made = Promise::new(&mut |resolve, _| asked = canvas.to_blob(&resolve));
    asked.map_err(refused)?;
    let blob = optional::answer(made.into(), PATIENCE).await?;
    let blob: Blob = blob.dyn_into().map_err(|_| say!("The browser can't make a picture of this size: save it as SVG instead."))?;
    offer(name, &blob).map_err(refused)
}

/// The file that the reader chose in a field for files, if there is one.
pub fn chosen(event: &web_sys::Event) -> Option<web_sys::File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let chosen = input.files()?.get(0);
    // So that the same file can be chosen again.
    input.set_value("");
    chosen
}

/// All files that the reader chose in a field for files.
pub fn all_chosen(event: &web_sys::Event) -> Vec<web_sys::File> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some((input, files)) = input.and_then(|input| Some((input.clone(), of_list(&input.files()?)))) else { return Vec::new() };
    input.set_value("");
    files
}

/// All files that were dropped.
pub fn dropped(event: &web_sys::DragEvent) -> Vec<web_sys::File> {
    event.data_transfer().and_then(|dropped| dropped.files()).map_or_else(Vec::new, |files| of_list(&files))
}

fn of_list(files: &FileList) -> Vec<web_sys::File> {
    (0..files.length()).filter_map(|index| files.get(index)).collect()
}

/// Some files one behind the other, behind some bytes, as one of this name. The browser reads none of them for that.
///
/// # Errors
/// A sentence.
pub fn joined(head: &[u8], files: &[web_sys::File], name: &str) -> Result<web_sys::File, String> {
    let parts = Array::of1(&Uint8Array::from(head));
    for file in files {
        parts.push(file);
    }
    web_sys::File::new_with_blob_sequence(&parts, name).map_err(|thrown| error::sentence(&thrown))
}

/// Reads a file of at most so many bytes that the reader chose.
///
/// # Errors
/// A sentence; a file that is larger is not read: its bytes would be taken once and never given back, for the memory of a page's program
/// does not shrink.
pub async fn read(file: &web_sys::File, most_bytes: usize) -> Result<Vec<u8>, String> {
    if file.size() > most_bytes as f64 {
        return Err(say!("“{}” has {} bytes, and {} are the most here.", file.name(), count(file.size() as usize), count(most_bytes)));
    }
    let asked = optional::call(file, "arrayBuffer", &[]).and_then(|asked| asked.dyn_into::<Promise>());
    let buffer = JsFuture::from(asked.map_err(|thrown| error::sentence(&thrown))?).await.map_err(|thrown| error::sentence(&thrown))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn try_save(name: &str, kind: &str, part: &JsValue) -> Result<(), String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(part), &options);
    blob.and_then(|blob| offer(name, &blob)).map_err(refused)
}

/// Why there is no file, where the browser is in the way.
fn refused(thrown: JsValue) -> String {
    together([say!("The browser does not let this page save files:"), error::sentence(&thrown).as_str()])
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
