//! From what a link says to the state that it opens, and back.
//!
//! Most keys of a link set a field each. Some name a state, which brings other fields with it: [`EXPANSIONS`]. They act first and in the order
//! of that table, wherever they stand in the link; what the link says of single fields is put over them.
//! Only what differs from the state so opened is written, in the order of the table of controls, so one state has one link.

use crate::admit::admit;
use crate::chapters;
use crate::choice::Choice;
use crate::config::{Config, Model, Origin, Place};
use crate::controls::{self, CONTROLS, Control};
use crate::gallery::Exhibit;
use crate::link::{self, Reading};
use crate::models;
use crate::task::Task;
use crate::warning::Warning;
use std::sync::LazyLock;

/// A key that names a state.
struct Expansion {
    key: &'static str,
    /// Opens the state of this name in the place of another, and keeps what is not its own.
    open: fn(&mut Config, &str),
}

/// The keys that name a state, in the order in which they act: a figure of the paper is a whole link, a chapter brings a whole question with
/// it, trained weights a model, a task the sequences to begin with.
static EXPANSIONS: [Expansion; 4] = [
    Expansion {
        key: link::FIGURE,
        open: |config, name| *config = Exhibit::named(name).map(|exhibit| decode(exhibit.link).0).unwrap_or_default(),
    },
    Expansion { key: "at", open: |config, word| at(config, Place::from_word(word).unwrap_or_default()) },
    Expansion { key: "weights", open: |config, word| choose_weights(config, Origin::from_word(word).unwrap_or_default()) },
    Expansion { key: "task", open: |config, word| ask(config, Task::from_word(word).unwrap_or_default()) },
];

fn expansion(key: &str) -> Option<&'static Expansion> {
    EXPANSIONS.iter().find(|expansion| expansion.key == key)
}

/// Goes to a place. A chapter brings its own question with it, and leaves how the page is set.
pub fn at(config: &mut Config, place: Place) {
    if let Some(chapter) = chapters::chapter(place) {
        let device = config.view.device;
        config.experiment = decode(chapter.link).0.experiment;
        config.view.device = device;
    }
    config.frame.at = place;
}

/// Takes the model that goes with the weights, and keeps the float formats.
fn choose_weights(config: &mut Config, origin: Origin) {
    let kept = config.model.formats;
    config.model = match models::trained(origin) {
        Some(trained) => Model { formats: kept, ..trained.model() },
        None => Model { weights: origin, ..config.model.clone() },
    };
}

/// Asks another question; sequences that are still those which a question begins with become those of the other.
pub fn ask(config: &mut Config, task: Task) {
    let input = &mut config.input;
    let ((a, b), next) = (input.task.patterns(), task.patterns());
    if (input.a.as_str(), input.b.as_str()) == (a, b) {
        (input.a, input.b) = (next.0.into(), next.1.into());
    }
    input.task = task;
}

/// The state that a link opens, made one that can be answered, with a sentence for each thing that could not be taken as it was said.
/// See [`link`] for what is read as a link: any text whatever.
pub fn decode(link: &str) -> (Config, Vec<Warning>) {
    let reading = link::read(link);
    let Config { experiment, frame } = expand(&reading);
    let (admitted, replaced) = admit(experiment);
    (Config { experiment: admitted.into_inner(), frame }, [reading.notes, replaced].concat())
}

fn expand(Reading { said, keys, figure, .. }: &Reading) -> Config {
    let mut config = Config::default();
    for Expansion { key, open } in &EXPANSIONS {
        let word = match controls::find(key) {
            Some(control) => keys.contains(key).then(|| (control.write)(said)),
            None => figure.map(|figure| figure.name.into()),
        };
        word.into_iter().for_each(|word| open(&mut config, &word));
    }
    let fields = CONTROLS.iter().filter(|control| keys.contains(control.key) && expansion(control.key).is_none());
    fields.for_each(|control| control.copy(said, &mut config));
    config
}

/// Writes a state as a link, the part of an address behind `#`; the defaults are the empty text.
pub fn encode(config: &Config) -> String {
    // What goes with the place, the weights and the question goes without saying.
    let mut base = Config::default();
    let mut named = Vec::new();
    for Expansion { key, open } in &EXPANSIONS {
        let Some(control) = controls::find(key) else { continue };
        let word = (control.write)(config);
        if word != (control.write)(&base) {
            open(&mut base, &word);
            named.push(*key);
        }
    }
    link::write(config, |control, value| named.contains(&control.key) || value != (control.write)(&base))
}

/// The state that the bare address opens.
pub fn home() -> &'static Config {
    static STATE: LazyLock<Config> = LazyLock::new(|| decode(&format!("v={}&at={}", link::VERSION, chapters::HOME.word())).0);
    &STATE
}

/// Sets a control from text, as a link holds it, and opens what it names.
///
/// # Errors
/// As [`Control::read`]; the configuration is unchanged then.
pub fn read(control: &Control, config: &mut Config, text: &str) -> Result<(), String> {
    set(control, config, |said| control.read(said, text))
}

/// Sets a control from what a person typed into its field, and opens what it names.
///
/// # Errors
/// As [`Control::enter`]; the configuration is unchanged then.
pub fn enter(control: &Control, config: &mut Config, text: &str) -> Result<(), String> {
    set(control, config, |said| control.enter(said, text))
}

fn set(control: &Control, config: &mut Config, take: impl FnOnce(&mut Config) -> Result<(), String>) -> Result<(), String> {
    let Some(Expansion { open, .. }) = expansion(control.key) else { return take(config) };
    let mut said = Config::default();
    take(&mut said)?;
    open(config, &(control.write)(&said));
    Ok(())
}
