//! The lesson of the state as it was read from its text, and what is to be said of it.

use glasses_contract::config::Place;
use glasses_contract::lesson::{Lesson, Mistake};
use glasses_contract::{Config, Warning, lesson, open, sentence};
use std::sync::Arc;

/// A lesson as it was read from its text.
#[derive(Debug)]
pub struct Read {
    /// The text.
    pub text: String,
    /// What it says.
    pub lesson: Lesson,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

impl Read {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let (lesson, mistakes) = lesson::parse(text);
        Self { text: text.into(), lesson, mistakes }
    }

    /// Reads a text, unless it is the one that was read before: a lesson has up to a thousand links, and goes along with every keystroke.
    pub fn again(before: Option<&Arc<Self>>, text: &str) -> Arc<Self> {
        before.filter(|before| before.text == text).cloned().unwrap_or_else(|| Arc::new(Self::of(text)))
    }

    /// The step that is given, from 1, where one is asked for: the last where the lesson does not have that many, 0 where it has none.
    pub fn given(&self, step: usize) -> usize {
        step.min(self.lesson.steps.len())
    }
}

/// What is to be said of a state because of the lesson in it: that there is no step in the lesson, or what is wrong with the link of the step
/// that is open.
pub fn notes(config: &Config, lesson: &Read) -> Vec<Warning> {
    let steps = &lesson.lesson.steps;
    // Where lessons are written, the text itself shows it.
    if !lesson.text.is_empty() && config.frame.at != Place::Teach && steps.is_empty() {
        let sentence =
            sentence!("The lesson in this link has no step: under “Teach” you see its text. A step is some words, and a link below them.");
        return vec![Warning::about("lesson", sentence)];
    }
    let Some(step) = lesson.given(config.frame.step).checked_sub(1).and_then(|index| steps.get(index)) else { return vec![] };
    let (opened, notes) = open::decode(&step.link);
    // What the reader has changed is none of the link's any more.
    let is_open = opened.input == config.input && opened.model == config.model && opened.frame.at == config.frame.at;
    if is_open { notes } else { vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notes_of_a_step_are_there_while_it_is_open() {
        let read = Read::of("T\n\nOne.\n#v=1&n=abc\n\nTwo.\n#v=1&n=7");
        let mut config = Config::default();
        config.frame.lesson = read.text.clone();
        assert_eq!(notes(&config, &read), vec![], "no step is given");
        config.frame.step = 1;
        assert_eq!(notes(&config, &read).len(), 1);
        config.input.n = 9;
        assert_eq!(notes(&config, &read), vec![]);
        (config.frame.step, config.input.n) = (2, 7);
        assert_eq!(notes(&config, &read), vec![]);
    }

    #[test]
    fn a_lesson_without_a_step_is_said_to_have_none() {
        let read = Read::of("Words alone.");
        let mut config = Config::default();
        assert_eq!(notes(&config, &read).len(), 1);
        config.frame.at = Place::Teach;
        assert_eq!(notes(&config, &read), vec![]);
        config.frame.at = Place::Bench;
        assert_eq!(notes(&config, &Read::of("")), vec![]);
    }

    #[test]
    fn a_text_is_read_once() {
        let first = Read::again(None, "T\n\nOne.\n#v=1");
        assert!(Arc::ptr_eq(&first, &Read::again(Some(&first), "T\n\nOne.\n#v=1")));
        assert!(!Arc::ptr_eq(&first, &Read::again(Some(&first), "T")));
        assert_eq!([0, 1, 2, 999].map(|step| first.given(step)), [0, 1, 1, 1]);
    }
}
