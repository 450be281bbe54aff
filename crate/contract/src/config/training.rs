//! How a model is trained: together with the model itself, the whole recipe.

use crate::choice::Choice;
use crate::task::{Asked, Task};
use serde::{Deserialize, Serialize};

/// What a model is trained on, for how long. The seed of the model draws its first weights and every example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// The tasks, in equal shares.
    pub tasks: Tasks,
    /// Where the question stands.
    pub asked: Asked,
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
            tasks: Tasks::NONE.toggled(Task::Ones),
            asked: Asked::Before,
            tokens: 16,
            separators: 0,
            steps: 400,
            examples: 32,
            rate: 0.003,
        }
    }
}

/// Some tasks, as a set of members of [`Task`]: bit i is member i.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tasks(u32);

impl Tasks {
    /// No task.
    pub const NONE: Self = Self(0);

    /// The chosen tasks, in the order of the enum.
    pub fn chosen(self) -> impl Iterator<Item = Task> {
        Task::asking().filter(move |&task| self.contains(task))
    }

    /// Whether this task is chosen.
    pub fn contains(self, task: Task) -> bool {
        self.0 & Self::bit(task) != 0
    }

    /// With this task chosen if it is not, and the other way round.
    pub fn toggled(self, task: Task) -> Self {
        Self(self.0 ^ Self::bit(task))
    }

    /// The words of the chosen tasks, with commas between them.
    pub fn write(self) -> String {
        self.chosen().map(Choice::word).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`Tasks::write`] writes, in any order.
    pub fn read(text: &str) -> Option<Self> {
        let words = text.split(',').filter(|word| !word.is_empty());
        words
            .map(|word| Task::asking().find(|task| task.word() == word))
            .try_fold(Self::NONE, |all, task| Some(Self(all.0 | Self::bit(task?))))
    }

    fn bit(task: Task) -> u32 {
        Task::ALL.iter().position(|&member| member == task).map_or(0, |row| 1 << row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_tasks_is_written_and_read() {
        assert_eq!(Tasks::read(""), Some(Tasks::NONE));
        assert_eq!((Tasks::read("nope"), Tasks::read("none")), (None, None));
        let all = Task::asking().fold(Tasks::NONE, Tasks::toggled);
        assert_eq!(all.chosen().count(), Task::asking().count());
        assert_eq!(Tasks::read(&all.write()), Some(all));
        assert_eq!(Tasks::read("last,ones").map(Tasks::write), Some("ones,last".into()));
    }
}
