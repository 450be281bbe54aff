//! Copying a text, where the browser allows it.

use super::{error, optional};
use glasses_contract::say;
use std::time::Duration;

/// How long a browser may take to copy before the reader is given the text to copy by hand.
const PATIENCE: Duration = Duration::from_secs(3);

/// Copies a text.
///
/// # Errors
/// A sentence that says why not: the page is not served securely, or the reader or the frame around refused.
pub async fn copy(text: &str) -> Result<(), String> {
    let clipboard = optional::of_navigator("clipboard").ok_or(say!("this browser does not let pages copy here."))?;
    let asked = optional::call(&clipboard, "writeText", &[text.into()]).map_err(|thrown| error::sentence(&thrown))?;
    optional::answer(asked, PATIENCE).await.map(drop)
}
