//! What a trained model says of itself: how it was made, and how well it answers. Stands in the header of its file.

use crate::config::{Config, Experiment, Formats, Model, WeightsSource};
use crate::open;
use crate::task::Task;
use serde::{Deserialize, Serialize};

/// Changes whenever a field changes its meaning; fields may be added.
pub const VERSION: u32 = 1;

/// The name under which a recipe stands in a safetensors file's header.
pub const HEADER: &str = "recipe";

/// How a model was made, and how well it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// [`VERSION`].
    pub version: u32,
    /// The link of model and training: the seed, the data and every number that the run depends on.
    pub link: String,
    /// The command that makes the same model.
    pub command: String,
    /// Steps taken; fewer than the link names where the run was stopped.
    pub steps: usize,
    /// The mean loss of the last hundredth of the run, in nats for each token of an answer.
    pub final_loss: f64,
    /// The mean loss of each hundredth of the run.
    pub loss: Vec<f64>,
    /// How often it answers right, for each task that it was trained on.
    pub accuracy: Vec<Accuracy>,
    /// What a reader should know.
    pub notes: String,
}

/// How often a model answers a task exactly right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// The task.
    pub task: Task,
    /// The share of right answers over examples drawn as in training, but never trained on.
    pub trained: f64,
    /// Numbers of elements of sequences.
    pub n: Vec<usize>,
    /// The share of right answers at each.
    pub exact: Vec<f64>,
    /// Examples for each share of `exact`.
    pub examples: usize,
}

impl Recipe {
    /// A recipe of a configuration whose training took these losses.
    pub fn new(config: &Experiment, losses: &[f64], accuracy: Vec<Accuracy>) -> Self {
        let link = open::encode(&training_config(config));
        let command = format!("cargo run --release -p glasses-cli -- train '{link}' --out model.safetensors");
        let part = losses.len().div_ceil(100).max(1);
        let loss: Vec<f64> = losses.chunks(part).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect();
        let final_loss = loss.last().copied().unwrap_or(f64::NAN);
        Self { version: VERSION, link, command, steps: losses.len(), final_loss, loss, accuracy, notes: String::new() }
    }

    /// The configuration that uses this model as the reader's own.
    pub fn used(&self) -> Config {
        let (mut config, _) = open::decode(&self.link);
        config.model.weights = WeightsSource::Own;
        config
    }
}

/// The part of a configuration that a trained model depends on: two that share it train to the same weights. A run begins with the weights
/// of the seed, and computes in fp32.
pub fn training_config(config: &Experiment) -> Config {
    let model = Model { weights: WeightsSource::Seed, revision: 0, formats: Formats::default(), ..config.model.clone() };
    Experiment { model, training: config.training.clone(), ..Experiment::default() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Format, Position};

    #[test]
    fn a_recipe_names_the_model_and_the_training_and_nothing_else() {
        let mut config = Config::default();
        (config.model.position, config.model.weights, config.model.revision) = (Position::Rotary, WeightsSource::Own, 7);
        (config.model.formats.weights, config.input.n, config.training.steps) = (Format::Bf16, 99, 1234);
        let recipe = Recipe::new(&config, &[2.0, 1.0], vec![]);
        assert_eq!(recipe.link, "v=1&pos=rotary&steps=1234");
        assert_eq!((recipe.steps, recipe.final_loss), (2, 1.0));
        let used = recipe.used();
        assert_eq!((used.model.weights, used.model.position, used.training.steps), (WeightsSource::Own, Position::Rotary, 1234));
        assert_eq!(training_config(&used), training_config(&config));
    }
}
