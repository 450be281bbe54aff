//! What is said of the figures of the paper: the state that shows ours, how ours came about, and whose the numbers are.

use crate::config::{Config, Tool};
use crate::gallery::Exhibit;
use crate::locale::together;
use crate::{models, names, open, paper, say};

/// How ours came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reproduction {
    /// A simulation, without any model.
    Simulated,
    /// A model that the reader trains.
    Trained,
    /// A published curve behind our model's distances.
    Beside,
    /// Our model's answers to the same question.
    Asked,
    /// Our model on the paper's sequences.
    Drawn,
}

impl Exhibit {
    /// The state that shows ours.
    pub fn config(&self) -> Config {
        open::decode(self.link).0
    }

    /// How ours came about.
    pub fn ours(&self) -> Reproduction {
        let view = self.config().experiment.view;
        match view.tool {
            Tool::Paper => Reproduction::Simulated,
            Tool::Train => Reproduction::Trained,
            Tool::Answers => Reproduction::Asked,
            _ if paper::beside(view.paper).is_some() => Reproduction::Beside,
            _ => Reproduction::Drawn,
        }
    }

    /// Whose the numbers are that ours shows, as a sentence.
    pub fn whose(&self) -> String {
        let model = self.config().experiment.model;
        match self.ours() {
            Reproduction::Simulated => say!("Drawn here by a simulation, as the paper describes it.").into(),
            Reproduction::Trained => say!("Drawn here by a tiny model that you train, {}.", names::shape(&model)),
            Reproduction::Beside => {
                let ours = say!(
                    "Drawn here by {}, {}: every stage and the heads of the last layer, beside those of Gemma 7B.",
                    models::name(&model),
                    names::shape_behind_name(&model)
                );
                together([ours.as_str()].into_iter().chain(models::limit(&model)))
            }
            Reproduction::Asked | Reproduction::Drawn => {
                say!("Drawn here by {}, {}.", models::name(&model), names::shape_behind_name(&model))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;
    use crate::config::Published;
    use crate::gallery::EXHIBITS;

    #[test]
    fn every_exhibit_opens_without_a_note_and_has_a_name_of_its_own() {
        for exhibit in EXHIBITS {
            let (config, warnings) = open::decode(exhibit.link);
            assert_eq!(warnings, vec![], "{}", exhibit.name);
            assert_eq!(open::encode(&config), exhibit.link, "{}", exhibit.name);
            assert_eq!(EXHIBITS.iter().filter(|other| other.name == exhibit.name).count(), 1);
        }
    }

    #[test]
    fn every_published_picture_of_a_figure_hangs_beside_it() {
        for exhibit in EXHIBITS {
            let published = exhibit.config().view.paper;
            assert!(published.word() == "none" || published.word() == exhibit.name, "{}", exhibit.name);
        }
        let hangs = |name: &str| EXHIBITS.iter().any(|exhibit| exhibit.config().view.paper.word() == name);
        assert!(Published::ALL.iter().all(|figure| *figure == Published::Lost || hangs(figure.word())));
    }

    #[test]
    fn whose_the_numbers_are_is_said_of_each() {
        let whose = |name: &str| Exhibit::named(name).map(Exhibit::whose).unwrap_or_default();
        assert_eq!(whose("1b"), "Drawn here by seeded random weights, 3 layers × 4 heads, d = 64, seed 1, no positions, layer norm.");
        assert!(whose("6").starts_with("Drawn here by our tiny model, trained, rotary, 3 layers × 4 heads, d = 64, layer norm"));
        assert!(whose("9").contains("simulation") && whose("11").contains("you train"));
    }
}
