//! The page: which component fills which slot of index.html, and what all of them share.

use crate::browser::style;
use crate::context::{Context, figure_selector};
use crate::figure;
use crate::form::Sequences;
use crate::i18n;
use crate::language_model::LanguageModels;
use crate::state::notes::Notes;
use crate::state::sketch::Sketchbook;
use crate::state::undo::{self, UndoHistory};
use crate::state::url;
use crate::state::{Drafts, State};
use crate::ui::gallery::Gallery;
use crate::ui::game::Game;
use crate::ui::language_model::LanguageModelCard;
use crate::ui::model::ModelPanel;
use crate::ui::nav::{Anchors, Chapters, Embedded, NavBar, Skip, Toggles};
use crate::ui::notices::Notices;
use crate::ui::presets::Presets;
use crate::ui::share::Share;
use crate::ui::status::{StatusBar, Work};
use crate::ui::story::{Extras, Story};
use crate::ui::{accordion, document, lesson, shortcuts};
use crate::worker::training::Training;
use crate::worker::{Engine, OwnModel};
use glasses_contract::Config;
use glasses_contract::config::{Tool, WeightsSource};
use glasses_contract::open;
use glasses_contract::recipe::training_config;
use glasses_plots::View;
use leptos::mount::{mount_to, mount_to_body};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What fills a slot.
type Fill = fn(Context) -> AnyView;

/// Whose the words in a slot are. A browser that translates pages puts others in the place of each piece of text, and what the program writes
/// into a piece that is gone is seen by nobody.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// The program's, which changes them: they stay as they are.
    Live,
    /// Prose, which is set as a whole if at all: it may be translated. What is live in it is marked there.
    Prose,
}
use Text::{Live, Prose};

/// The slots of index.html, from top to bottom.
const SLOTS: &[(&str, Text, Fill)] = &[
    ("skip", Live, |_| view! { <Skip /> }.into_any()),
    ("places", Live, |page| view! { <NavBar page /> }.into_any()),
    ("switches", Live, |page| view! { <Toggles page /> }.into_any()),
    ("notices", Live, |page| view! { <Notices page /> }.into_any()),
    ("lesson-bar", Live, |page| view! { <lesson::Bar page /> }.into_any()),
    ("chapters", Live, |page| view! { <Chapters page /> }.into_any()),
    ("story", Prose, |page| view! { <Story page /> }.into_any()),
    ("sequences", Live, |page| view! { <Sequences page /> }.into_any()),
    ("extras", Live, |page| view! { <Extras page /> }.into_any()),
    ("presets", Live, |page| view! { <Presets page /> }.into_any()),
    ("language-model", Live, |page| view! { <LanguageModelCard page /> }.into_any()),
    ("model", Live, |page| view! { <ModelPanel page /> }.into_any()),
    ("share", Live, |page| view! { <Share page /> }.into_any()),
    ("anchors", Live, |page| view! { <Anchors page /> }.into_any()),
    ("status", Live, |page| view! { <StatusBar page /> }.into_any()),
    ("answers", Live, |page| view! { <figure::Answers page /> }.into_any()),
    ("game", Live, |page| view! { <Game page /> }.into_any()),
    ("meeting", Live, |page| view! { <figure::Meeting page /> }.into_any()),
    ("rounding", Live, |page| view! { <figure::Rounding page /> }.into_any()),
    ("distance-by-n", Live, |page| view! { <figure::DistanceByN page /> }.into_any()),
    ("distance-by-layer", Live, |page| view! { <figure::DistanceByLayer page /> }.into_any()),
    ("next-tokens", Live, |page| view! { <figure::NextTokens page /> }.into_any()),
    ("sensitivity", Live, |page| view! { <figure::Sensitivity page /> }.into_any()),
    ("attention", Live, |page| view! { <figure::Attention page /> }.into_any()),
    ("instruments", Live, |page| view! { <figure::Tools page /> }.into_any()),
    ("gallery", Prose, |page| view! { <Gallery page /> }.into_any()),
    ("teach", Live, |page| view! { <lesson::Lesson page /> }.into_any()),
    ("embedded", Live, |page| view! { <Embedded page /> }.into_any()),
    ("work", Live, |page| view! { <Work page /> }.into_any()),
];

/// Opens the page that the address asks for: what leptos mounts at the body is nothing to see, and owns all that is in the slots.
pub async fn start() {
    let (config, about_link) = url::open();
    let no_texts = i18n::speak(config.frame.language).await;
    mount_to_body(|| {
        let notes = Notes::new(no_texts.into_iter().collect());
        notes.opened(about_link);
        open(config, notes)
    });
}

/// Starts the engine, fills the slots.
fn open(config: Config, notes: Notes) {
    let engine = Engine::start(config.view.device);
    let training = Training::new();
    let revision = Signal::derive(move || training.own.with(OwnModel::revision));
    let language_model = Memo::new(move |_| engine.signals.language_model.with(|of| of.info().cloned()));
    let state = State::new(config, notes, revision, language_model.into());
    let drafts = Drafts::new(state);
    let is_unwritten = url::follow(state);
    let history = UndoHistory::new(state, drafts);
    let page = Context {
        state,
        drafts,
        history,
        engine,
        language_models: LanguageModels::new(engine),
        training,
        look: style::follow(Memo::new(move |_| state.asked.with(|asked| asked.frame.theme)).into()),
        view: Memo::new(move |_| state.admitted.with(|config| View::from(&**config))),
        veil: RwSignal::new(Vec::new()),
        film: RwSignal::new(None),
        sketchbook: Sketchbook::new(),
        scroll_target: RwSignal::new(url::figure().map(figure_selector)),
        is_unwritten,
        in_sight: RwSignal::default(),
        figures: RwSignal::default(),
    };
    ask_what_is_wanted(page);
    document::follow(page);
    accordion::follow(page);
    shortcuts::follow(page);
    undo::follow(history);
    for &(name, text, fill) in SLOTS {
        fill_slot(name, text, move || fill(page));
    }
}

/// The engine follows the state.
fn ask_what_is_wanted(page: Context) {
    Effect::new(move || page.state.wanted.get().into_iter().for_each(|wanted| page.engine.want(wanted)));
    let device = Memo::new(move |_| page.state.asked.with(|asked| asked.view.device));
    Effect::new(move || page.engine.choose(device.get()));
    // What is kept in this browser is looked at where it matters, and not before.
    let needs_own =
        Memo::new(move |_| page.state.asked.with(|asked| asked.model.weights == WeightsSource::Own || asked.view.tool == Tool::Train));
    Effect::new(move || {
        if needs_own.get() {
            page.training.wake();
        }
    });
    Effect::new(move || page.engine.own(page.training.own.get()));
    // The run of the recipe that the form holds is shown, where one is kept.
    let recipe = Memo::new(move |_| page.state.admitted.with(|config| open::encode(&training_config(config))));
    Effect::new(move || page.training.look_at(recipe.get()));
    // Another tab may have trained meanwhile.
    let _ = window_event_listener(leptos::ev::focus, move |_| page.training.recall());
    Effect::new(move || page.engine.signals.disowned.get().into_iter().for_each(|why| page.state.fall_back_to_seed(&why)));
}

/// Asks programs that translate pages to leave an element as it is: by the standard, and as Google's says it.
fn keep_from_translators(element: &HtmlElement) {
    element.set_attribute("translate", "no").and_then(|()| element.class_list().add_1("notranslate")).unwrap_or_default();
}

/// Puts a component in the place of what index.html holds there until it comes.
fn fill_slot(name: &str, text: Text, view: impl FnOnce() -> AnyView + 'static) {
    let slot = document().query_selector(&format!("[data-slot={name}]")).ok().flatten();
    match slot.and_then(|slot| slot.dyn_into::<HtmlElement>().ok()) {
        Some(slot) => {
            slot.set_text_content(None);
            if text == Live {
                keep_from_translators(&slot);
            }
            mount_to(slot, view).forget();
        }
        None => leptos::logging::error!("index.html has no slot “{name}”"),
    }
}
