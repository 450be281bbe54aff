//! From what a link says to the state that it opens, and back.
//!
//! Most keys of a link set a field each. Some name a state, which brings other fields with it: a figure of the paper, which is a whole link,
//! and [`STATES`]. They act first and in this order, wherever they stand in the link; what the link says of single fields is put over them.
//! Only what differs from the state so opened is written, in the order of the table of controls, so one state has one link.

use crate::admit::{Admitted, admit, fit_to};
use crate::chapters;
use crate::choice::Choice;
use crate::config::{Config, Experiment, Frame, Input, Model, Place, View, WeightsSource};
use crate::controls::{self, CONTROLS, Control};
use crate::link::{self, Reading, STATES};
use crate::models;
use crate::sentence;
use crate::sentence::Sentence;
use crate::task::Task;
use crate::warning::Warning;
use std::sync::LazyLock;

/// Opens the state of a name in the place of another, and keeps what is not its own.
type Open = fn(&mut Config, &str);

/// What each of [`STATES`] opens.
static EXPANSIONS: [Open; STATES.len()] = [
    |config, word| at(config, Place::from_word(word).unwrap_or_default()),
    |config, word| choose_weights(config, WeightsSource::from_word(word).unwrap_or_default()),
    |config, word| ask(config, Task::from_word(word).unwrap_or_default()),
];

fn expansions() -> impl Iterator<Item = (&'static Control, Open)> {
    STATES.into_iter().zip(EXPANSIONS).filter_map(|(key, open)| Some((controls::find(key)?, open)))
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
fn choose_weights(config: &mut Config, origin: WeightsSource) {
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
    let (admitted, frame, notes) = admitted(link);
    (Config { experiment: admitted.into_inner(), frame }, notes)
}

/// The same state as an engine takes it, and how the page is set.
pub fn admitted(link: &str) -> (Admitted, Frame, Vec<Warning>) {
    let reading = link::read(link);
    let Config { experiment, frame } = expand(&reading);
    let (admitted, replaced) = admit(experiment);
    let pinned = pinned_notes(&admitted);
    (admitted, frame, [reading.notes, replaced, pinned].concat())
}

/// What of the links of pinned curves could not be taken as it was said.
fn pinned_notes(config: &Experiment) -> Vec<Warning> {
    let notes = config.view.pinned.links().iter().flat_map(|link| link::read(link).notes);
    notes.map(|note| Warning::about("pin", sentence!("A pinned curve: {}", note.sentence))).collect()
}

/// The link that pins an experiment's distances at every n: of what they depend on alone, and of how far they go nothing.
pub fn pin(experiment: &Experiment) -> String {
    let plain = Input::default();
    let input = Input { n: plain.n, max_n: plain.max_n, ..experiment.input.clone() };
    let link = encode(&Config::from(Experiment { input, model: experiment.model.clone(), ..Experiment::default() }));
    if link.is_empty() { format!("v={}", link::VERSION) } else { link }
}

/// The experiment of a pinned curve, as far as the one beside it goes.
pub fn pinned(link: &str, beside: &Experiment) -> Experiment {
    let mut experiment = expand(&link::read(link)).experiment;
    experiment.input.max_n = beside.input.max_n;
    experiment.view = View { metric: beside.view.metric, ..View::default() };
    experiment
}

/// The same on a language model, whose file was given: what it decides is taken from it, whatever the link says.
///
/// # Errors
/// A sentence, if the link is of another file.
pub fn admitted_on(link: &str, own: &Model) -> Result<(Admitted, Frame, Vec<Warning>), Sentence> {
    let reading = link::read(link);
    let Config { mut experiment, frame } = expand(&reading);
    if let (Some(meant), Some(given)) = (experiment.model.file, own.file)
        && meant != given
    {
        return Err(sentence!(
            "The link is of the language model whose file has the hash {}, and the file that was given has {}.",
            meant.to_string(),
            given.to_string()
        ));
    }
    let taken = fit_to(&mut experiment.model, own.clone());
    let is_said = |key: &&&str| **key != "model" && reading.keys.contains(**key);
    let taken = taken
        .iter()
        .filter(is_said)
        .map(|&key| Warning::about(key, sentence!("The weights were trained with another “{}”; theirs is taken.", key)));
    let mut notes = reading.notes.clone();
    notes.extend(taken);
    let (admitted, replaced) = admit(experiment);
    notes.extend(replaced);
    notes.extend(pinned_notes(&admitted));
    Ok((admitted, frame, notes))
}

fn expand(Reading { said, keys, figure, .. }: &Reading) -> Config {
    let mut config = figure.map(|figure| decode(figure.link).0).unwrap_or_default();
    for (control, open) in expansions().filter(|(control, _)| keys.contains(control.key)) {
        open(&mut config, &(control.write)(said));
    }
    let fields = CONTROLS.iter().filter(|control| keys.contains(control.key) && !STATES.contains(&control.key));
    fields.for_each(|control| control.copy(said, &mut config));
    config
}

/// Writes a state as a link, the part of an address behind `#`; the defaults are the empty text.
pub fn encode(config: &Config) -> String {
    // What goes with the place, the weights and the question goes without saying.
    let mut base = Config::default();
    let mut named = Vec::new();
    for (control, open) in expansions() {
        let word = (control.write)(config);
        if word != (control.write)(&base) {
            open(&mut base, &word);
            named.push(control.key);
        }
    }
    link::write(config, |control, value| named.contains(&control.key) || value != (control.write)(&base))
}

/// The state that the bare address opens.
pub fn home() -> &'static Config {
    static STATE: LazyLock<Config> = LazyLock::new(|| decode(&home_link()).0);
    &STATE
}

/// The link that the bare address stands for.
pub fn home_link() -> String {
    format!("v={}&at={}", link::VERSION, chapters::HOME.word())
}

/// Sets a control from text, as a link holds it, and opens what it names.
///
/// # Errors
/// As [`Control::read`]; the configuration is unchanged then.
pub fn read(control: &Control, config: &mut Config, text: &str) -> Result<(), Sentence> {
    set(control, config, |said| control.read(said, text))
}

/// Sets a control from what a person typed into its field, and opens what it names.
///
/// # Errors
/// As [`Control::enter`]; the configuration is unchanged then.
pub fn enter(control: &Control, config: &mut Config, text: &str) -> Result<(), String> {
    set(control, config, |said| control.enter(said, text))
}

fn set<E>(control: &Control, config: &mut Config, take: impl FnOnce(&mut Config) -> Result<(), E>) -> Result<(), E> {
    let Some((_, open)) = expansions().find(|(naming, _)| naming.key == control.key) else { return take(config) };
    let mut said = Config::default();
    take(&mut said)?;
    open(config, &(control.write)(&said));
    Ok(())
}
