//! The few sentences that the page puts together itself.

use crate::engine::Origin;
use glasses_contract::config::{Model, Position};
use glasses_contract::controls::{CONTROLS, Control, Group, Kind};
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::{self, Language};
use glasses_contract::report::ModelInfo;
use glasses_contract::{Choice, Config, say};

/// Settles the language of the page, before anything is said.
pub fn speak(language: Language) {
    let catalogue = match language {
        Language::English => "",
        Language::Chinese => include_str!("../../../www/locale/zh.tsv"),
    };
    locale::speak(language, catalogue);
}

/// Which model drew a figure: “seeded random weights, 4 layers × 4 heads, d = 64, seed 1, no positions”, and what of it is not plain.
pub fn model(info: &ModelInfo) -> String {
    let mut parts = vec![info.name(), shape(&info.config)];
    parts.extend([Group::Model, Group::Attention, Group::Formats].into_iter().flat_map(|group| changed(group, &info.config)));
    parts.join(say!(", "))
}

/// A model's shape: “4 layers × 4 heads, d = 64, seed 1, no positions”.
pub fn shape(model: &Model) -> String {
    let layers = if model.layers == 1 { say!("1 layer").into() } else { say!("{} layers", model.layers) };
    let heads = if model.heads == 1 { say!("1 head").into() } else { say!("{} heads", model.heads) };
    let positions = match model.position {
        Position::None => say!("no positions").into(),
        position => say!("{} positions", position.label()),
    };
    say!("{} × {}, d = {}, seed {}, {}, {}", layers, heads, model.width, model.seed, positions, model.norm.label())
}

/// What of a group of controls is not plain, each in a few words; parameters of a choice that was made among it.
pub fn changed(group: Group, model: &Model) -> Vec<String> {
    let (config, plain) = (Config { model: model.clone(), ..Config::default() }, Config::default());
    let is_changed = |control: &&Control| {
        let is_parameter = !(control.matters)(&plain);
        (control.matters)(&config) && (is_parameter || (control.write)(&config) != (control.write)(&plain))
    };
    let say = |control: &Control| {
        let value = (control.write)(&config);
        let name = lower(control.label());
        match &control.kind {
            Kind::Words(words) => {
                let label = words.iter().find(|word| word.word == value).map_or("", |word| word.label());
                // The members of the attention formula have names of their own; “off” and “bf16” need to be told of what.
                if group == Group::Attention { label.into() } else { say!("{} {}", name, label) }
            }
            _ => format!("{name} = {value}"),
        }
    };
    let is_said = |control: &&Control| !IN_SHAPE.contains(&control.key);
    CONTROLS.iter().filter(|control| control.group == group).filter(is_said).filter(is_changed).map(say).collect()
}

/// The keys that [`shape`] and a model's name speak of.
const IN_SHAPE: [&str; 7] = ["weights", "layers", "heads", "d", "seed", "pos", "norm"];

/// With a small letter in front, where it is not a name such as L∞ or BOS.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    let (first, second) = (letters.next(), label.chars().nth(1));
    match (first, second) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.into(),
    }
}

/// Who computed an answer, and how fast: “Computed by the CPU in 12 ms”.
pub fn computed(origin: &Origin) -> String {
    let time = time(origin.milliseconds);
    match origin.device {
        DeviceKind::Cpu => say!("Computed by the CPU in {}.", time),
        DeviceKind::WebGpu => say!("Computed by WebGPU in {}.", time),
    }
}

/// A clause as a sentence: with a capital and a full stop.
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let sentence = capital + letters.as_str();
    if clause.ends_with(['.', '!', '?', '。', '！', '？']) { sentence } else { say!("{}.", sentence) }
}

/// A size in bytes as people say it.
pub fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}

/// A share as people say it: “97 %”, “0.3 %”.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let is_fine = percent > 0.0 && percent < 9.95 || percent > 99.0 && percent < 100.0;
    say!("{} %", if is_fine { format!("{percent:.1}") } else { format!("{percent:.0}") })
}

/// A time as people say it.
fn time(milliseconds: f64) -> String {
    match milliseconds {
        short if short < 9.5 => say!("{} ms", format!("{short:.1}")),
        middle if middle < 1000.0 => say!("{} ms", format!("{middle:.0}")),
        long => say!("{} s", format!("{:.1}", long / 1000.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::{Format, Reach, Residual, Scale};

    #[test]
    fn a_model_is_named_by_all_that_makes_it() {
        let mut config = Model::default();
        assert_eq!(shape(&config), "4 layers × 4 heads, d = 64, seed 1, no positions, layer norm");
        (config.layers, config.position) = (1, Position::Rotary);
        assert_eq!(shape(&config), "1 layer × 4 heads, d = 64, seed 1, rotary positions, layer norm");
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

    #[test]
    fn a_clause_becomes_a_sentence() {
        assert_eq!(sentence("the sequence is empty"), "The sequence is empty.");
        assert_eq!(sentence("“^” is odd."), "“^” is odd.");
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn times_and_sizes_have_the_digits_that_matter() {
        assert_eq!([0.4, 9.4, 12.3, 999.0, 1234.0].map(time), ["0.4 ms", "9.4 ms", "12 ms", "999 ms", "1.2 s"]);
        assert_eq!(megabytes(2_345_678.0), "2.3 MB");
    }
}
