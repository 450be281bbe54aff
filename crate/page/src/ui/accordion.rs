//! The accordion: on a narrow screen the figures further down the bench are folded behind their headings, until one is pressed or led to.

use super::document::{all, parts};
use crate::browser::watch;
use crate::context::Context;
use glasses_contract::config::{Part, Place, Presenting, Tool};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// What is folded. The distance over n and what each token counts never are.
const FOLDED: [Part; 5] = [Part::Meeting, Part::ByLayer, Part::Next, Part::Attention, Part::Instruments];

/// Where everything stands one below the other, as layout.css has it. Paper is never narrow.
const NARROW: &str = "screen and (width < 60rem)";

/// Folds and flattens as the window and the place change.
pub fn follow(page: Context) {
    let is_narrow = watch::matching(NARROW);
    let is_on = Memo::new(move |_| {
        let is_bench = page.state.asked.with(|asked| {
            let frame = &asked.frame;
            frame.at == Place::Bench && frame.embed == Part::Page && frame.present == Presenting::Off
        });
        is_narrow.get() && is_bench
    });
    // Where nothing depends on n, the distance by layer takes the place of that by n.
    let is_folded = move |part: Part| is_on.get() && (part != Part::ByLayer || page.state.depends_on_n.get());
    Effect::new(move || {
        for part in FOLDED {
            for section in parts(part) {
                if is_folded(part) { fold(&section) } else { flatten(&section) }
            }
        }
    });
    // Who is led to an instrument, or was sent one, finds it open.
    let tool = Memo::new(move |_| page.state.asked.with(|asked| asked.view.tool));
    Effect::new(move |before: Option<Tool>| {
        if tool.get() != before.unwrap_or_default() {
            parts(Part::Instruments).iter().for_each(|section| set(section, false));
        }
        tool.get()
    });
    Effect::new(move || {
        let led_to = page.scroll_target.get().and_then(|selector| all(&selector).into_iter().next());
        if let Some(section) = led_to.and_then(|part| part.closest("[data-folded]").ok()?) {
            set(&section, false);
        }
    });
    window_event_listener(leptos::ev::click, |event| {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest(".unfold").ok()?);
        if let Some(section) = pressed.and_then(|pressed| pressed.closest("[data-part]").ok()?) {
            set(&section, !section.has_attribute("data-folded"));
        }
    });
}

/// Folds a part behind its heading, which becomes a button.
fn fold(section: &Element) {
    let Some(heading) = heading(section).filter(|heading| button(heading).is_none()) else { return };
    let Ok(button) = document().create_element("button") else { return };
    button.set_class_name("unfold");
    button.set_text_content(heading.text_content().as_deref());
    button.set_attribute("type", "button").unwrap_or_default();
    heading.replace_children_with_node_1(&button);
    set(section, true);
}

/// Makes it a heading again, over all of the part.
fn flatten(section: &Element) {
    let Some(heading) = heading(section).filter(|heading| button(heading).is_some()) else { return };
    set(section, false);
    heading.set_text_content(heading.text_content().as_deref());
}

fn set(section: &Element, is_folded: bool) {
    // Attributes of plain names can always be set.
    section.toggle_attribute_with_force("data-folded", is_folded).unwrap_or_default();
    if let Some(button) = heading(section).and_then(|heading| button(&heading)) {
        button.set_attribute("aria-expanded", if is_folded { "false" } else { "true" }).unwrap_or_default();
    }
}

fn heading(section: &Element) -> Option<Element> {
    section.query_selector("h2").ok().flatten()
}

fn button(heading: &Element) -> Option<Element> {
    heading.query_selector(".unfold").ok().flatten()
}
