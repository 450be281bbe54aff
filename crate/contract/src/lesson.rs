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
//! The first line is the title. Each step is some lines of words and then its link: [`link::in_line`] says what is one. A step without words asks
//! what is to be seen ([`Step::said`]). A line that begins with [`NOTE`] is for whoever gives the lesson, and not shown to the room. What is read
//! of a lesson is bounded by its steps, not by its characters alone.

mod change;

pub use change::Change;

use crate::warning::Warning;
use crate::{escape, limits, link, open, say, text_file};

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// What it is about.
    pub title: String,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The lines below the last step that belong to none: words without a link, notes, and what is beyond the most steps.
    pub rest: Vec<String>,
}

/// One step of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Step {
    /// What is to be seen, as it was written; empty where nothing was.
    pub sentence: String,
    /// What the lecturer alone is told, a line each.
    pub notes: Vec<String>,
    /// The part of the link behind `#`.
    pub link: String,
}

/// Words that ask for a guess, in the languages of the page.
const ASKING: [&str; 2] = ["expect", "predict"];
const ASKING_CHINESE: [&str; 2] = ["预测", "预计"];

impl Step {
    /// What the room is told: what was written, or a question where nothing was.
    pub fn said(&self) -> &str {
        if self.sentence.is_empty() { say!("What do you see?") } else { &self.sentence }
    }

    /// Whether it asks for something that can be written down before it is seen: it says so, or a sentence of it is a question.
    pub fn asks(&self) -> bool {
        let said = self.said();
        let is_asking = |word: &str| {
            let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?');
            word.ends_with('?')
                || ASKING.iter().any(|asking| word.trim_start_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(asking))
        };
        said.contains('？') || ASKING_CHINESE.iter().any(|asking| said.contains(asking)) || said.split_whitespace().any(is_asking)
    }
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
    let mut lines = text.lines().map(str::trim).enumerate();
    while let Some((index, line)) = lines.next() {
        let line_number = index + 1;
        if line.is_empty() {
            continue;
        }
        // A note may name a link, which is none to show.
        if let Some(note) = line.strip_prefix(NOTE) {
            notes.push(note.trim().to_owned());
            lesson.rest.push(line.into());
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
                lesson.rest.push(line.into());
            }
            continue;
        };
        if lesson.steps.len() == *limits::STEP.end() {
            let sentence = say!("A lesson has at most {} steps; this one and what follows are left out.", limits::STEP.end());
            mistakes.always(line_number, sentence);
            words.clear();
            lesson.rest.push(line.into());
            lesson.rest.extend(lines.by_ref().map(|(_, line)| line.to_owned()).filter(|line| !line.is_empty()));
            break;
        }
        for Warning { sentence, .. } in open::decode(line).1 {
            mistakes.add(line_number, sentence.to_string());
        }
        lesson.steps.push(Step { sentence: words.join(" "), notes: std::mem::take(&mut notes), link });
        words.clear();
        lesson.rest.clear();
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
        let (lesson, mistakes) = parse(&format!("T\n{}", "#v=1&n=abc\n".repeat(16_000)));
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
        assert_eq!(lines, [4, 5]);
        assert!(mistakes[0].sentence.contains("layers"));
    }

    #[test]
    fn a_step_without_words_asks_what_is_to_be_seen() {
        let (lesson, mistakes) = parse("Title\n#v=1&n=7\n// Wait.\n#v=1");
        assert_eq!(mistakes, vec![]);
        let said: Vec<_> = lesson.steps.iter().map(|step| (step.sentence.as_str(), step.said(), step.notes.len())).collect();
        assert_eq!(said, [("", "What do you see?", 0), ("", "What do you see?", 1)]);
    }

    #[test]
    fn a_step_asks_where_it_says_so_or_has_a_question() {
        let asks = |sentence: &str| Step { sentence: sentence.into(), ..Step::default() }.asks();
        for asking in [
            "Two hundred? Write it down.",
            "Is it “right?”",
            "Predict the answer.",
            "Say what you expect, then go on.",
            "为什么？看图。",
            "写下你的预测。",
            "",
        ] {
            assert!(asks(asking), "{asking}");
        }
        for telling in ["As expected, it is right.", "The model predicts 99.", "Look at a?b.", "二十个 1：对。"] {
            assert!(!asks(telling), "{telling}");
        }
    }

    #[test]
    fn what_belongs_to_no_step_is_kept() {
        let (lesson, mistakes) = parse("T\n\nOne.\n#v=1\n\nWords alone,\nin two lines.\n// And a note.\n");
        assert_eq!((lesson.rest.join("|").as_str(), mistakes.len()), ("Words alone,|in two lines.|// And a note.", 1));
        let most = format!("T\n{}", "words\n#v=1\n".repeat(*limits::STEP.end()));
        assert_eq!(parse(&most).0.rest, Vec::<String>::new());
        assert_eq!(parse(&(most + "more\n\n#v=1&n=3\nthe end\n")).0.rest, ["more", "#v=1&n=3", "the end"]);
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
