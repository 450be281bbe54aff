//! A chapter: its text, and the few controls that it is about. What the text offers to press is found by its attributes.
//!
//! | attribute | what pressing does |
//! |---|---|
//! | `data-set="n=128&fa=bf16"` | sets these controls, and nothing else |
//! | `data-open="v=1&…"` | opens this state |
//! | `data-go="bench"` | goes to a place, and takes along what is asked |
//! | `name="guess"`, one in a label with `data-right` | shows what was right, and the answer behind it |

use super::{document, shortcuts};
use crate::context::Context;
use crate::form::Field;
use crate::i18n;
use crate::state::Action;
use glasses_contract::chapters::{self, CHAPTERS};
use glasses_contract::config::Place;
use glasses_contract::{Choice, say};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// The text of a chapter, in the page's language.
fn prose(place: Place) -> &'static str {
    i18n::text(&format!("{}.html", place.word()))
}

/// What can be guessed in a chapter.
const CHOICES: &str = ".predict input";

/// The text, and the ways to the chapters before and behind.
#[component]
pub fn Story(page: Context) -> impl IntoView {
    let at = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.at));
    let number = move || CHAPTERS.iter().position(|chapter| chapter.place == at.get());
    let neighbour = move |by: isize| CHAPTERS.get(number()?.checked_add_signed(by)?);
    let lead = move |by: isize| shortcuts::step_by(page, by);
    let next = move || neighbour(1).map(|chapter| say!("Next: {}", chapter.place.label()));
    let is_first = move || neighbour(-1).is_none();
    // What was guessed in each chapter stays guessed for as long as the page is open.
    let guesses = StoredValue::new(Vec::<(Place, u32)>::new());
    let chapter = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        at.track();
        let Some(chapter) = chapter.get() else { return };
        // Once its text stands there.
        request_animation_frame(move || {
            let at = at.get_untracked();
            let guessed = guesses.with_value(|guesses| guesses.iter().find(|(place, _)| *place == at).map(|&(_, index)| index));
            let input = guessed.and_then(|index| chapter.query_selector_all(CHOICES).ok()?.item(index));
            if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
                input.set_checked(true);
                show_answer(&input);
            }
        });
    });
    let guess = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        show_answer(&input);
        let choices = chapter.get_untracked().and_then(|chapter| chapter.query_selector_all(CHOICES).ok());
        let chosen = choices.and_then(|all| (0..all.length()).find(|&index| all.item(index).as_ref() == Some(input.as_ref())));
        if let Some(index) = chosen {
            let at = at.get_untracked();
            guesses.update_value(|guesses| {
                guesses.retain(|(place, _)| *place != at);
                guesses.push((at, index));
            });
        }
    };
    view! {
        <div
            class="chapter"
            node_ref=chapter
            inner_html=move || prose(at.get())
            on:click=move |event| press(page, &event)
            on:change=guess
        ></div>
        <p class="ways notranslate" translate="no">
            <button type="button" class="button" disabled=is_first on:click=move |_| lead(-1)>{say!("Back")}</button>
            <Show when=move || next().is_some()>
                <button type="button" class="button primary" on:click=move |_| lead(1)>{next}</button>
            </Show>
        </p>
    }
}

/// The controls that the chapter is about.
#[component]
pub fn Extras(page: Context) -> impl IntoView {
    let at = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.at));
    let fields = move || {
        let keys = chapters::chapter(at.get()).map_or(&[][..], |chapter| chapter.controls);
        keys.iter().map(|key| view! { <Field page key scope="extra" /> }).collect_view()
    };
    view! { <div class="fields">{fields}</div> }
}

/// Something in the text was pressed.
fn press(page: Context, event: &web_sys::MouseEvent) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Some(pressed) = target.closest("[data-set], [data-open], [data-go]").ok().flatten() else { return };
    event.prevent_default();
    if let Some(changes) = pressed.get_attribute("data-set") {
        page.state.apply(Action::Set(&changes));
        // Once the other effects have shown and hidden what follows.
        request_animation_frame(bring_into_sight);
    } else if let Some(link) = pressed.get_attribute("data-open") {
        page.state.apply(Action::Open(&link));
    } else if let Some(place) = pressed.get_attribute("data-go").and_then(|word| Place::from_word(&word)) {
        page.state.apply(Action::GoTo(place));
    }
}

/// A sliver of a figure at the edge of the screen shows nothing of what became of it.
const LEAST_IN_SIGHT: f64 = 40.0;

/// On a narrow screen the figures stand behind the text: where none of them is in sight, what was pressed seems to do nothing.
fn bring_into_sight() {
    let figures: Vec<Element> =
        document::all(".figures > [data-part]").into_iter().filter(|figure| figure.get_bounding_client_rect().height() > 0.0).collect();
    let Some(bottom) = window().inner_height().ok().and_then(|height| height.as_f64()) else { return };
    let is_in_sight = |figure: &Element| {
        let place = figure.get_bounding_client_rect();
        place.bottom().min(bottom) - place.top().max(0.0) >= LEAST_IN_SIGHT.min(place.height())
    };
    if let Some(first) = figures.first().filter(|_| !figures.iter().any(is_in_sight)) {
        first.scroll_into_view();
    }
}

/// A guess was made: the answer is shown, and which guess was right.
fn show_answer(input: &Element) {
    let Some(predict) = input.closest(".predict").ok().flatten() else { return };
    let is_right = input.closest("[data-right]").is_ok_and(|label| label.is_some());
    // An attribute of a plain name can always be set.
    predict.set_attribute("data-guessed", if is_right { "right" } else { "wrong" }).unwrap_or_default();
    if let Ok(Some(reveal)) = predict.query_selector(".reveal") {
        reveal.remove_attribute("hidden").unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::Language;
    use glasses_contract::{Config, controls, open};

    /// The values of an attribute in a text.
    fn values<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
        let start = format!("{attribute}=\"");
        text.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_chapter_has_a_text_in_every_language_and_all_that_it_offers_works() {
        for &language in Language::ALL {
            language.speak("");
            for chapter in CHAPTERS {
                let text = prose(chapter.place);
                assert!(text.starts_with("<h2>"), "{:?} in {language:?}", chapter.place);
                assert_eq!(text.matches("data-right").count(), text.matches("class=\"predict\"").count());
                for changes in values(text, "data-set") {
                    let mut config = Config::default();
                    for pair in changes.split('&') {
                        let (key, value) = pair.split_once('=').expect(pair);
                        let control = controls::find(key).expect(key);
                        assert_eq!(open::read(control, &mut config, value), Ok(()), "{pair}");
                    }
                }
                for address in values(text, "data-open") {
                    assert_eq!(open::decode(address).1, vec![], "{address}");
                }
                for place in values(text, "data-go") {
                    assert!(Place::from_word(place).is_some(), "{place}");
                }
            }
        }
    }

    #[test]
    fn a_translated_chapter_offers_what_the_english_one_does() {
        let offers = |language: Language, place: Place| {
            language.speak("");
            let text = prose(place);
            ["data-set", "data-open", "data-go", "href"].map(|attribute| values(text, attribute).join(" "))
        };
        for (chapter, &language) in CHAPTERS.iter().flat_map(|chapter| Language::ALL.iter().map(move |language| (chapter, language))) {
            assert_eq!(offers(Language::English, chapter.place), offers(language, chapter.place), "{:?}, {language:?}", chapter.place);
            assert!(!prose(chapter.place).is_empty(), "{:?}, {language:?}", chapter.place);
        }
    }
}
