//! Copying a text, where the browser allows it.

use super::error;
use glasses_contract::say;
use wasm_bindgen_futures::JsFuture;

/// Copies a text.
///
/// # Errors
/// A sentence that says why not: the page is not served securely, or the reader refused.
pub async fn copy(text: &str) -> Result<(), String> {
    let navigator = web_sys::window().map(|window| window.navigator());
    let has_clipboard =
        |navigator: &web_sys::Navigator| js_sys::Reflect::get(navigator, &"clipboard".into()).is_ok_and(|found| !found.is_undefined());
    let navigator = navigator.filter(has_clipboard).ok_or(say!("this browser does not let pages copy here."))?;
    JsFuture::from(navigator.clipboard().write_text(text)).await.map(drop).map_err(|thrown| error::sentence(&thrown))
}
