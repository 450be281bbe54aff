//! A chapter: its text, and the few controls that it is about. What the text offers to press is found by its attributes.
//!
//! | attribute | what pressing does |
//! |---|---|
//! | `data-set="n=128&fa=bf16"` | sets these controls, and nothing else |
//! | `data-open="v=1&…"` | opens this state |
//! | `data-go="bench"` | goes to a place, and takes along what is asked |
//! | `data-veils="by-n rounding"`, of the question | the parts that are drawn no further than they are given until it is answered |
//! | `data-draws="by-n"`, of the question | beside choosing an answer, the visitor can draw in the figure of this part how it goes on |
//! | `data-shows="attention"`, beside one of these | the part of the page that is brought into sight, of the state that is opened where one is |
//! | `data-term="softmax"`, of a `dfn` | nothing: it is a term that terms.rs explains |
//! | `class="after-guess"` | nothing: it is text that tells the answer, and waits for the guess too |
//! | `name="guess"`, one in a label with `data-right` | shows what was right, and the answer behind it; a button with `data-play` in it is played |

use super::{document, shortcuts, terms};
use crate::browser::{now_ms, session, watch};
use crate::context::Context;
use crate::form::Field;
use crate::i18n;
use crate::state::{Action, own_texts};
use glasses_contract::chapters::{self, CHAPTERS};
use glasses_contract::config::{Part, Place};
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
    let own = last_own_texts(page);
    let lead = move |by: isize| {
        shortcuts::step_by(page, by);
        bring_texts(page, own);
    };
    let next = move || neighbour(1).map(|chapter| say!("Next: {}", chapter.place.label()));
    let is_first = move || neighbour(-1).is_none();
    // What was guessed in each chapter stays guessed for as long as the tab is open, loaded anew or not.
    let guesses = StoredValue::new(session::take(GUESSES).map(|kept| read_guesses(&kept)).unwrap_or_default());
    session::keep(GUESSES, &guesses.with_value(write_guesses));
    let chapter = NodeRef::<leptos::html::Div>::new();
    let is_asked = Memo::new(move |_| page.state.asked.with(|asked| chapters::shows(&asked.frame, Part::Story)));
    // What is drawn no further than it is given, until the guess is made; where the text is not shown, nobody is asked.
    let veil = move || {
        let waits = chapter.get_untracked().and_then(|chapter| chapter.query_selector(".predict[data-veils]:not([data-guessed])").ok()?);
        let waits = waits.filter(|_| is_asked.get_untracked());
        let question = chapter.get_untracked().and_then(|chapter| question(&chapter));
        let drawn_in = question.and_then(|question| Part::from_word(&question.get_attribute("data-draws")?));
        page.sketchbook.drawn_in.set(drawn_in);
        page.sketchbook.is_open.set(waits.is_some() && drawn_in.is_some());
        let words = waits.and_then(|waits| waits.get_attribute("data-veils")).unwrap_or_default();
        let veiled: Vec<Part> = words.split_whitespace().filter_map(Part::from_word).collect();
        for figure in document::all(".figures > [data-part]") {
            // What can be drawn in part is; the rest is hidden by the stylesheet, and kept from pointer, keys and screen readers.
            let part = figure.get_attribute("data-part").as_deref().and_then(Part::from_word);
            let is_hidden = part.is_some_and(|part| part != Part::ByN && Some(part) != drawn_in && veiled.contains(&part));
            for attribute in ["data-veiled", "inert"] {
                figure.toggle_attribute_with_force(attribute, is_hidden).unwrap_or_default();
            }
        }
        page.veil.set(veiled);
    };
    Effect::new(move || {
        at.track();
        is_asked.track();
        let Some(chapter) = chapter.get() else { return };
        // Once its text stands there.
        request_animation_frame(move || {
            let at = at.get_untracked();
            let guessed = guesses.with_value(|guesses| guesses.iter().find(|(place, _)| *place == at).map(|&(_, index)| index));
            let input = guessed.and_then(|index| chapter.query_selector_all(CHOICES).ok()?.item(index));
            if page.sketchbook.turn_to(at) {
                question(&chapter).iter().for_each(|predict| show_answer(predict, Guess::Drawn));
            }
            if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
                input.set_checked(true);
                show_answer_to(&input);
            }
            veil();
            terms::explain();
        });
    });
    let is_still = watch::matching("(prefers-reduced-motion: reduce)");
    let play = RwSignal::new(None::<Film>);
    Effect::new(move || {
        if play.with(Option::is_some) {
            next_frame(page, play);
        }
    });
    // Whoever goes on does not wait for what is played.
    Effect::new(move || {
        at.track();
        play.set(None);
    });
    let guess = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        show_answer_to(&input);
        veil();
        play.set(
            input
                .closest(".predict")
                .ok()
                .flatten()
                .and_then(|predict| played(&predict))
                .and_then(|offer| Film::of(&page, &offer, is_still.get_untracked())),
        );
        let choices = chapter.get_untracked().and_then(|chapter| chapter.query_selector_all(CHOICES).ok());
        let chosen = choices.and_then(|all| (0..all.length()).find(|&index| all.item(index).as_ref() == Some(input.as_ref())));
        if let Some(index) = chosen {
            let at = at.get_untracked();
            guesses.update_value(|guesses| {
                guesses.retain(|(place, _)| *place != at);
                guesses.push((at, index));
            });
            session::keep(GUESSES, &guesses.with_value(write_guesses));
        }
    };
    // What was drawn is an answer, too.
    Effect::new(move |is_later: Option<()>| {
        page.sketchbook.is_done.track();
        let predict = chapter.get_untracked().filter(|_| is_later.is_some()).and_then(|chapter| question(&chapter));
        let Some(predict) = predict else { return };
        page.sketchbook.keep(at.get_untracked());
        show_answer(&predict, Guess::Drawn);
        veil();
        play.set(played(&predict).and_then(|offer| Film::of(&page, &offer, is_still.get_untracked())));
    });
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
            // Behind the last chapter the way goes on to what can be done by oneself.
            <Show when=move || next().is_none() && number().is_some()>
                <button type="button" class="button primary" on:click=move |_| page.state.apply(Action::GoTo(Place::Bench))>
                    {say!("On to the bench")}
                </button>
                <button type="button" class="button" on:click=move |_| page.state.apply(Action::GoTo(Place::Gallery))>
                    {say!("The paper’s figures")}
                </button>
            </Show>
        </p>
    }
}

/// Where a tab keeps the guesses.
const GUESSES: &str = "glasses-guesses";

/// “spread:1 collapse:0”.
#[expect(clippy::ptr_arg, reason = "a stored value is lent as what it is")]
fn write_guesses(guesses: &Vec<(Place, u32)>) -> String {
    guesses.iter().map(|(place, index)| format!("{}:{index}", place.word())).collect::<Vec<_>>().join(" ")
}

/// What [`write_guesses`] wrote; what is none is left out.
fn read_guesses(text: &str) -> Vec<(Place, u32)> {
    let guess = |guess: &str| {
        let (place, index) = guess.split_once(':')?;
        Some((Place::from_word(place)?, index.parse().ok()?))
    };
    text.split(' ').filter_map(guess).collect()
}

/// The texts that were asked last in a chapter and are not those that it opens with.
fn last_own_texts(page: Context) -> StoredValue<Option<(String, String)>> {
    let own = StoredValue::new(None);
    let last = Memo::new(move |_| page.state.asked.with(own_texts));
    Effect::new(move || {
        if let Some(texts) = last.get() {
            own.set_value(Some(texts));
        }
    });
    own
}

/// Where one's own texts are what it is about, they are brought along from the chapters before.
fn bring_texts(page: Context, own: StoredValue<Option<(String, String)>>) {
    let is_there = page.state.asked.with_untracked(|asked| asked.frame.at == Place::Yours) && untrack(|| page.state.given()) == 0;
    if let Some((a, b)) = own.get_value().filter(|_| is_there) {
        page.state.edit(|asked| (asked.input.a, asked.input.b) = (a, b));
        page.state.commit();
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
        let part = pressed.get_attribute("data-shows");
        request_animation_frame(move || bring_into_sight(part.as_deref()));
    } else if let Some(link) = pressed.get_attribute("data-open") {
        page.state.apply(Action::Open(&link));
        if let Some(part) = pressed.get_attribute("data-shows") {
            page.scroll_target.set(Some(format!("[data-part={part}]")));
        }
    } else if let Some(place) = pressed.get_attribute("data-go").and_then(|word| Place::from_word(&word)) {
        page.state.apply(Action::GoTo(place));
    }
}

/// A sliver of a figure at the edge of the screen shows nothing of what became of it.
const LEAST_IN_SIGHT: f64 = 40.0;

/// On a narrow screen the figures stand behind the text: where none of them is in sight, what was pressed seems to do nothing.
/// Where the text names a part, it is that one; else any of them.
fn bring_into_sight(part: Option<&str>) {
    let named = part.map_or_else(|| ".figures > [data-part]".into(), |part| format!(".figures > [data-part={part}]"));
    let figures: Vec<Element> =
        document::all(&named).into_iter().filter(|figure| figure.get_bounding_client_rect().height() > 0.0).collect();
    let Some(bottom) = window().inner_height().ok().and_then(|height| height.as_f64()) else { return };
    let is_in_sight = |figure: &Element| {
        let place = figure.get_bounding_client_rect();
        place.bottom().min(bottom) - place.top().max(0.0) >= LEAST_IN_SIGHT.min(place.height())
    };
    if let Some(first) = figures.first().filter(|_| !figures.iter().any(is_in_sight)) {
        first.scroll_into_view();
    }
}

/// What is asked in a chapter.
fn question(chapter: &Element) -> Option<Element> {
    chapter.query_selector(".predict").ok().flatten()
}

/// What is pressed to see the answer to a question, where it is played.
fn played(predict: &Element) -> Option<Element> {
    predict.query_selector("[data-play]").ok().flatten()
}

/// How long the answer to a guess is played.
const PLAYED_MS: f64 = 2500.0;

/// n on its way to where the answer is seen.
#[derive(Clone)]
struct Film {
    changes: String,
    from: usize,
    to: usize,
    start: f64,
}

impl Film {
    /// What a button plays; one that sets more than n, and all of them under reduced motion, only come to their end.
    fn of(page: &Context, offer: &Element, is_still: bool) -> Option<Self> {
        let changes = offer.get_attribute("data-set")?;
        let part = offer.get_attribute("data-shows");
        request_animation_frame(move || bring_into_sight(part.as_deref()));
        let from = page.state.asked.with_untracked(|asked| asked.input.n);
        let to = changes.strip_prefix("n=").and_then(|n| n.parse().ok()).filter(|_| !is_still).unwrap_or(from);
        Some(Self { changes, from, to, start: now_ms() })
    }

    /// n after some time, in equal ratios: none where it is over.
    fn at(&self, now: f64) -> Option<usize> {
        let share = (now - self.start) / PLAYED_MS;
        let (from, to) = (self.from.max(1) as f64, self.to.max(1) as f64);
        (share < 1.0 && from != to).then(|| (from * (to / from).powf(share.max(0.0))).round() as usize)
    }
}

/// Shows the next n of what is played, and its end as one press.
fn next_frame(page: Context, play: RwSignal<Option<Film>>) {
    let Some(film) = play.try_get_untracked().flatten() else { return };
    match film.at(now_ms()) {
        Some(n) => {
            page.state.edit(|asked| asked.input.n = n);
            // A browser gives a hidden page no frames: there it is at its end.
            if request_animation_frame_with_handle(move || next_frame(page, play)).is_ok() {
                return;
            }
            page.state.apply(Action::Set(&film.changes));
        }
        None => page.state.apply(Action::Set(&film.changes)),
    }
    play.set(None);
}

/// How a question was answered; the stylesheet knows it by its word.
#[derive(Clone, Copy)]
enum Guess {
    Right,
    Wrong,
    Drawn,
}

impl Guess {
    fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Drawn => "drawn",
        }
    }
}

/// An answer was chosen.
fn show_answer_to(input: &Element) {
    let Some(predict) = input.closest(".predict").ok().flatten() else { return };
    let is_right = input.closest("[data-right]").is_ok_and(|label| label.is_some());
    show_answer(&predict, if is_right { Guess::Right } else { Guess::Wrong });
}

/// A guess was made: the answer is shown, and which guess was right.
fn show_answer(predict: &Element, guess: Guess) {
    // An attribute of a plain name can always be set.
    predict.set_attribute("data-guessed", guess.word()).unwrap_or_default();
    if let Ok(Some(reveal)) = predict.query_selector(".reveal") {
        reveal.remove_attribute("hidden").unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_read_as_they_were_written() {
        let guesses = vec![(Place::Spread, 1), (Place::Glasses, 0)];
        assert_eq!(read_guesses(&write_guesses(&guesses)), guesses);
        assert_eq!(read_guesses("spread:x nowhere:1 early:2"), [(Place::Early, 2)]);
    }

    #[test]
    fn a_film_goes_in_equal_ratios_and_ends() {
        let film = Film { changes: "n=200".into(), from: 20, to: 200, start: 100.0 };
        assert_eq!(film.at(100.0), Some(20));
        assert_eq!(film.at(100.0 + PLAYED_MS / 2.0), Some(63));
        assert_eq!(film.at(100.0 + PLAYED_MS), None);
        assert_eq!(Film { to: 20, ..film }.at(100.0), None, "where nothing is to move it is over at once");
    }
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
                assert!(text.contains("<h2>"), "{:?} in {language:?}", chapter.place);
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
                let opened =
                    values(text, "data-open").into_iter().filter_map(|address| chapters::chapter(open::decode(address).0.frame.at));
                let figures: Vec<&Part> = opened.chain([chapter]).flat_map(|chapter| chapter.figures).collect();
                let veiled: Vec<&str> = values(text, "data-veils").into_iter().flat_map(str::split_whitespace).collect();
                let drawn = values(text, "data-draws");
                assert!(drawn.iter().all(|part| veiled.contains(part)), "what is drawn is veiled: {drawn:?}");
                for part in values(text, "data-shows").into_iter().chain(veiled) {
                    assert!(Part::from_word(part).is_some_and(|part| figures.contains(&&part)), "{part}");
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
            ["data-set", "data-open", "data-go", "data-shows", "data-veils", "data-draws", "data-term", "href"]
                .map(|attribute| values(text, attribute).join(" "))
        };
        for (chapter, &language) in CHAPTERS.iter().flat_map(|chapter| Language::ALL.iter().map(move |language| (chapter, language))) {
            assert_eq!(offers(Language::English, chapter.place), offers(language, chapter.place), "{:?}, {language:?}", chapter.place);
            assert!(!prose(chapter.place).is_empty(), "{:?}, {language:?}", chapter.place);
        }
    }
}
