//! The trained models that come with the page. One row a model; its file and its recipe stand in www/weights.

use crate::choice::Choice;
use crate::config::{Model, Origin, Training};
use crate::link;
use crate::say;
use crate::sentence;
use crate::sentence::Sentence;

/// A trained model.
pub struct Trained {
    /// How a configuration names it; its word names the files.
    pub origin: Origin,
    /// The link that it was trained by: the model, and how.
    pub recipe: &'static str,
    /// The SHA-256 of its file, in hexadecimal digits.
    pub sha256: &'static str,
}

/// Every trained model that comes with the page.
pub static TRAINED: &[Trained] = &[
    Trained {
        origin: Origin::Rotary,
        recipe: "v=1&layers=3&pos=rotary&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=6000&batch=64",
        sha256: "13dc306b4864f191b6f8653aa8b4e74c65a5efb49f368873826007422f36daae",
    },
    Trained {
        origin: Origin::Sinusoidal,
        recipe: "v=1&layers=3&pos=sinusoidal&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=16000&batch=64",
        sha256: "13f8fa4e2aef2ea5af1837afbe695bceb9f7bf36f4a5f6e28ac22cc8ef561d4d",
    },
    Trained {
        origin: Origin::Alibi,
        recipe: "v=1&layers=3&pos=alibi&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=8000&batch=64",
        sha256: "4ac36d8bf28c25fc0056473ac1ab6eb5271288537893bc12b4bc9ac1f40b870c",
    },
    Trained {
        origin: Origin::NoPositions,
        recipe: "v=1&layers=3&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=12000&batch=64",
        sha256: "4904d3469e3ff0cceddfeb9842e907974ce93a2b200e5807dd9f48252d7dfe4c",
    },
    Trained {
        origin: Origin::Scalable,
        recipe: "v=1&layers=3&pos=rotary&scale=log&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=6000&batch=64",
        sha256: "97a5b4a2eea866e85d02bd71afdc65754963d23ed5e480647511c0efadab4961",
    },
    Trained {
        origin: Origin::Sigmoid,
        recipe: "v=1&layers=3&pos=rotary&weigh=sigmoid&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=16000&batch=64",
        sha256: "68cea0618cee1db94e046b15f3858fbd07d57f0e992bf8e1e8afc35693be8da8",
    },
    Trained {
        origin: Origin::Commas,
        recipe: "v=1&layers=3&pos=rotary&tasks=sum,ones,digits,word,last,first,whole&length=64&commas=3&steps=8000&batch=64",
        sha256: "880ed7dfa32b2c00cd88fbe8083851d7b0cda1a3f40cbe621469cc3a5b644305",
    },
];

/// The row of a model that comes with the page.
pub fn trained(origin: Origin) -> Option<&'static Trained> {
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
    (model.weights == Origin::Seed).then_some(say!(
        "Random weights show what the architecture does; what training makes of it, the trained model shows under “Figures”."
    ))
}

/// What to call a model: where its weights come from, and whether it is used as it was trained.
pub fn name(model: &Model) -> Sentence {
    match (model.weights, trained(model.weights)) {
        (Origin::Seed, _) => sentence!("seeded random weights"),
        (Origin::Own, _) => sentence!("a tiny model of your own"),
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
        for &origin in Origin::ALL {
            assert_eq!(trained(origin).is_some(), origin.is_shipped(), "{origin:?}");
            let (config, _) = open::decode(&format!("v=1&weights={}", origin.word()));
            assert_eq!(config.model, trained(origin).map_or(Model { weights: origin, ..Model::default() }, Trained::model));
            assert_eq!(admit(config.experiment.clone()).1, vec![], "{origin:?}");
            let link = open::encode(&config);
            assert_eq!(link, if origin == Origin::Seed { String::new() } else { format!("v=1&weights={}", origin.word()) });
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
        assert_eq!((config.model.attention.cap, config.model.weights, warnings), (crate::config::Cap::Soft, Origin::Rotary, vec![]));
    }
}
