//! From what JavaScript throws to a sentence for the reader: the one place where that happens.

use glasses_contract::say;
use wasm_bindgen::{JsCast, JsValue};

/// What was thrown, in words: an error's message, or the value itself.
pub fn sentence(thrown: &JsValue) -> String {
    let words = match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown.as_string().unwrap_or_else(|| say!("the browser gave no reason").into()),
    };
    end(&words)
}

/// What a failed worker reports, in words. Browsers write “Uncaught ” in front, and some say nothing at all.
pub fn of_worker(event: &web_sys::Event) -> String {
    let message = event.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message).unwrap_or_default();
    let message = message.trim_start_matches("Uncaught ").trim();
    if message.is_empty() { say!("its code could not be loaded or run.").into() } else { end(message) }
}

/// With a full stop, and without what follows a first line: stacks are for the console.
fn end(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default().trim();
    if line.ends_with(['.', '!', '?', '。', '！', '？']) { line.into() } else { say!("{}.", line) }
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn a_message_becomes_one_sentence() {
        assert_eq!(end("RuntimeError: unreachable\n  at wasm://1"), "RuntimeError: unreachable.");
        assert_eq!(end("It is lost."), "It is lost.");
    }
}
