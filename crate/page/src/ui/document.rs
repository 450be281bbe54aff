//! How the page is set: which of its parts are shown, large or small. Follows the frame of the state.

use crate::browser::fullscreen;
use crate::context::Context;
use glasses_contract::chapters::{self, CHAPTERS};
use glasses_contract::config::{Frame, Language, Part, Place, Presenting};
use glasses_contract::{Choice, locale, open};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What is shown follows the state from here on.
pub fn follow(page: Context) {
    translate_static_text();
    let frame = Memo::new(move |_| page.state.asked.with(|asked| Frame { lesson: String::new(), ..asked.frame.clone() }));
    Effect::new(move || frame.with(|frame| set(frame, page.state.depends_on_n.get(), page.state.is_missing.get())));
    // What the page shows before it has computed anything is of the state that the bare address opens.
    let is_home = Memo::new(move |_| page.state.asked.with(|asked| asked == open::home()));
    Effect::new(move || {
        if let (false, Some(root)) = (is_home.get(), document().document_element()) {
            // An attribute of a plain name can always be removed.
            root.remove_attribute("data-home").unwrap_or_default();
        }
    });
    // What was pressed to begin would be pressed again by Space, which leads on from here.
    let is_presenting = Memo::new(move |_| frame.with(|frame| frame.present == Presenting::On));
    Effect::new(move |before: Option<bool>| {
        let is_on = is_presenting.get();
        if is_on {
            blur_active_button();
        }
        match before {
            // Nothing was pressed where a link opens with it.
            None => {}
            Some(_) if is_on => fullscreen::enter(),
            Some(_) => fullscreen::leave(),
        }
        is_on
    });
    // The browser's own way out of the whole screen, which is Escape, is the way out of the presentation.
    window_event_listener_untyped("fullscreenchange", move |_| {
        if !fullscreen::is_on() && is_presenting.get_untracked() {
            page.state.choose(|asked| asked.frame.present = Presenting::Off);
        }
    });
    // A place is looked at from its top, unless what was pressed leads to a part of it.
    let at = Memo::new(move |_| frame.with(|frame| (frame.at, frame.step)));
    Effect::new(move |before: Option<(Place, usize)>| {
        let (at, lead) = (at.get(), page.scroll_target.get());
        if let Some(selector) = lead.filter(|_| at.0 == Place::Bench) {
            // Once the other effects have put it there.
            request_animation_frame(move || show(page, &selector));
        } else if before.is_some_and(|before| before != at) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        at
    });
}

fn show(page: Context, selector: &str) {
    if let Some(part) = all(selector).first() {
        // With its heading, where it has one.
        part.closest(".figure").ok().flatten().as_ref().unwrap_or(part).scroll_into_view();
    }
    page.scroll_target.update_untracked(|lead| *lead = None);
}

/// Takes the focus from a button.
fn blur_active_button() {
    let button = document().active_element().filter(|active| active.matches("button").unwrap_or(false));
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // Where it stays, Space presses it: no harm done.
        button.blur().unwrap_or_default();
    }
}

/// Puts the frame into the document, whose stylesheet does the rest.
fn set(frame: &Frame, depends_on_n: bool, is_missing: bool) {
    let Some(root) = document().document_element() else { return };
    let data = |name: &str, value: &str| {
        let done = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
        // An attribute of a plain name can always be set.
        done.unwrap_or_default();
    };
    data("data-at", frame.at.word());
    data("data-story", if CHAPTERS.iter().any(|chapter| chapter.place == frame.at) { "on" } else { "" });
    data("data-present", if frame.present == Presenting::On { "on" } else { "" });
    data("data-missing", if is_missing { "on" } else { "" });
    data("data-embed", if frame.embed == Part::Page { "" } else { frame.embed.word() });
    data("lang", frame.language.word());
    // Left out where there is nothing to draw for it: the next figure takes its place. Where it stands alone, it says why.
    let is_idle = |part: Part| matches!(part, Part::ByN | Part::Meeting | Part::Rounding) && !depends_on_n && frame.embed == Part::Page;
    for &part in Part::ALL {
        for element in parts(part) {
            element.toggle_attribute_with_force("hidden", !chapters::shows(frame, part) || is_idle(part)).map(drop).unwrap_or_default();
        }
    }
}

/// The sentences of index.html in the page's language.
fn translate_static_text() {
    if Language::spoken() == Language::English {
        return;
    }
    // However the text is broken into lines, it is one sentence.
    let whole = |english: String| english.split_whitespace().collect::<Vec<_>>().join(" ");
    document().set_title(locale::tr(&whole(document().title())));
    for element in all("[data-say]") {
        let english = whole(element.text_content().unwrap_or_default());
        element.set_text_content(Some(locale::tr(&english)));
    }
    for (selector, attribute) in [("[aria-label]", "aria-label"), ("meta[name=description]", "content")] {
        for element in all(selector) {
            let english = whole(element.get_attribute(attribute).unwrap_or_default());
            // An attribute of a plain name can always be set.
            element.set_attribute(attribute, locale::tr(&english)).unwrap_or_default();
        }
    }
}

/// Where a part of the page stands.
pub fn parts(part: Part) -> Vec<Element> {
    all(&format!("[data-part={}]", part.word()))
}

/// Everything in the document that a selector names.
pub fn all(selector: &str) -> Vec<Element> {
    let Ok(list) = document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}
