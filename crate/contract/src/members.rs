//! A set of members of a choice, such as the tasks that a model is trained on.

use crate::choice::Choice;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Any number of members of a choice: bit i is member i. The first member stands for none of them and is in no set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Members<T> {
    bits: u32,
    #[serde(skip)]
    of: PhantomData<T>,
}

impl<T: Choice> Members<T> {
    /// The empty set.
    pub const NONE: Self = Self { bits: 0, of: PhantomData };

    /// Every member that a set can hold, in the order of the choice.
    pub fn all() -> impl Iterator<Item = T> {
        T::ALL.iter().copied().skip(1)
    }

    /// The members of this set, in the order of the choice.
    pub fn chosen(self) -> impl Iterator<Item = T> {
        Self::all().filter(move |&member| self.contains(member))
    }

    /// Whether this member is in it.
    pub fn contains(self, member: T) -> bool {
        self.bits & Self::bit(member) != 0
    }

    /// The set of these members.
    pub fn of(members: &[T]) -> Self {
        members.iter().fold(Self::NONE, |all, &member| if all.contains(member) { all } else { all.toggled(member) })
    }

    /// With this member in it if it is not, and the other way round.
    pub fn toggled(self, member: T) -> Self {
        Self { bits: self.bits ^ Self::bit(member), ..self }
    }

    /// The words of the members, with commas between them.
    pub fn write(self) -> String {
        self.chosen().map(Choice::word).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`Members::write`] writes, in any order.
    pub fn read(text: &str) -> Option<Self> {
        let words = text.split(',').filter(|word| !word.is_empty());
        let members: Option<Vec<T>> = words.map(|word| Self::all().find(|member| member.word() == word)).collect();
        members.map(|members| Self::of(&members))
    }

    fn bit(member: T) -> u32 {
        T::ALL.iter().position(|&other| other == member).filter(|&row| row > 0).map_or(0, |row| 1 << row)
    }
}

impl<T: Choice> Default for Members<T> {
    fn default() -> Self {
        Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Task;

    #[test]
    fn every_set_is_written_and_read() {
        type Tasks = Members<Task>;
        assert_eq!(Tasks::read(""), Some(Tasks::NONE));
        assert_eq!((Tasks::read("nope"), Tasks::read("none")), (None, None));
        let all = Tasks::all().fold(Tasks::NONE, Tasks::toggled);
        assert_eq!(all.chosen().count(), Task::ALL.len() - 1);
        assert_eq!(Tasks::read(&all.write()), Some(all));
        assert_eq!(Tasks::read("last,ones,last").map(Tasks::write), Some("ones,last".into()));
    }
}
