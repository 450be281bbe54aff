//! How the page looks: light or dark is decided here, once for the document, the figures on their canvases, saved pictures and paper.

use super::print::{self, Medium};
use super::{optional, watch};
use glasses_contract::Choice;
use glasses_contract::config::Scheme;
use glasses_contract::drawing::Side;
use glasses_plots::Theme;
use leptos::prelude::*;
use web_sys::CssStyleDeclaration;

/// How everything is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// In which colours and fonts.
    pub theme: Theme,
    /// On what.
    pub medium: Medium,
}

/// What the system may choose, and change while the page is open.
const SYSTEM: [&str; 3] = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"];

/// Where a browser tells of no change, it is noticed when the reader comes back to the page.
const RETURNS: [&str; 2] = ["focus", "pageshow"];

/// The look from here on: the link's choice of light or dark, the system's where the link makes none, and light on paper. The document
/// follows with it.
pub fn follow(chosen: Signal<Scheme>) -> Signal<Look> {
    let look = RwSignal::new(settled(chosen.get_untracked(), Medium::Screen));
    let settle = move |medium| {
        let settled = settled(chosen.get_untracked(), medium);
        if look.with_untracked(|look| *look != settled) {
            look.set(settled);
        }
    };
    let settle_again = move || settle(look.with_untracked(|look| look.medium));
    Effect::new(move || {
        chosen.track();
        settle_again();
    });
    SYSTEM.iter().for_each(|query| watch::media(query, move |_| settle_again()));
    RETURNS.iter().for_each(|event| drop(window_event_listener_untyped(event, move |_| settle_again())));
    print::follow(settle);
    look.into()
}

/// Puts the choice into the document, whose style sheet does the rest, and reads off it what figures are drawn in.
fn settled(chosen: Scheme, medium: Medium) -> Look {
    if let Some(root) = document().document_element() {
        let done =
            if chosen == Scheme::Auto { root.remove_attribute("data-theme") } else { root.set_attribute("data-theme", chosen.word()) };
        // An attribute of a plain name can always be set.
        done.unwrap_or_default();
    }
    tint(chosen);
    let style = root_style();
    let theme = Theme::from_tokens(|name| match (name, medium) {
        // The style sheet for paper is not in force yet when the figures are drawn for it.
        ("--scheme", Medium::Paper) => Some(Side::Light.word().into()),
        _ => style.as_ref()?.get_property_value(name).ok(),
    });
    Look { theme, medium }
}

/// The colour of the browser's own bars: index.html has one for each side, and says which is the system's.
fn tint(chosen: Scheme) {
    for side in Side::ALL {
        let media = match chosen {
            Scheme::Auto => format!("(prefers-color-scheme: {})", side.word()),
            _ if chosen.word() == side.word() => "all".into(),
            _ => "not all".into(),
        };
        if let Ok(Some(meta)) = document().query_selector(&format!("meta[name=theme-color][data-side={}]", side.word())) {
            // An attribute of a plain name can always be set.
            meta.set_attribute("media", &media).unwrap_or_default();
        }
    }
}

/// How much larger than usual the page's type is, and never less than 1: presenting makes it larger, and so may a reader's browser.
pub fn type_zoom() -> f64 {
    /// The size of type where nobody asks for another, in CSS pixels.
    const USUAL: f64 = 16.0;
    let size = root_style().and_then(|style| style.get_property_value("font-size").ok());
    let pixels = size.and_then(|size| size.trim().strip_suffix("px")?.parse::<f64>().ok());
    pixels.map_or(1.0, |pixels| (pixels / USUAL).max(1.0))
}

fn root_style() -> Option<CssStyleDeclaration> {
    window().get_computed_style(&document().document_element()?).ok().flatten()
}

/// How many bitmap pixels make a CSS pixel: at least two, so that curves look smooth, and no more than an eye can tell.
pub fn pixel_ratio() -> f64 {
    let told = optional::of_window("devicePixelRatio").and_then(|ratio| ratio.as_f64()).filter(|ratio| ratio.is_finite());
    told.unwrap_or(1.0).clamp(2.0, 3.0)
}
