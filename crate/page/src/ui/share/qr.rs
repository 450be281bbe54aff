//! A text as a QR code, for a room that has only phones.

use crate::browser::number::count;
use glasses_contract::say;
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// The quiet zone around the code, in modules (ISO/IEC 18004).
const QUIET: i32 = 4;

/// The code, or a sentence where the text is longer than a code can be.
#[component]
pub fn Qr(text: Signal<String>) -> impl IntoView {
    move || {
        let text = text.get();
        match QrCode::encode_text(&text, QrCodeEcc::Low) {
            Ok(code) => {
                let side = code.size() + 2 * QUIET;
                view! {
                    <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=say!("The link as a QR code") shape-rendering="crispEdges">
                        <path d=modules(&code) />
                    </svg>
                }
                .into_any()
            }
            Err(_) => {
                let sentence = say!("The link has {} characters, more than a QR code can hold.", count(text.chars().count()));
                view! { <p class="hint">{sentence}</p> }.into_any()
            }
        }
    }
}

/// Each run of dark modules in a row as one rectangle.
fn modules(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count() as i32;
            if run > 0 {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    path
}
