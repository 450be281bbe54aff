//! How a model is trained: together with the model itself, the whole recipe.

use crate::members::Members;
use crate::task::{QuestionPosition, Task};
use serde::{Deserialize, Serialize};

/// Some tasks.
pub type Tasks = Members<Task>;

/// What a model is trained on, for how long. The seed of the model draws its first weights and every example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// The tasks, in equal shares.
    pub tasks: Tasks,
    /// Where the question stands.
    pub asked: QuestionPosition,
    /// The longest sequence, in tokens, question and answer apart.
    pub tokens: usize,
    /// A separator stands after every so many elements; none where this is 0.
    pub separators: usize,
    /// Steps of the optimiser.
    pub steps: usize,
    /// Examples in each step.
    pub examples: usize,
    /// The greatest learning rate.
    pub rate: f64,
}

impl Default for Training {
    fn default() -> Self {
        Self {
            tasks: Tasks::of(&[Task::Ones]),
            asked: QuestionPosition::Before,
            tokens: 16,
            separators: 0,
            steps: 400,
            examples: 32,
            rate: 0.003,
        }
    }
}
