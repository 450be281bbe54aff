//! The page: which component fills which slot of index.html, and what all of them share.

use crate::engine::{Engine, OwnModel};
use crate::figure;
use crate::form::Sequences;
use crate::gallery::{self, Gallery};
use crate::model::ModelPanel;
use crate::notices::Notices;
use crate::places::{Chapters, Embedded, Places, Switches};
use crate::presets::Presets;
use crate::share::Share;
use crate::state::State;
use crate::status_bar::{StatusBar, Work};
use crate::story::{Extras, Story};
use crate::training::Training;
use crate::words;
use crate::{address, browser, lesson, stage};
use glasses_contract::config::{Origin, Tool};
use glasses_contract::recipe::made_of;
use glasses_contract::{Config, Warning, link};
use glasses_plots::Theme;
use leptos::mount::{mount_to, mount_to_body};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What every component is given.
#[derive(Clone, Copy)]
pub struct Page {
    /// What the reader asks for.
    pub state: State,
    /// Who answers.
    pub engine: Engine,
    /// The reader's own model, and how it is trained.
    pub training: Training,
    /// How figures look.
    pub theme: RwSignal<Theme>,
    /// What a press leads to on the bench, as a selector: the reader sees it as soon as it stands there.
    pub lead: RwSignal<Option<String>>,
    /// Ends a burst of editing: the next change is a new entry of the browser's history.
    pub settle: Callback<()>,
}

impl Page {
    /// Opens the question of a link, as an entry of its own in the browser's history.
    pub fn open(&self, link: &str) {
        self.settle.run(());
        self.state.open(link);
        self.settle.run(());
    }
}

/// What fills a slot.
type Fill = fn(Page) -> AnyView;

/// The slots of index.html, from top to bottom.
const SLOTS: &[(&str, Fill)] = &[
    ("places", |page| view! { <Places page /> }.into_any()),
    ("switches", |page| view! { <Switches page /> }.into_any()),
    ("notices", |page| view! { <Notices page /> }.into_any()),
    ("lesson-bar", |page| view! { <lesson::Bar page /> }.into_any()),
    ("chapters", |page| view! { <Chapters page /> }.into_any()),
    ("story", |page| view! { <Story page /> }.into_any()),
    ("sequences", |page| view! { <Sequences page /> }.into_any()),
    ("extras", |page| view! { <Extras page /> }.into_any()),
    ("presets", |page| view! { <Presets page /> }.into_any()),
    ("model", |page| view! { <ModelPanel page /> }.into_any()),
    ("share", |page| view! { <Share page /> }.into_any()),
    ("status", |page| view! { <StatusBar page /> }.into_any()),
    ("answers", |page| view! { <figure::Answers page /> }.into_any()),
    ("distance-by-n", |page| view! { <figure::DistanceByN page /> }.into_any()),
    ("distance-by-layer", |page| view! { <figure::DistanceByLayer page /> }.into_any()),
    ("next-tokens", |page| view! { <figure::NextTokens page /> }.into_any()),
    ("sensitivity", |page| view! { <figure::Sensitivity page /> }.into_any()),
    ("attention", |page| view! { <figure::Attention page /> }.into_any()),
    ("instruments", |page| view! { <figure::Instruments page /> }.into_any()),
    ("gallery", |page| view! { <Gallery page /> }.into_any()),
    ("teach", |page| view! { <lesson::Teach page /> }.into_any()),
    ("embedded", |page| view! { <Embedded page /> }.into_any()),
    ("work", |page| view! { <Work page /> }.into_any()),
];

/// Opens the page that the address asks for: what leptos mounts at the body is nothing to see, and owns all that is in the slots.
pub async fn start() {
    let (config, mut notes) = address::open();
    notes.extend(words::speak(config.frame.language).await);
    notes.extend(lesson::without_steps(&config.frame));
    mount_to_body(|| open(config, notes));
}

/// Starts the engine, fills the slots.
fn open(config: Config, notes: Vec<Warning>) {
    let engine = Engine::start(config.view.device);
    let training = Training::new();
    let revision = Signal::derive(move || training.own.with(OwnModel::revision));
    let state = State::new(config, notes, revision);
    let settle = address::follow(state);
    let page = Page {
        state,
        engine,
        training,
        theme: browser::style::theme_signal(),
        lead: RwSignal::new(address::figure().map(gallery::place)),
        settle: Callback::new(move |()| settle()),
    };
    ask_what_is_wanted(page);
    stage::follow(page);
    for (name, fill) in SLOTS {
        fill_slot(name, move || fill(page));
    }
}

/// The engine follows the state.
fn ask_what_is_wanted(page: Page) {
    Effect::new(move || page.state.wanted.get().into_iter().for_each(|wanted| page.engine.want(wanted)));
    let device = Memo::new(move |_| page.state.asked.with(|asked| asked.view.device));
    Effect::new(move || page.engine.choose(device.get()));
    // What is kept in this browser is looked at where it matters, and not before.
    let needs_own = Memo::new(move |_| page.state.asked.with(|asked| asked.model.weights == Origin::Own || asked.view.tool == Tool::Train));
    Effect::new(move || {
        if needs_own.get() {
            page.training.wake();
        }
    });
    Effect::new(move || page.engine.own(page.training.own.get()));
    // The run of the recipe that the form holds is shown, where one is kept.
    let recipe = Memo::new(move |_| page.state.admitted.with(|config| link::encode(&made_of(config))));
    Effect::new(move || page.training.look_at(recipe.get()));
    // Another tab may have trained meanwhile.
    let _ = window_event_listener(leptos::ev::focus, move |_| page.training.recall());
    Effect::new(move || page.engine.says.disowned.get().into_iter().for_each(|why| page.state.disown(&why)));
}

/// Puts a component in the place of what index.html holds there until it comes.
fn fill_slot(name: &str, view: impl FnOnce() -> AnyView + 'static) {
    let slot = document().query_selector(&format!("[data-slot={name}]")).ok().flatten();
    match slot.and_then(|slot| slot.dyn_into::<HtmlElement>().ok()) {
        Some(slot) => {
            slot.set_text_content(None);
            mount_to(slot, view).forget();
        }
        None => leptos::logging::error!("index.html has no slot “{name}”"),
    }
}
