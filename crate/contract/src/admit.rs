//! What an engine can answer: every experiment passes here before one sees it.

use crate::alphabet::Characters;
use crate::config::{Attention, Config, Experiment, Input, Model};
use crate::controls::CONTROLS;
use crate::limits::{MAX_SWEPT_CHARS, is_too_much};
use crate::models;
use crate::sentence;
use crate::warning::Warning;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

/// An experiment that an engine can answer. Made by [`admit`] alone; a message carries it on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Admitted(Experiment);

impl Admitted {
    /// The experiment, free to be changed.
    pub fn into_inner(self) -> Experiment {
        self.0
    }
}

impl Deref for Admitted {
    type Target = Experiment;

    fn deref(&self) -> &Experiment {
        &self.0
    }
}

/// Makes an experiment one that the engine can answer: what does not fit together or is too much in product is replaced by
/// the nearest that works, with a sentence for each replacement. Single values are in range already: [`crate::controls`] sees to it.
pub fn admit(mut config: Experiment) -> (Admitted, Vec<Warning>) {
    let mut warnings = Vec::new();
    let model = &mut config.model;

    for key in fit(model) {
        let sentence = sentence!("The weights were trained with another “{}”; theirs is taken.", key);
        warnings.push(Warning::about(key, sentence));
    }

    // A language model has tokens for any text.
    config.input.characters = if model.file.is_some() { Characters::Any } else { Characters::Alphabet };

    let pairs = model.position.turns();
    let splits = |heads: usize, width: usize| width.is_multiple_of(heads) && (!pairs || (width / heads).is_multiple_of(2));
    if !splits(model.heads, model.width) {
        // A width that no number of heads can split into pairs is odd: the next one below works.
        if !splits(1, model.width) {
            warnings.push(Warning::about(
                "d",
                sentence!("Rotary positions turn pairs of coordinates, so width {} became {}.", model.width, model.width - 1),
            ));
            model.width -= 1;
        }
        let heads = (1..=model.heads).rev().find(|&heads| splits(heads, model.width)).unwrap_or(1);
        if heads != model.heads {
            let sentence = if pairs {
                sentence!(
                    "{} heads do not split width {} evenly, in pairs of coordinates as rotary positions need; shown with {}.",
                    model.heads,
                    model.width,
                    heads
                )
            } else {
                sentence!("{} heads do not split width {} evenly; shown with {}.", model.heads, model.width, heads)
            };
            warnings.push(Warning::about("heads", sentence));
            model.heads = heads;
        }
    }

    let most = config.model.layers - 1;
    if config.view.layer > most {
        warnings
            .push(Warning::about("layer", sentence!("There is no layer {}; showing layer {}, the last.", config.view.layer + 1, most + 1)));
        config.view.layer = most;
    }
    let most = config.model.heads - 1;
    if config.view.head > most {
        warnings.push(Warning::about("head", sentence!("There is no head {}; showing head {}, the last.", config.view.head + 1, most + 1)));
        config.view.head = most;
    }

    let Input { a, b, prefix, suffix, .. } = &config.input;
    let typed: usize = [a, b, prefix, prefix, suffix, suffix].map(|text| text.chars().count()).iter().sum();
    let most = MAX_SWEPT_CHARS / typed.max(1);
    if config.input.max_n > most {
        let sentence = sentence!("The texts have {} characters to go through at every n; the sweep stops at n = {}.", typed, most);
        warnings.push(Warning::about("max", sentence));
        config.input.max_n = most;
    }

    if is_too_much(&config, config.input.max_n) {
        let asked = config.input.max_n;
        // The cost grows with n, so the last that fits is found by halving.
        let (mut fits, mut too_much) = (1, asked);
        while too_much - fits > 1 {
            let middle = fits.midpoint(too_much);
            if is_too_much(&config, middle) { too_much = middle } else { fits = middle }
        }
        config.input.max_n = fits;
        warnings.push(Warning::about(
            "max",
            sentence!("A sweep to n = {} with a model of this size would run for minutes; it stops at n = {}.", asked, config.input.max_n),
        ));
    }
    (Admitted(config), warnings)
}

/// The same on a language model: what its file decides is taken from it.
pub fn admit_on(mut config: Experiment, own: &Model) -> (Admitted, Vec<Warning>) {
    fit_to(&mut config.model, own.clone());
    admit(config)
}

/// Takes from the trained model what its weights leave no choice in: shape, norm, positions, and the parts that have weights. Everything
/// else may be changed after training: formats, temperature, cap, mask, reach. Returns the keys of what was changed back.
fn fit(model: &mut Model) -> Vec<&'static str> {
    models::trained(model.weights).map(|trained| fit_to(model, trained.model())).unwrap_or_default()
}

/// The same of any model that weights were trained in.
pub fn fit_to(model: &mut Model, own: Model) -> Vec<&'static str> {
    let (mix, sink, sink_logit) = (own.attention.mix, own.attention.sink, own.attention.sink_logit);
    let fitted = Model { formats: model.formats, attention: Attention { mix, sink, sink_logit, ..model.attention }, ..own };
    let before = Config::from(Experiment { model: model.clone(), ..Experiment::default() });
    let after = Config::from(Experiment { model: fitted.clone(), ..Experiment::default() });
    let changed = CONTROLS.iter().filter(|control| (control.write)(&before) != (control.write)(&after));
    let changed = changed.map(|control| control.key).collect();
    *model = fitted;
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Cap, Format, Mask, Position};
    use crate::limits::{HEADS, LAYERS, MAX_TEXT_CHARS, MAX_TOKENS, WIDTH, max_tokens};

    #[test]
    fn each_limit_is_reachable_and_their_product_is_capped() {
        let mut config = Experiment::default();
        (config.model.layers, config.model.width, config.model.heads) = (8, 256, 8);
        config.input.max_n = MAX_TOKENS;
        assert_eq!(admit(config.clone()), (Admitted(config.clone()), vec![]));

        (config.model.layers, config.model.width) = (*LAYERS.end(), *WIDTH.end());
        let (admitted, warnings) = admit(config);
        assert!(admitted.input.max_n < MAX_TOKENS);
        assert_eq!(admitted.input.max_n, max_tokens(&admitted));
        assert_eq!(warnings.len(), 1, "{warnings:?}");

        let mut config = Experiment::default();
        (config.model.attention.mask, config.input.max_n) = (Mask::Bidirectional, MAX_TOKENS);
        let (admitted, warnings) = admit(config);
        assert!((256..1024).contains(&admitted.input.max_n) && warnings.len() == 1, "{}", admitted.input.max_n);
    }

    #[test]
    fn texts_that_are_long_for_what_they_stand_for_shorten_the_sweep() {
        let mut config = Experiment::default();
        config.input.max_n = MAX_TOKENS;
        (config.input.a, config.input.b) = ("a".repeat(MAX_TEXT_CHARS), "b".repeat(MAX_TEXT_CHARS));
        assert_eq!(admit(config.clone()), (Admitted(config.clone()), vec![]), "what a model reads is never too much");
        config.input.prefix = "a^0".repeat(1365);
        let (admitted, warnings) = admit(config);
        assert!((2000..2100).contains(&admitted.input.max_n) && warnings.len() == 1, "{} {warnings:?}", admitted.input.max_n);
        assert_eq!(admit(admitted.clone().into_inner()), (admitted, vec![]));
    }

    #[test]
    fn every_shape_in_range_becomes_one_that_fits_together_with_a_note_where_it_changed() {
        for position in [Position::None, Position::Rotary] {
            for width in WIDTH {
                for heads in HEADS {
                    let mut config = Experiment::default();
                    (config.model.width, config.model.heads, config.model.position) = (width, heads, position);
                    let (admitted, warnings) = admit(config.clone());
                    assert_eq!(admitted.model.width % admitted.model.heads, 0);
                    assert!(position == Position::None || admitted.model.head_width().is_multiple_of(2));
                    assert_eq!(*admitted == config, warnings.is_empty());
                }
            }
        }
    }

    #[test]
    fn what_the_weights_leave_no_choice_in_is_taken_from_them() {
        for row in models::TRAINED {
            let mut model = row.model();
            (model.layers, model.width) = (1, 32);
            model.formats.activations = Format::Bf16;
            model.attention.cap = Cap::Soft;
            assert_eq!(fit(&mut model), ["layers", "d"]);
            assert_eq!((model.layers, model.formats.activations), (row.model().layers, Format::Bf16));
            assert!(models::name(&model).to_string().ends_with("changed after training"));
        }
    }
}
