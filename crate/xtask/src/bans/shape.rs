//! The two rules about a file as a whole: how long it is, and how it begins.

use super::{Fault, Text};

/// A file that needs more is two files.
const LONGEST_FILE_LINES: usize = 500;

/// What is written by hand and read from top to bottom; data and lock files may be long.
const HAND_WRITTEN: &[&str] = &["rs", "mjs", "js", "css", "html", "toml", "yml", "md"];

/// The start of a first line that says what lives in the file, per language.
const FIRST_LINES: &[(&str, &str)] = &[("rs", "//! "), ("mjs", "// "), ("js", "// "), ("css", "/*")];

/// All files that are too long or begin without a word about themselves.
pub fn faults(texts: &[Text]) -> Vec<Fault> {
    texts.iter().flat_map(|text| [too_long(text), unexplained(text)]).flatten().collect()
}

fn too_long(text: &Text) -> Option<Fault> {
    let line = text.content.lines().count();
    (HAND_WRITTEN.contains(&ending(text)) && line > LONGEST_FILE_LINES).then(|| Fault {
        path: text.path.clone(),
        line,
        rule: "a file has 500 lines at the most",
        reason: "A reader keeps one file in mind: split it along what it is about.",
    })
}

fn unexplained(text: &Text) -> Option<Fault> {
    let (_, start) = FIRST_LINES.iter().find(|(known, _)| *known == ending(text))?;
    (!text.content.starts_with(start)).then(|| Fault {
        path: text.path.clone(),
        line: 1,
        rule: "the first line of a file says what lives there",
        reason: "A reader decides there whether this is the right file.",
    })
}

fn ending(text: &Text) -> &str {
    text.path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_first_line_are_judged_by_the_ending() {
        let long = "x\n".repeat(LONGEST_FILE_LINES + 1);
        let just_right = format!("//! Words.\n{}", "x\n".repeat(LONGEST_FILE_LINES - 1));
        for (path, content, expected) in [
            ("a.rs", just_right.as_str(), 0),
            ("a.rs", "fn main() {}", 1),
            ("a.rs", &long, 2),
            ("a.css", "/* The page. */", 0),
            ("a.md", &long, 1),
            ("a.lock", &long, 0),
            ("LICENSE", &long, 0),
        ] {
            let text = Text { path: path.to_owned(), content: content.to_owned() };
            assert_eq!(faults(&[text]).len(), expected, "{path}");
        }
    }
}
