//! The trained models that come with the page: their files, what they were trained on, and what they are called.

use crate::choice::Choice;
use crate::config::{Model, Training, WeightsSource};
pub use crate::config::{TRAINED, Trained};
use crate::language_model;
use crate::link;
use crate::say;
use crate::sentence;
use crate::sentence::Sentence;

/// The row of a model that comes with the page.
pub fn trained(origin: WeightsSource) -> Option<&'static Trained> {
    TRAINED.iter().find(|row| row.origin == origin)
}

impl Trained {
    /// The name of its file in the site's folder `weights`.
    pub fn file(&self) -> String {
        format!("{}.safetensors", self.origin.word())
    }

    /// The model, as it was trained.
    pub fn model(&self) -> Model {
        Model { weights: self.origin, ..link::read(self.recipe).said.experiment.model }
    }

    /// How it was trained.
    pub fn training(&self) -> Training {
        link::read(self.recipe).said.experiment.training
    }
}

/// What a model that was not trained can't show beside one that was; none of one that was.
pub fn limit(model: &Model) -> Option<&'static str> {
    model.is_drawn().then_some(say!(
        "Random weights show what the architecture does; what training makes of it, the trained model shows under “Figures”."
    ))
}

/// What to call a model: where its weights come from, and whether it is used as it was trained.
pub fn name(model: &Model) -> Sentence {
    if let Some(file) = model.file {
        return match language_model::offered_name(file) {
            Some(name) => sentence!("{}, file {}", name, file.to_string()),
            None => sentence!("a language model, file {}", file.to_string()),
        };
    }
    match (model.weights, trained(model.weights)) {
        (WeightsSource::Seed, _) => sentence!("seeded random weights"),
        (WeightsSource::Own, _) => sentence!("a tiny model of your own"),
        (origin, Some(trained)) => {
            let changed = Model { formats: trained.model().formats, ..model.clone() } != trained.model();
            let name = sentence!("our tiny model, {}", Sentence::constant(origin.entry().label));
            if changed { sentence!("{}, changed after training", name) } else { name }
        }
        (origin, None) => Sentence::constant(origin.entry().label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{admit, open};

    #[test]
    fn every_trained_model_has_one_row_and_its_link_is_short() {
        for &origin in WeightsSource::ALL {
            assert_eq!(trained(origin).is_some(), origin.is_shipped(), "{origin:?}");
            let (config, _) = open::decode(&format!("v=1&weights={}", origin.word()));
            assert_eq!(config.model, trained(origin).map_or(Model { weights: origin, ..Model::default() }, Trained::model));
            assert_eq!(admit(config.experiment.clone()).1, vec![], "{origin:?}");
            let link = open::encode(&config);
            assert_eq!(link, if origin == WeightsSource::Seed { String::new() } else { format!("v=1&weights={}", origin.word()) });
            assert_eq!(open::decode(&link), (config, vec![]));
        }
    }

    #[test]
    fn a_recipe_names_no_state_that_is_to_be_opened() {
        for row in TRAINED {
            assert_eq!(open::decode(row.recipe), (link::read(row.recipe).said, vec![]), "{:?}", row.origin);
        }
    }

    #[test]
    fn keys_come_in_any_order() {
        let (config, warnings) = open::decode("v=1&cap=soft&weights=rotary");
        assert_eq!((config.model.attention.cap, config.model.weights, warnings), (crate::config::Cap::Soft, WeightsSource::Rotary, vec![]));
    }
}
