//! The ways through the page: places, chapters, and the switches of language, light and presentation.

use crate::context::Context;
use crate::state::Action;
use crate::state::url;
use glasses_contract::chapters::{self, CHAPTERS};
use glasses_contract::config::{Language, Part, Place, Presenting, Scheme};
use glasses_contract::locale::{later, tr};
use glasses_contract::{Choice, say};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The first stop of the Tab key: past the ways through the page, to what is there. Seen while it has the focus.
#[component]
pub fn Skip() -> impl IntoView {
    let lead = |_| {
        let main = document().query_selector("main").ok().flatten().and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(main) = main {
            // An attribute of a plain name can always be set, and what has it can have the focus.
            main.set_tab_index(-1);
            main.focus().unwrap_or_default();
        }
    };
    view! { <button type="button" class="button unseen" style:position="absolute" on:click=lead>{say!("Skip to the content")}</button> }
}

/// Story, bench, gallery and lessons.
#[component]
pub fn NavBar(page: Context) -> impl IntoView {
    let at = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.at));
    let is_story = move || chapters::chapter(at.get()).is_some();
    // Back in the story one reads on where one was.
    let chapter = Memo::new(move |before: Option<&Place>| {
        let at = at.get();
        if chapters::chapter(at).is_some() { at } else { before.copied().unwrap_or(chapters::HOME) }
    });
    let other = move |place: Place| {
        view! { <NavLink page place is_here=Signal::derive(move || at.get() == place) label=tr(place.entry().label).to_string() /> }
    };
    view! {
        <NavLink page place=chapter is_here=Signal::derive(is_story) label=say!("Story").to_string() />
        {[Place::Bench, Place::Gallery, Place::Teach].map(other).collect_view()}
    }
}

/// The chapters of the story, by number.
#[component]
pub fn Chapters(page: Context) -> impl IntoView {
    let at = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.at));
    let item = move |(index, chapter): (usize, &'static chapters::Chapter)| {
        let place = chapter.place;
        view! {
            <li>
                <NavLink page place is_here=Signal::derive(move || at.get() == place) label=format!("{} {}", index + 1, tr(place.entry().label)) />
            </li>
        }
    };
    let list = NodeRef::<leptos::html::Ol>::new();
    // On a narrow screen the list is longer than the screen is wide: the chapter that is open is in sight.
    Effect::new(move || {
        let (at, Some(list)) = (at.get(), list.get()) else { return };
        let index = CHAPTERS.iter().position(|chapter| chapter.place == at).unwrap_or(0) as u32;
        if let Some(item) = list.children().item(index).and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
            list.set_scroll_left(item.offset_left() - list.offset_left() - (list.client_width() - item.offset_width()) / 2);
        }
    });
    view! { <ol node_ref=list>{CHAPTERS.iter().enumerate().map(item).collect_view()}</ol> }
}

/// The parts of the bench below its texts, and the word that leads to each.
const ANCHORS: [(Part, &str); 7] = [
    (Part::ByN, later("Distance")),
    (Part::Sensitivity, later("Sensitivity")),
    (Part::Meeting, later("Meeting")),
    (Part::ByLayer, later("Layer by layer")),
    (Part::Next, later("Next token")),
    (Part::Attention, later("Attention")),
    (Part::Instruments, later("Instruments")),
];

/// The way to each figure of the bench. What is not shown has none.
#[component]
pub fn Anchors(page: Context) -> impl IntoView {
    let state = page.state;
    let anchor = move |(part, label): (Part, &'static str)| {
        let is_absent = Memo::new(move |_| {
            let is_idle = matches!(part, Part::ByN | Part::Meeting) && !state.depends_on_n.get();
            is_idle || !state.asked.with(|asked| chapters::shows(&asked.frame, part))
        });
        let lead = move |_| page.scroll_target.set(Some(format!("[data-part={}]", part.word())));
        view! { <button type="button" class="tab" hidden=move || is_absent.get() on:click=lead>{tr(label)}</button> }
    };
    ANCHORS.map(anchor).collect_view()
}

/// A link to a place. It is a whole address, so that it can be opened in another tab.
#[component]
pub fn NavLink(page: Context, #[prop(into)] place: Signal<Place>, is_here: Signal<bool>, label: String) -> impl IntoView {
    let href = move || {
        let place = place.get();
        // A chapter brings its own question: where it leads changes with how the page is set, and with no keystroke. The one about the reader's own
        // texts takes them along.
        if chapters::chapter(place).is_some() && place != Place::Yours {
            page.state.around.track()
        } else {
            page.state.asked.track()
        }
        url::href(&untrack(|| page.state.after(Action::GoTo(place))))
    };
    view! { <a href=href aria-current=move || is_here.get().then_some("true") on:click=move |_| page.state.commit()>{label}</a> }
}

/// Language, light or dark, presentation.
#[component]
pub fn Toggles(page: Context) -> impl IntoView {
    let state = page.state;
    let frame = move |change: fn(&mut glasses_contract::config::Frame)| state.choose(|asked| change(&mut asked.frame));
    let language = |language: Language| {
        let href = move || {
            let mut config = state.asked.get();
            config.frame.language = language;
            url::href(&config)
        };
        let is_spoken = Language::spoken() == language;
        view! { <a href=href lang=language.word() hreflang=language.word() hidden=is_spoken>{language.entry().label}</a> }
    };
    let scheme = Memo::new(move |_| state.asked.with(|asked| asked.frame.theme));
    let sign = move || match scheme.get() {
        Scheme::Auto => "◐",
        Scheme::Light => "☀",
        Scheme::Dark => "☾",
    };
    let theme_label = move || say!("Theme: {}", tr(scheme.get().entry().label));
    let next_scheme = move |_| {
        frame(|frame| {
            frame.theme = match frame.theme {
                Scheme::Auto => Scheme::Light,
                Scheme::Light => Scheme::Dark,
                Scheme::Dark => Scheme::Auto,
            }
        });
    };
    let is_presenting = Memo::new(move |_| state.asked.with(|asked| asked.frame.present == Presenting::On));
    let present = move |_| {
        frame(|frame| {
            frame.present = if frame.present == Presenting::On { Presenting::Off } else { Presenting::On };
        });
    };
    // A lesson that is presented has its own way out, in the bar.
    let is_led = Memo::new(move |_| is_presenting.get() && state.given() > 0);
    let can_share = Memo::new(move |_| state.asked.with(|asked| chapters::shows(&asked.frame, Part::Share)));
    let share = move |_| page.scroll_target.set(Some("[data-part=share]".into()));
    view! {
        {Language::ALL.iter().copied().map(language).collect_view()}
        <button type="button" class="switch" aria-label=theme_label title=theme_label on:click=next_scheme>{sign}</button>
        <button type="button" class="switch to-share" hidden=move || !can_share.get() on:click=share>{say!("Share")}</button>
        <button
            type="button"
            class="switch"
            hidden=move || is_led.get()
            aria-pressed=move || is_presenting.get().to_string()
            title=say!("Large type and no controls; arrow keys or Space to move on, Escape to leave")
            on:click=present
        >
            {move || if is_presenting.get() { say!("End") } else { say!("Present") }}
        </button>
    }
}

/// In a frame of another page: the way to the whole.
#[component]
pub fn Embedded(page: Context) -> impl IntoView {
    let whole = move || {
        let mut config = page.state.asked.get();
        config.frame.embed = glasses_contract::config::Part::Page;
        url::link_to(&config)
    };
    view! { <a href=whole target="_blank" rel="noopener">{say!("Open in Glasses")}</a> }
}
