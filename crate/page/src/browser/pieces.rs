//! What a host answers, piece by piece as it comes.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// The content of an answer that is being received.
pub struct Pieces(Option<ReadableStreamDefaultReader>);

impl Pieces {
    /// Begins with the first one.
    ///
    /// # Errors
    /// What the browser throws.
    pub fn of(response: &Response) -> Result<Self, JsValue> {
        Ok(Self(response.body().map(|body| body.get_reader().dyn_into()).transpose()?))
    }

    /// The next one; none behind the last.
    ///
    /// # Errors
    /// What the browser throws, as where the connection is lost.
    pub async fn next(&self) -> Result<Option<Uint8Array>, JsValue> {
        let Some(reader) = &self.0 else { return Ok(None) };
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(None);
        }
        Ok(Some(Reflect::get(&piece, &"value".into())?.dyn_into()?))
    }
}
