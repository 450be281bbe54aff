//! A text as a link holds it: what would end a link, or be read as something else, is escaped.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays readable. Brackets and `^` would, by the letter of RFC 3986 or the habits of chat programs, end a link early; browsers take off
/// what follows `:~:`.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b',').remove(b':').remove(b'+').remove(b'*').remove(b'/');

/// A value as a link holds it.
pub(crate) fn escaped(value: &str) -> String {
    let raw = utf8_percent_encode(value, ESCAPED).to_string();
    let mut escaped = String::with_capacity(raw.len());
    let mut done = 0;
    for at in pluses_between_letters(&raw) {
        escaped.push_str(&raw[done..at]);
        escaped.push_str("%2B");
        done = at + 1;
    }
    escaped + &raw[done..]
}

/// How many characters a link takes to write a text.
pub(crate) fn written(text: &str) -> usize {
    escaped(text).len()
}

/// Where plus signs stand between letters, as spaces do: `count+the+ones`.
pub(crate) fn pluses_between_letters(raw: &str) -> impl Iterator<Item = usize> {
    let bytes = raw.as_bytes();
    let is_letter = move |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    // The two characters behind a percent sign are no letters.
    let is_escape = move |at: usize| (1..=2).any(|before| at.checked_sub(before).is_some_and(|at| bytes[at] == b'%'));
    raw.match_indices('+').map(|(at, _)| at).filter(move |&at| at > 0 && is_letter(at - 1) && !is_escape(at - 1) && is_letter(at + 1))
}
