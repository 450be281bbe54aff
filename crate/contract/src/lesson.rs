//! A lesson: a list of links with a sentence each, as a text that a teacher can write, keep in a file, or give away in one link.
//!
//! ```text
//! Counting is hard
//!
//! Here are twenty ones: the model is right.
//! #v=1&n=20&task=ones&weights=alibi&tool=answers
//!
//! And now two hundred. What do you expect?
//! #v=1&n=200&max=512&task=ones&weights=alibi&tool=answers
//! ```
//! The first line is the title. Each step is some lines of words and then its link, whole or the part from `#`.

use crate::link;
use crate::say;
use crate::warning::Warning;

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// What it is about.
    pub title: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// One step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is to be seen.
    pub sentence: String,
    /// The part of the link behind `#`.
    pub link: String,
}

/// What is wrong with a line of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub sentence: String,
}

/// Reads a lesson; whatever can be read is, with a sentence for each line that is odd.
pub fn parse(text: &str) -> (Lesson, Vec<Mistake>) {
    let mut lesson = Lesson::default();
    let mut mistakes = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut words_from = 0;
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let line_number = index + 1;
        if line.is_empty() {
            continue;
        }
        let Some(link) = link_in(line) else {
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
        for Warning { sentence, .. } in link::decode(link).1 {
            mistakes.push(Mistake { line: line_number, sentence });
        }
        if words.is_empty() {
            mistakes.push(Mistake { line: line_number, sentence: say!("This link has no sentence before it.").into() });
        }
        lesson.steps.push(Step { sentence: words.join(" "), link: link.into() });
        words.clear();
    }
    if !words.is_empty() {
        mistakes.push(Mistake { line: words_from, sentence: say!("No link follows this sentence.").into() });
    }
    (lesson, mistakes)
}

/// The part of a link behind `#`, if a line is a link.
fn link_in(line: &str) -> Option<&str> {
    let is_address = line.starts_with("http://") || line.starts_with("https://") || line.starts_with("file://");
    match line.split_once('#') {
        Some((before, hash)) if before.is_empty() && (hash.is_empty() || hash.starts_with("v=")) => Some(hash),
        Some((_, hash)) if is_address => Some(hash),
        None if is_address => Some(""),
        None if line.starts_with("v=1") => Some(line),
        _ => None,
    }
}

/// A lesson with a step more. A text without a title gets one.
pub fn with_step(text: &str, sentence: &str, link: &str) -> String {
    let title = if text.trim().is_empty() { say!("My lesson") } else { text.trim_end() };
    format!("{title}\n\n{sentence}\n#{link}\n")
}

/// The most characters that a lesson may take in a link: every lesson travels in one ([`link::MAX_LINK_CHARS`]).
pub const MAX_WRITTEN: usize = 100_000;

/// Why a text can't be a lesson, where it is too long for one.
pub fn too_long(text: &str) -> Option<String> {
    let written = link::written(text);
    (written > MAX_WRITTEN).then(|| say!("The lesson would take {} characters in a link, and {} are the most.", written, MAX_WRITTEN))
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
    fn a_lesson_is_taken_whole_or_not_at_all_and_what_is_taken_travels() {
        // Nine characters each in a link, and three.
        for (character, most) in [("中", MAX_WRITTEN / 9), ("\n", MAX_WRITTEN / 3)] {
            let mut config = Config::default();
            let control = controls::find("lesson").expect("lessons can be written");
            assert_eq!(control.read(&mut config, &character.repeat(most)), Ok(()));
            assert_eq!(link::decode(&link::encode(&config)), (config.clone(), vec![]));
            let longer = character.repeat(most + 1);
            assert!(control.read(&mut config, &longer).is_err() && too_long(&longer).is_some());
            assert_eq!(config.frame.lesson, character.repeat(most));
            assert_eq!(too_long(&config.frame.lesson), None);
        }
    }
}
