//! What belongs to the build that this page is of: the names of its files, which carry a hash, and texts among them.

use super::optional;
use glasses_contract::say;
use leptos::prelude::{document, window};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

/// How the names of some of its files begin, as a `meta` of index.html says.
pub fn name(meta: &str) -> String {
    let meta = document().query_selector(&format!("meta[name={meta}]")).ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// Asks the host for a file.
///
/// # Errors
/// What the browser throws, or what the host answers in the place of the file.
pub async fn fetch(address: &str) -> Result<Response, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await?.dyn_into()?;
    if response.ok() { Ok(response) } else { Err(say!("the server answered {} {}", response.status(), response.status_text()).into()) }
}

/// What the host answers when it is asked for a file, as a status; its content is not waited for.
///
/// # Errors
/// What the browser throws where it has no answer.
pub async fn look(address: &str) -> Result<u16, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await?.dyn_into()?;
    if let Some(body) = response.body() {
        drop(body.cancel());
    }
    Ok(response.status())
}

/// How long a text may take to arrive before the page goes on without it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A file as text.
///
/// # Errors
/// A sentence that says why it can't be had.
pub async fn text(address: String) -> Result<String, String> {
    let text = future_to_promise(async move { JsFuture::from(fetch(&address).await?.text()?).await });
    optional::answer(text.into(), PATIENCE).await.map(|text| text.as_string().unwrap_or_default())
}
