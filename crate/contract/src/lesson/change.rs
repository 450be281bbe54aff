//! A lesson that is changed step by step, and written as a text again.

use super::{Lesson, NOTE, Step};
use crate::{link, say, text_file};

/// A change of a lesson; steps are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Gives it another title.
    Title(String),
    /// Takes the step from its place to another, between the others.
    Move(usize, usize),
    /// Takes it out.
    Remove(usize),
    /// Puts another before it.
    Insert(usize, Step),
    /// Says something else. A line that begins with [`NOTE`] is a note more.
    Say(usize, String),
    /// Tells the lecturer something else, a note a line.
    Note(usize, String),
    /// Shows something else: the part of a link behind `#`.
    Show(usize, String),
}

impl Lesson {
    /// The lesson after a change; one of a step that is not there changes nothing.
    #[must_use]
    pub fn after(mut self, change: Change) -> Self {
        let count = self.steps.len();
        match change {
            // What a title is read without.
            Change::Title(title) => self.title = joined(title.trim_start_matches(|c: char| c == '#' || c.is_whitespace())),
            Change::Move(from, to) if from < count && to < count => {
                let step = self.steps.remove(from);
                self.steps.insert(to, step);
            }
            Change::Remove(at) if at < count => drop(self.steps.remove(at)),
            Change::Insert(at, step) => self.steps.insert(at.min(count), step),
            Change::Say(at, said) => {
                if let Some(step) = self.steps.get_mut(at) {
                    let said = text_file::canonical(&said);
                    let (notes, words): (Vec<_>, Vec<_>) = said.lines().map(str::trim).partition(|line| line.starts_with(NOTE));
                    step.sentence = one_line(&words.join(" "));
                    step.notes.extend(notes.into_iter().map(note));
                }
            }
            Change::Note(at, said) => {
                if let Some(step) = self.steps.get_mut(at) {
                    step.notes = text_file::canonical(said.trim()).lines().map(note).collect();
                }
            }
            Change::Show(at, link) => self.steps.iter_mut().skip(at).take(1).for_each(|step| step.link.clone_from(&link)),
            Change::Move(..) | Change::Remove(_) => {}
        }
        self
    }

    /// The lesson as a text, which [`super::parse`] reads as this very lesson.
    pub fn text(&self) -> String {
        let title = if self.title.is_empty() { say!("My lesson") } else { self.title.as_str() };
        // One that would be read as something else is marked as a title.
        let mark = if is_words(title) { "" } else { "# " };
        let mut text = format!("{mark}{title}\n");
        for step in &self.steps {
            let notes: String = step.notes.iter().map(|note| format!("{}\n", format!("{NOTE} {note}").trim_end())).collect();
            let said = if step.sentence.is_empty() { String::new() } else { format!("{}\n", step.sentence) };
            text += &format!("\n{said}{notes}#{}\n", step.link);
        }
        if !self.rest.is_empty() {
            text += &format!("\n{}\n", self.rest.join("\n"));
        }
        text
    }
}

/// A line as a note, which may have been written as one of a text.
fn note(line: &str) -> String {
    let line = line.trim();
    line.strip_prefix(NOTE).unwrap_or(line).trim().into()
}

/// Words as a line that is read as words.
fn one_line(said: &str) -> String {
    let line = joined(said);
    // A line that would be read as something else has no place in it.
    if is_words(&line) { line } else { format!("· {line}") }
}

fn joined(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line is read as words, and not as a link or a note.
fn is_words(line: &str) -> bool {
    link::in_line(line).is_none() && !line.starts_with(NOTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::parse;

    #[test]
    fn a_step_is_moved_taken_out_put_in_and_changed_and_the_text_says_so() {
        let text = "Ones\n\nFew.\n// Wait.\n#v=1&n=7\n\nMany.\n#v=1&n=100\n\nThe end.\n#\n";
        let lesson = parse(text).0;
        assert_eq!(lesson.text(), text);
        let said = |change: Change| {
            let text = lesson.clone().after(change).text();
            let (read, mistakes) = parse(&text);
            assert_eq!((read.text(), mistakes), (text, vec![]));
            read.steps.iter().map(|step| format!("{}{}", step.sentence, step.notes.len())).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(said(Change::Move(0, 2)), "Many.0 The end.0 Few.1");
        assert_eq!(said(Change::Move(2, 0)), "The end.0 Few.1 Many.0");
        assert_eq!(said(Change::Move(0, 3)), "Few.1 Many.0 The end.0", "there is no such place");
        assert_eq!(said(Change::Remove(1)), "Few.1 The end.0");
        assert_eq!(said(Change::Insert(1, Step { sentence: "New.".into(), ..Step::default() })), "Few.1 New.0 Many.0 The end.0");
        assert_eq!(said(Change::Say(1, " More\nthan // before. ".into())), "Few.1 More than // before.0 The end.0");
        assert_eq!(said(Change::Say(1, "More.\n// Hush".into())), "Few.1 More.1 The end.0", "a note of its own");
        assert_eq!(said(Change::Say(0, "//Hush\r// Or not".into())), "3 Many.0 The end.0", "behind those that it has");
        assert_eq!(said(Change::Note(0, "One.\n\n // Two.\n#v=1\n\n".into())), "Few.4 Many.0 The end.0");
        assert_eq!(said(Change::Say(1, "#v=1".into())), "Few.1 · #v=10 The end.0", "and no link");
        assert_eq!(lesson.clone().after(Change::Show(1, "v=1&n=9".into())).steps[1].link, "v=1&n=9");
    }

    #[test]
    fn a_title_is_given_and_read_as_it_was_given() {
        let lesson = parse("Ones\n\nFew.\n#v=1&n=7\n").0;
        for (given, title) in
            [(" Two\nlines ", "Two lines"), ("# Counting", "Counting"), ("##", "My lesson"), ("//x", "//x"), ("#v=1", "v=1")]
        {
            let (read, mistakes) = parse(&lesson.clone().after(Change::Title(given.into())).text());
            assert_eq!((read.title.as_str(), read.steps.len(), mistakes.len()), (title, 1, 0), "{given}");
        }
    }

    #[test]
    fn what_belongs_to_no_step_stays_below_all_of_them() {
        let lesson = parse("T\n\nOne.\n#v=1\n\nWords alone.\n// And a note.\n").0;
        let new = Step { sentence: "Two.".into(), link: "v=1&n=3".into(), ..Step::default() };
        let text = lesson.after(Change::Insert(usize::MAX, new)).text();
        assert_eq!(text, "T\n\nOne.\n#v=1\n\nTwo.\n#v=1&n=3\n\nWords alone.\n// And a note.\n");
    }

    #[test]
    fn whatever_is_read_is_written_as_the_same_lesson() {
        let lines = [
            "Words",
            "",
            "more of them.",
            "#v=1",
            "https://example.org/#v=1&n=9",
            "#",
            "// Hush",
            "//",
            "// // #v=1",
            "# v=1",
            "#tag",
            "## //",
            "- x",
        ];
        for number in 0..lines.len().pow(4) {
            let text: Vec<&str> = (0..4).map(|place| lines[number / lines.len().pow(place) % lines.len()]).collect();
            let mut lesson = parse(&text.join("\n")).0;
            if lesson.title.is_empty() {
                lesson.title = "My lesson".into();
            }
            assert_eq!(parse(&lesson.text()).0, lesson, "{text:?}");
        }
    }

    #[test]
    fn notes_of_several_lines_come_back_as_they_were_written() {
        let lesson = parse("T\n\nOne.\n#v=1\n").0;
        let step = lesson.after(Change::Note(0, "Wait.\n\n//Ask: why?\u{2028}#v=1&n=9".into()));
        let read = parse(&step.text()).0;
        assert_eq!(read, step);
        assert_eq!(read.steps[0].notes, ["Wait.", "", "Ask: why?", "#v=1&n=9"]);
    }
}
