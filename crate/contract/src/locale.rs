//! The language in which people are spoken to. The English sentence in the source is the key to its translation.
//!
//! A program speaks one language from its first word to its last: the page says once which ([`speak`]) and brings the catalogue; a
//! program that says nothing of the kind, such as a worker or the command line, speaks English and holds no catalogue. So plain
//! functions may ask for a translation, and nothing has to be told what language it is in. How to add a sentence, or a language, stands in
//! docs/adding-a-language.md.
//!
//! | written | where | means |
//! |---|---|---|
//! | `say!("Nothing yet.")`, `tr(label)` | where something is shown | the translation, or the English itself; allocates nothing |
//! | `say!("Step {} of {}.", step, steps)` | where something is shown | the same, filled; a translation may say `{1}` before `{0}` |
//! | `later("none")` | in a table | the English; whoever shows it passes it to `tr` |
//! | `sentence!("Step {} of {}.", step, steps)` | where it is shown elsewhere | a [`Sentence`](crate::Sentence), which is put into words where it is displayed |

use std::cell::Cell;
use std::fmt::{Display, Write as _};

const ENGLISH: (&str, &str) = ("en", "");

thread_local! {
    static SPOKEN: Cell<(&'static str, &'static str)> = const { Cell::new(ENGLISH) };
}

/// Settles the language by its code (ISO 639-1), before anything is said in this thread. The catalogue has a line for each sentence, sorted by
/// bytes: the English, a tab, the translation. English needs none.
pub fn speak(code: &'static str, catalogue: &'static str) {
    SPOKEN.set((code, catalogue));
}

/// The code of the language that is spoken.
pub fn code() -> &'static str {
    SPOKEN.get().0
}

/// Does something in English whatever the page speaks: files for programs, whose headings are the same everywhere.
pub fn in_english<R>(work: impl FnOnce() -> R) -> R {
    let spoken = SPOKEN.replace(ENGLISH);
    let done = work();
    SPOKEN.set(spoken);
    done
}

/// The translation of a sentence or a word, or the English itself where there is none.
pub fn tr(english: &str) -> &str {
    find(SPOKEN.get().1, english).unwrap_or(english)
}

/// The English itself, to be translated when it is shown: marks a sentence in a table for the catalogue.
pub const fn later(english: &'static str) -> &'static str {
    english
}

/// Says a sentence in the page's language. Without values it is the translation of the text, `&'static str`; with values the text is a
/// template whose holes `{}` they fill in order, or `{0}`, `{1}` by number, and it is a `String`. Any other brace stands for itself. A number
/// that wants a format is formatted before.
#[macro_export]
macro_rules! say {
    ($sentence:literal $(,)?) => {{
        const { assert!($crate::locale::holes($sentence) == 0, "a template without values") }
        $crate::locale::tr($sentence)
    }};
    ($template:literal, $($value:expr),+ $(,)?) => {{
        const { assert!($crate::locale::holes($template) == [$(stringify!($value)),+].len(), "as many holes as values") }
        $crate::locale::fill($crate::locale::tr($template), &[$(&$value as &dyn ::std::fmt::Display),+])
    }};
}

/// Fills the holes of a template. A template may stand apart from its values by spaces, as Chinese does from digits and Latin letters: where
/// a value turns out to be Chinese too, the space between them is left out.
pub fn fill(template: &str, values: &[&dyn Display]) -> String {
    let mut filled = String::with_capacity(template.len() + 8 * values.len());
    let mut next = 0;
    for (text, hole) in pieces(template) {
        filled.push_str(text);
        let Some(number) = hole else { continue };
        let at = number.unwrap_or(next);
        next = at + 1;
        if let Some(value) = values.get(at) {
            // Writing to a string fails only where a Display implementation says so without reason.
            let _ = write!(filled, "{value}");
        }
    }
    closed_up(filled)
}

/// Without the spaces that stand between two Chinese characters.
fn closed_up(text: String) -> String {
    let is_wide = |character: Option<char>| character.is_some_and(|character| character >= '\u{2e80}');
    let is_needless = |at: usize| is_wide(text[..at].chars().next_back()) && is_wide(text[at + 1..].chars().next());
    if !text.match_indices(' ').any(|(at, _)| is_needless(at)) {
        return text;
    }
    text.char_indices().filter(|&(at, character)| character != ' ' || !is_needless(at)).map(|(_, character)| character).collect()
}

/// The number of values that a template asks for.
pub const fn holes(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut at, mut next, mut most) = (0, 0, 0);
    while at + 1 < bytes.len() {
        if bytes[at] == b'{' {
            if bytes[at + 1] == b'}' {
                next += 1;
            } else if at + 2 < bytes.len() && bytes[at + 1].is_ascii_digit() && bytes[at + 2] == b'}' {
                next = (bytes[at + 1] - b'0') as usize + 1;
            }
            if next > most {
                most = next;
            }
        }
        at += 1;
    }
    most
}

/// A template as texts, each with the hole behind it, if there is one: its number, or none for the next.
fn pieces(template: &str) -> impl Iterator<Item = (&str, Option<Option<usize>>)> {
    let mut rest = Some(template);
    std::iter::from_fn(move || {
        let text = rest?;
        let hole = text.match_indices('{').find_map(|(at, _)| {
            let inside = &text[at + 1..];
            let digit = inside.bytes().next().filter(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'));
            let close = usize::from(digit.is_some());
            (inside.as_bytes().get(close) == Some(&b'}')).then_some((at, at + close + 2, digit))
        });
        rest = hole.map(|(_, end, _)| &text[end..]);
        Some(hole.map_or((text, None), |(at, _, number)| (&text[..at], Some(number))))
    })
}

/// Sentences one behind the other: with a space between them, but behind full-width punctuation, which brings its own.
pub fn together<S: AsRef<str>>(sentences: impl IntoIterator<Item = S>) -> String {
    let mut said = String::new();
    for sentence in sentences {
        let sentence = sentence.as_ref();
        if !said.is_empty() && !sentence.is_empty() && !said.ends_with(['。', '？', '！', '；', '：']) {
            said.push(' ');
        }
        said.push_str(sentence);
    }
    said
}

/// The lines of a catalogue: English and translation.
pub fn entries(catalogue: &str) -> impl Iterator<Item = (&str, &str)> {
    catalogue.lines().filter_map(|line| line.split_once('\t'))
}

/// Halves the catalogue until one line is left.
fn find<'a>(catalogue: &'a str, english: &str) -> Option<&'a str> {
    let bytes = catalogue.as_bytes();
    // Both are starts of lines.
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = bytes[low..middle].iter().rposition(|&byte| byte == b'\n').map_or(low, |at| low + at + 1);
        let end = bytes[middle..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| middle + at);
        let (key, translation) = catalogue.get(start..end)?.split_once('\t')?;
        match key.cmp(english) {
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Equal => return Some(translation),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: &str = "Nothing yet.\t还没有结果。\n\
        The weights were trained with another “{}”; theirs is taken.\t“{}”与权重不符；改用权重自带的值。\n\
        layers shown: {} of {}\t共 {1} 层，显示 {0} 层\n\
        none\t无\n";

    #[test]
    fn english_is_spoken_until_something_else_is() {
        assert_eq!(tr("none"), "none");
        speak("zh", CATALOGUE);
        assert_eq!((code(), tr("none"), say!("Nothing yet.")), ("zh", "无", "还没有结果。"));
        assert_eq!(in_english(|| (code(), tr("none"))), ("en", "none"));
        assert_eq!(tr("no such word"), "no such word");
    }

    #[test]
    fn every_line_is_found_and_nothing_between_them() {
        for (english, translation) in entries(CATALOGUE) {
            assert_eq!(find(CATALOGUE, english), Some(translation));
            assert_eq!(find(CATALOGUE, &format!("{english}x")), None);
            assert_eq!(find(CATALOGUE, &english[..english.len() - 1]), None);
        }
        assert_eq!((find("", "none"), find(CATALOGUE, ""), find(CATALOGUE, "zzz")), (None, None, None));
        assert_eq!(find("none\t无", "none"), Some("无"), "a last line without an end");
    }

    #[test]
    fn templates_are_filled_in_order_or_by_number() {
        assert_eq!(say!("layers shown: {} of {}", 2, 4), "layers shown: 2 of 4");
        speak("zh", CATALOGUE);
        assert_eq!(say!("layers shown: {} of {}", 2, 4), "共 4 层，显示 2 层");
        assert_eq!(fill("输出处的 {} 距离", &[&"余弦"]), "输出处的余弦距离");
        assert_eq!(fill("输出处的 {} 距离", &[&"L∞"]), "输出处的 L∞ 距离");
        assert_eq!(fill("write {,/3} or {[a-z]/3} behind {}{", &[&'1']), "write {,/3} or {[a-z]/3} behind 1{");
        assert_eq!((holes("{} {,/3} {}"), holes("{1} {0}"), holes("{n}"), holes("{")), (2, 2, 0, 0));
    }

    #[test]
    fn sentences_stand_together_as_their_language_has_them() {
        assert_eq!(together(["One.", "", "Two."]), "One. Two.");
        assert_eq!(together(["一。", "二。"]), "一。二。");
    }
}
