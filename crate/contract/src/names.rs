//! What a model is called in legends and sentences: where its weights come from, its shape, and what of it is not plain.

use crate::choice::Choice;
use crate::config::{Config, Experiment, Model, Position, Which};
use crate::controls::{CONTROLS, Control, Group, Kind};
use crate::models;
use crate::quote::quote;
use crate::report::ModelInfo;
use crate::say;

/// Which model drew a figure: “seeded random weights, 4 layers × 4 heads, d = 64, seed 1, no positions”, and what of it is not plain.
pub fn model(info: &ModelInfo) -> String {
    let mut parts = vec![info.name.to_string(), shape_behind_name(&info.config)];
    parts.extend([Group::Model, Group::Attention, Group::Formats].into_iter().flat_map(|group| changed(group, &info.config)));
    parts.join(say!(", "))
}

/// The same of a figure that shows one of the two sequences.
pub fn reader(which: Which, info: &ModelInfo) -> String {
    say!("sequence {}, {}", which.label(), model(info))
}

/// A model's shape: “4 layers × 4 heads, d = 64, seed 1, no positions”.
pub fn shape(model: &Model) -> String {
    shape_with(model, Some(positions(model.position)))
}

/// The same behind the model's name, without the positions where that says them.
pub fn shape_behind_name(model: &Model) -> String {
    shape_with(model, (!names_positions(model)).then(|| positions(model.position)))
}

fn shape_with(model: &Model, positions: Option<String>) -> String {
    let parts = [size(model)].into_iter().chain(seed(model)).chain(positions).chain([model.norm.label().into()]);
    parts.collect::<Vec<String>>().join(say!(", "))
}

/// “4 layers × 4 heads, d = 64”.
fn size(model: &Model) -> String {
    let layers = if model.layers == 1 { say!("1 layer").into() } else { say!("{} layers", model.layers) };
    let heads = if model.heads == 1 { say!("1 head").into() } else { say!("{} heads", model.heads) };
    say!("{} × {}, d = {}", layers, heads, model.width)
}

/// The seed, unless the weights come in a file. Those that the reader trains began as the seed draws them.
fn seed(model: &Model) -> Option<String> {
    let is_read = model.file.is_some() || model.weights.is_shipped();
    (!is_read).then(|| say!("seed {}", model.seed))
}

/// Whether a model's name says its positions: those of a model that comes with the page and is named after them.
fn names_positions(model: &Model) -> bool {
    models::trained(model.weights).is_some_and(|trained| {
        model.file.is_none() && model.weights.is_named_after_positions() && trained.model().position == model.position
    })
}

/// In what one experiment is not another, each in a few words: “rotary positions”, “sequence A “10110””. What is looked at, and at which n, is left out.
pub fn difference(of: &Experiment, from: &Experiment) -> Vec<String> {
    let [of, from] = [of, from].map(|experiment| Config::from(experiment.clone()));
    let differs = |control: &&Control| (control.write)(&of) != (control.write)(&from);
    let is_of_model = |control: &&Control| matches!(control.group, Group::Model | Group::Attention | Group::Formats);
    let is_told = |control: &&Control| is_of_model(control) || control.group == Group::Sequences && !SWEPT.contains(&control.key);
    // Trained weights bring a model of their own.
    let brings = (of.model.weights, of.model.file) != (from.model.weights, from.model.file)
        && (of.model.weights.is_shipped() || of.model.file.is_some());
    let name = brings.then(|| models::name(&of.model).to_string());
    let others = CONTROLS.iter().filter(is_told).filter(|control| !brings || control.group != Group::Model);
    name.into_iter().chain(others.filter(differs).filter(|control| (control.matters)(&of)).map(|control| told(control, &of))).collect()
}

/// The controls of the sequences that a sweep runs over.
const SWEPT: [&str; 2] = ["n", "max"];

/// The value of a control in a few words.
fn told(control: &Control, config: &Config) -> String {
    let value = (control.write)(config);
    let name = lower(control.label());
    match &control.kind {
        Kind::Words(words) => {
            let label = words.iter().find(|word| word.word == value).map_or("", |word| word.label());
            match control.key {
                "pos" => positions(config.model.position),
                // The norms and the members of the attention formula have names of their own; “off” and “bf16” need to be told of what.
                "norm" => label.into(),
                _ if control.group == Group::Attention => label.into(),
                _ => say!("{} {}", name, label),
            }
        }
        _ if value.is_empty() => say!("no {}", name),
        Kind::Text { .. } => say!("{} “{}”", name, quote(&value)),
        _ => format!("{name} = {value}"),
    }
}

fn positions(position: Position) -> String {
    match position {
        Position::None => say!("no positions").into(),
        position => say!("{} positions", position.label()),
    }
}

/// What of a group of controls is not plain, each in a few words; parameters of a choice that was made among it.
pub fn changed(group: Group, model: &Model) -> Vec<String> {
    let (config, plain) = (Config::from(Experiment { model: model.clone(), ..Experiment::default() }), Config::default());
    let is_changed = |control: &&Control| {
        let is_parameter = !(control.matters)(&plain);
        (control.matters)(&config) && (is_parameter || (control.write)(&config) != (control.write)(&plain))
    };
    let is_said = |control: &&Control| !IN_SHAPE.contains(&control.key);
    CONTROLS
        .iter()
        .filter(|control| control.group == group)
        .filter(is_said)
        .filter(is_changed)
        .map(|control| told(control, &config))
        .collect()
}

/// The keys that [`shape`] and a model's name speak of.
const IN_SHAPE: [&str; 8] = ["weights", "model", "layers", "heads", "d", "seed", "pos", "norm"];

/// With a small letter in front, where it is not a name such as L∞ or BOS.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    let (first, second) = (letters.next(), label.chars().nth(1));
    match (first, second) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FileHash, Format, Reach, Residual, Scale, WeightsSource};
    use crate::sentence::Sentence;

    #[test]
    fn a_model_is_named_by_all_that_makes_it() {
        let mut config = Model::default();
        assert_eq!(shape(&config), "4 layers × 4 heads, d = 64, seed 1, no positions, layer norm");
        (config.layers, config.position) = (1, Position::Rotary);
        assert_eq!(shape(&config), "1 layer × 4 heads, d = 64, seed 1, rotary positions, layer norm");
        config.file = FileHash::read("0123abcd");
        assert_eq!(shape(&config), "1 layer × 4 heads, d = 64, rotary positions, layer norm");
        let trained = Model { file: None, weights: WeightsSource::Rotary, ..config.clone() };
        assert_eq!(shape(&trained), shape(&config), "no seed draws what was trained");
        let info = ModelInfo { name: Sentence::verbatim("a model"), config, parameters: 0 };
        assert_eq!(reader(Which::B, &info), format!("sequence B, a model, {}", shape(&info.config)));
    }

    #[test]
    fn a_trained_model_is_said_to_have_its_positions_once() {
        let info = |config: Model| model(&ModelInfo { name: models::name(&config), config, parameters: 0 });
        let opened = |link: &str| crate::open::decode(link).0.experiment.model;
        for (link, expected) in [
            ("v=1&weights=alibi", "our tiny model, trained, ALiBi, 3 layers × 4 heads, d = 64, layer norm"),
            ("v=1&weights=nopos", "our tiny model, trained, no positions, 3 layers × 4 heads, d = 64, layer norm"),
            ("v=1&weights=sigmoid", "our tiny model, trained, sigmoid, 3 layers × 4 heads, d = 64, rotary positions, layer norm, sigmoid"),
            ("v=1", "seeded random weights, 4 layers × 4 heads, d = 64, seed 1, no positions, layer norm"),
        ] {
            assert_eq!(info(opened(link)), expected);
        }
        let changed = Model { position: Position::Rotary, ..opened("v=1&weights=alibi") };
        let told = "our tiny model, trained, ALiBi, changed after training, 3 layers × 4 heads, d = 64, rotary positions, layer norm";
        assert_eq!(info(changed), told, "its name does not say them");
        for &origin in WeightsSource::ALL.iter().filter(|origin| origin.is_named_after_positions()) {
            let position = models::trained(origin).map_or(Position::default(), |trained| trained.model().position);
            let words = positions(position);
            assert!(origin.entry().label.contains(words.trim_end_matches(" positions")), "{origin:?}: {words}");
        }
    }

    #[test]
    fn two_experiments_differ_in_what_a_sweep_depends_on() {
        let now = Experiment::default();
        assert_eq!(difference(&now, &now), Vec::<String>::new());
        let mut other = now.clone();
        (other.input.suffix, other.input.n, other.input.max_n, other.view.layer) = ("=".into(), 7, 9, 1);
        (other.model.position, other.model.attention.scale) = (Position::Rotary, Scale::Log);
        assert_eq!(difference(&other, &now), ["suffix “=”", "rotary positions", "scalable softmax"]);
        assert_eq!(difference(&now, &other), ["no suffix", "no positions", "1/√d only"]);
        other = Experiment::default();
        other.model = models::trained(crate::config::WeightsSource::Alibi).map_or_else(Model::default, |trained| trained.model());
        assert_eq!(difference(&other, &now), ["our tiny model, trained, ALiBi"]);
    }

    #[test]
    fn what_is_not_plain_is_named_with_its_parameters() {
        let mut model = Model::default();
        assert_eq!(changed(Group::Attention, &model), Vec::<String>::new());
        (model.attention.scale, model.attention.reach, model.attention.window) = (Scale::Log, Reach::Local, 16);
        (model.formats.weights, model.block.residual, model.position) = (Format::Bf16, Residual::Off, Position::PRope);
        assert_eq!(changed(Group::Attention, &model), ["window", "window w = 16", "scalable softmax", "c = 0.43"]);
        assert_eq!(changed(Group::Formats, &model), ["weights in bf16"]);
        assert_eq!(changed(Group::Model, &model), ["rotary share p = 0.75", "skip connections off"]);
    }
}
