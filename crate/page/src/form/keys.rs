//! Keys for the notation, for a finger: on a phone's keyboard its characters lie two layers deep.

use crate::context::Context;
use crate::state::Draft;
use crate::ui::document;
use glasses_contract::say;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// What the keys write.
const KEYS: [&str; 5] = ["^n", "(", ")", "[0-9]", "{,/3}"];

/// The keys of the text in the field with this id. The style sheet shows them while a finger types in it.
#[component]
pub fn Keys(page: Context, draft: Draft, field: String) -> impl IntoView {
    let key = move |words: &'static str| {
        let field = field.clone();
        let write = move |_| {
            let input = document::all(&format!("#{field}")).pop().and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
            let Some(input) = input else { return };
            let place = |place: Result<Option<u32>, _>| place.ok().flatten().map(|place| place as usize);
            let (text, behind) = spliced(&input.value(), place(input.selection_start()), place(input.selection_end()), words);
            input.set_value(&text);
            // The caret of a field of text can always be set.
            input.set_selection_range(behind as u32, behind as u32).unwrap_or_default();
            draft.enter(text);
            page.state.commit();
        };
        // The field keeps the focus, and the keyboard stays.
        view! { <button type="button" class="chip" tabindex="-1" on:pointerdown=|event| event.prevent_default() on:click=write>{words}</button> }
    };
    view! { <div class="keys" role="group" aria-label=say!("Notation")>{KEYS.map(key).collect_view()}</div> }
}

/// A text with words in the place of what is selected, counted in UTF-16 as a browser does, and the place behind them. Without a place they
/// come at the end.
fn spliced(text: &str, start: Option<usize>, end: Option<usize>, words: &str) -> (String, usize) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let within = |place: Option<usize>| place.unwrap_or(units.len()).min(units.len());
    let (start, end) = (within(start), within(end));
    let added: Vec<u16> = words.encode_utf16().collect();
    let all = [&units[..start], &added, &units[end.max(start)..]].concat();
    (String::from_utf16_lossy(&all), start + added.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_where_the_caret_is() {
        assert_eq!(spliced("10", Some(1), Some(1), "^n"), ("1^n0".into(), 3));
        assert_eq!(spliced("abc", Some(0), Some(2), "("), ("(c".into(), 1));
        assert_eq!(spliced("世1", None, None, "^n"), ("世1^n".into(), 4));
        assert_eq!(spliced("1", Some(9), Some(9), ")"), ("1)".into(), 2));
    }
}
