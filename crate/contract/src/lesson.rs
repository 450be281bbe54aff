//! A lesson: a list of links with a sentence each, as a text that a teacher can write, keep in a file, or give away in one link.
//!
//! ```text
//! Counting is hard
//!
//! Here are twenty ones: the model is right.
//! #v=1&n=20&task=ones&weights=alibi&tool=answers
//!
//! And now two hundred. What do you expect?
//! // It says 99. Wait for the guesses.
//! #v=1&n=200&max=512&task=ones&weights=alibi&tool=answers
//! ```
//! The first line is the title. Each step is some lines of words and then its link: [`link::in_line`] says what is one. A line that begins with
//! [`NOTE`] is for whoever gives the lesson, and not shown to the room. What is read of a lesson is bounded by its steps, not by its characters
//! alone.

use crate::warning::Warning;
use crate::{escape, limits, link, open, say, text_file};

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// What it is about.
    pub title: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// One step of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Step {
    /// What is to be seen.
    pub sentence: String,
    /// What the lecturer alone is told, a line each.
    pub notes: Vec<String>,
    /// The part of the link behind `#`.
    pub link: String,
}

/// What a note for the lecturer begins with.
pub const NOTE: &str = "//";

/// What is wrong with a line of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub sentence: String,
}

/// The most mistakes that are listed: a writer mends a lesson by its first ones.
const MAX_MISTAKES: usize = 20;

/// Reads a lesson; whatever can be read is, with a sentence for each line that is odd.
pub fn parse(text: &str) -> (Lesson, Vec<Mistake>) {
    let mut lesson = Lesson::default();
    let mut mistakes = Mistakes::default();
    let mut words: Vec<&str> = Vec::new();
    let mut notes = Vec::new();
    let mut words_from = 0;
    let text = text_file::canonical(text);
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let line_number = index + 1;
        if line.is_empty() {
            continue;
        }
        // A note may name a link, which is none to show.
        if let Some(note) = line.strip_prefix(NOTE) {
            notes.push(note.trim().to_owned());
            continue;
        }
        let Some(link) = link::in_line(line) else {
            if lesson.title.is_empty() {
                lesson.title = line.trim_start_matches(['#', ' ']).into();
            } else {
                if words.is_empty() {
                    words_from = line_number;
                }
                words.push(line);
            }
            continue;
        };
        if lesson.steps.len() == *limits::STEP.end() {
            let sentence = say!("A lesson has at most {} steps; this one and what follows are left out.", limits::STEP.end());
            mistakes.always(line_number, sentence);
            words.clear();
            break;
        }
        for Warning { sentence, .. } in open::decode(line).1 {
            mistakes.add(line_number, sentence.to_string());
        }
        if words.is_empty() {
            mistakes.add(line_number, say!("This link has no text before it."));
        }
        lesson.steps.push(Step { sentence: words.join(" "), notes: std::mem::take(&mut notes), link });
        words.clear();
    }
    if !words.is_empty() {
        mistakes.add(words_from, say!("This text has no link after it."));
    }
    (lesson, mistakes.listed())
}

/// The mistakes so far: the first ones, and how many more there are.
#[derive(Default)]
struct Mistakes {
    first: Vec<Mistake>,
    /// The line of the first that is not listed, and their number.
    more: Option<(usize, usize)>,
    last: Option<Mistake>,
}

impl Mistakes {
    fn add(&mut self, line: usize, sentence: impl Into<String>) {
        if self.first.len() < MAX_MISTAKES {
            self.first.push(Mistake { line, sentence: sentence.into() });
        } else {
            self.more.get_or_insert((line, 0)).1 += 1;
        }
    }

    /// One that is listed however many there are.
    fn always(&mut self, line: usize, sentence: String) {
        self.last = Some(Mistake { line, sentence });
    }

    fn listed(self) -> Vec<Mistake> {
        let more = self.more.map(|(line, number)| Mistake { line, sentence: say!("Here and below are {} more mistakes.", number) });
        self.first.into_iter().chain(more).chain(self.last).collect()
    }
}

/// A lesson with a step more. A text without a title gets one.
pub fn with_step(text: &str, sentence: &str, link: &str) -> String {
    let title = if text.trim().is_empty() { say!("My lesson") } else { text.trim_end() };
    format!("{title}\n\n{sentence}\n#{link}\n")
}

/// A change of one step of a lesson; steps are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Takes the step from its place to another, between the others.
    Move(usize, usize),
    /// Takes it out.
    Remove(usize),
    /// Puts another before it.
    Insert(usize, Step),
    /// Says something else.
    Say(usize, String),
    /// Shows something else: the part of a link behind `#`.
    Show(usize, String),
}

impl Lesson {
    /// The lesson after a change; one of a step that is not there changes nothing.
    #[must_use]
    pub fn after(mut self, change: Change) -> Self {
        let count = self.steps.len();
        match change {
            Change::Move(from, to) if from < count && to < count => {
                let step = self.steps.remove(from);
                self.steps.insert(to, step);
            }
            Change::Remove(at) if at < count => drop(self.steps.remove(at)),
            Change::Insert(at, step) => self.steps.insert(at.min(count), step),
            // A line that would be read as something else has no place in it.
            Change::Say(at, said) => self.steps.iter_mut().skip(at).take(1).for_each(|step| step.sentence = one_line(&said)),
            Change::Show(at, link) => self.steps.iter_mut().skip(at).take(1).for_each(|step| step.link.clone_from(&link)),
            Change::Move(..) | Change::Remove(_) => {}
        }
        self
    }

    /// The lesson as a text, which [`parse`] reads as this very lesson.
    pub fn text(&self) -> String {
        let title = if self.title.is_empty() { say!("My lesson") } else { self.title.as_str() };
        let mut text = format!("{title}\n");
        for step in &self.steps {
            let notes: String = step.notes.iter().map(|note| format!("{NOTE} {note}\n")).collect();
            let said = if step.sentence.is_empty() { String::new() } else { format!("{}\n", step.sentence) };
            text += &format!("\n{said}{notes}#{}\n", step.link);
        }
        text
    }
}

/// Words as a line that is read as words.
fn one_line(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if link::in_line(&line).is_some() || line.starts_with(NOTE) { format!("· {line}") } else { line }
}

/// Why a text can't be a lesson, where it is too long for one.
pub fn too_long(text: &str) -> Option<String> {
    let written = escape::written(text);
    (written > limits::MAX_LESSON_CHARS)
        .then(|| say!("The lesson would take {} characters in a link, and {} are the most.", written, limits::MAX_LESSON_CHARS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::controls;

    #[test]
    fn a_lesson_is_a_title_and_steps_of_words_and_a_link() {
        let text =
            "# Counting\n\nTwenty ones:\nright.\nhttps://example.org/x/#v=1&n=20\n\nNow more.\n#v=1&n=200\nAnd the page itself.\n#\n";
        let (lesson, mistakes) = parse(text);
        assert_eq!(mistakes, vec![]);
        assert_eq!(lesson.title, "Counting");
        let steps: Vec<_> = lesson.steps.iter().map(|step| (step.sentence.as_str(), step.link.as_str())).collect();
        assert_eq!(steps, [("Twenty ones: right.", "v=1&n=20"), ("Now more.", "v=1&n=200"), ("And the page itself.", "")]);
    }

    #[test]
    fn a_note_belongs_to_its_step_and_is_no_part_of_what_the_room_sees() {
        let (lesson, mistakes) = parse(
            "// Bring chalk.\nOnes\n\n// Wait.\nTwenty ones.\n//See https://example.org/#v=1&n=3\n#v=1&n=20\n\nMore.\n#v=1\n// The end.",
        );
        assert_eq!((lesson.title.as_str(), mistakes), ("Ones", vec![]));
        let steps: Vec<_> = lesson.steps.iter().map(|step| (step.sentence.as_str(), step.notes.join("|"), step.link.as_str())).collect();
        assert_eq!(
            steps,
            [
                ("Twenty ones.", "Bring chalk.|Wait.|See https://example.org/#v=1&n=3".to_owned(), "v=1&n=20"),
                ("More.", String::new(), "v=1")
            ]
        );
    }

    #[test]
    fn a_file_of_another_system_is_the_same_lesson() {
        let text = "# Counting\n\nTwenty ones:\n#v=1&n=20\n\nThe figure.\n#fig=5a\n";
        let (lesson, mistakes) = parse(text);
        assert_eq!((lesson.title.as_str(), lesson.steps.len(), mistakes.as_slice()), ("Counting", 2, &[][..]));
        assert_eq!(lesson.steps[1].link, "fig=5a");
        let mut configs = Vec::new();
        for other in [
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
            text.replace('\n', "\u{2028}"),
            text.replace('\n', "\u{b}"),
            format!("\u{feff}{text}"),
            text.into(),
        ] {
            assert_eq!(parse(&other), (lesson.clone(), vec![]), "{other:?}");
            let mut config = Config::default();
            assert_eq!(controls::find("lesson").map(|control| control.read(&mut config, &other)), Some(Ok(())));
            configs.push(open::encode(&config));
        }
        configs.dedup();
        assert_eq!(configs.len(), 1, "one lesson has one link");
    }

    #[test]
    fn steps_and_mistakes_are_bounded_and_said_to_be() {
        let (lesson, mistakes) = parse(&format!("T\n{}", "#\n".repeat(16_000)));
        assert_eq!(lesson.steps.len(), *limits::STEP.end());
        assert_eq!(mistakes.len(), MAX_MISTAKES + 2);
        let [.., more, last] = mistakes.as_slice() else { unreachable!() };
        assert_eq!((more.line, more.sentence.as_str()), (22, "Here and below are 979 more mistakes."));
        assert_eq!((last.line, last.sentence.contains("at most 999 steps")), (1001, true));
        let whole = format!("T\n{}", "words\n#v=1\n".repeat(999));
        assert_eq!(parse(&whole).1, vec![]);
        let (lesson, mistakes) = parse(&(whole + "more\n#v=1\n#v=1\nthe end"));
        assert_eq!((lesson.steps.len(), mistakes.len(), mistakes[0].line), (999, 1, 2001));
    }

    #[test]
    fn what_is_odd_is_said_with_its_line() {
        let (lesson, mistakes) = parse("Title\n#v=1&n=7\nwords\n#v=1&layers=99\nthe end");
        assert_eq!(lesson.steps.len(), 2);
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [2, 4, 5]);
        assert!(mistakes[1].sentence.contains("layers"));
    }

    #[test]
    fn a_view_is_added_as_a_step() {
        let text = with_step(&with_step("", "First.", "v=1&n=7"), "Second.", "v=1&n=8");
        let (lesson, mistakes) = parse(&text);
        assert_eq!((lesson.title.as_str(), lesson.steps.len(), mistakes), ("My lesson", 2, vec![]));
        assert_eq!(text, "My lesson\n\nFirst.\n#v=1&n=7\n\nSecond.\n#v=1&n=8\n");
        assert_eq!(with_step("Ours\n\n", "First.", ""), "Ours\n\nFirst.\n#\n");
    }

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
        assert_eq!(said(Change::Say(1, "// Hush".into())), "Few.1 · // Hush0 The end.0", "it is no note");
        assert_eq!(said(Change::Say(1, "#v=1".into())), "Few.1 · #v=10 The end.0", "and no link");
        assert_eq!(lesson.clone().after(Change::Show(1, "v=1&n=9".into())).steps[1].link, "v=1&n=9");
    }

    #[test]
    fn a_lesson_is_taken_whole_or_not_at_all_and_what_is_taken_travels() {
        // Nine characters each in a link, and three.
        for (character, most) in [("中", limits::MAX_LESSON_CHARS / 9), ("\n", limits::MAX_LESSON_CHARS / 3)] {
            let mut config = Config::default();
            let control = controls::find("lesson").expect("lessons can be written");
            assert_eq!(control.read(&mut config, &character.repeat(most)), Ok(()));
            assert_eq!(open::decode(&open::encode(&config)), (config.clone(), vec![]));
            let longer = character.repeat(most + 1);
            assert!(control.read(&mut config, &longer).is_err() && too_long(&longer).is_some());
            assert_eq!(config.frame.lesson, character.repeat(most));
            assert_eq!(too_long(&config.frame.lesson), None);
        }
    }
}
