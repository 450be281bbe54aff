//! Keys and words of a link, as they are and as programs and keyboards leave them.

use super::FIGURE;
use crate::alphabet::narrow;
use crate::controls;
use crate::number::{self, Unread, is_minus};
use crate::quote::is_format;
use crate::report::SEES;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::ops::Range;

/// The ampersand that stands between pairs, as HTML writes it: its tail is left in front of the key.
const AMPERSANDS: [&str; 4] = ["amp;", "#38;", "#038;", "#x26;"];

/// The key that is written here: also escaped, in capitals, full-width, behind an ampersand of HTML, or among characters that nobody sees.
pub(super) fn known(key: &str) -> Option<Cow<'_, str>> {
    if is_key(key) {
        return Some(key.into());
    }
    let decoded = percent_decode_str(key).decode_utf8().ok()?;
    let plain: String = decoded.chars().filter(|&character| !is_format(character)).map(narrow).collect();
    let plain = plain.trim().to_ascii_lowercase();
    let mut plain = plain.as_str();
    while let Some(behind) = AMPERSANDS.iter().find_map(|ampersand| plain.strip_prefix(ampersand)) {
        plain = behind;
    }
    is_key(plain).then(|| plain.to_string().into())
}

fn is_key(key: &str) -> bool {
    key == "v" || key == FIGURE || key == SEES || controls::find(key).is_some()
}

/// A word without what does not belong to it: invisible characters, capitals, dashes for hyphens, and whatever a sentence or a program put
/// around it. Nothing where nothing is left, or nothing was there.
pub(super) fn tidied(value: &str) -> Option<String> {
    let plain = plain(value);
    let tidied = &plain[word(&plain)];
    (!tidied.is_empty() && tidied != value).then(|| tidied.into())
}

/// The same of a number. Nothing where it is one as it stands, if not one that is taken, or where what is around it may be a part of it: a
/// piece of a number is another number.
pub(super) fn tidied_number(value: &str) -> Option<String> {
    if number::real(value) != Err(Unread::NoNumber) {
        return None;
    }
    let plain = plain(value);
    let kept = word(&plain);
    let parts_groups = |sign: char| sign.is_whitespace() || matches!(sign, '\'' | '_') || !sign.is_ascii() && !sign.is_alphanumeric();
    let is_part = |digit: char| digit.is_numeric() || "十百千万亿萬億".contains(digit);
    let goes_on = plain[kept.end..].trim_start_matches(parts_groups).starts_with(is_part);
    let began = plain[..kept.start].ends_with(|sign: char| is_part(sign) || matches!(sign, '·' | '•' | '∙' | '±' | '/'));
    if goes_on || began { None } else { tidied(value) }
}

/// A value with characters that can be seen, small, narrow, and with one hyphen.
fn plain(value: &str) -> String {
    let plain = |character: char| if is_minus(character) { '-' } else { narrow(character).to_ascii_lowercase() };
    value.chars().filter(|&character| !is_format(character)).map(plain).collect()
}

/// Where the word is in a plain value.
fn word(plain: &str) -> Range<usize> {
    let opening = |character: char| !character.is_ascii_alphanumeric() && !matches!(character, '+' | '-' | '.');
    let begun = plain.trim_start_matches(opening);
    let ends = |character: char| !character.is_ascii() || character.is_whitespace() || "<>\"|#`&?".contains(character);
    let ended = begun.split(ends).next().unwrap_or_default();
    let tidied = ended.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
    let start = plain.len() - begun.len();
    start..start + tidied.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_whatever_it_is_wrapped_in() {
        for key in ["n", "N", "amp;n", "amp;amp;n", "#38;n", "#x26;n", "%6E", "ｎ", "\u{200b}n", "%E2%80%8Bn", " n ", "%20n"] {
            assert_eq!(known(key).as_deref(), Some("n"), "{key}");
        }
        for key in ["", "nope", "amp;", "utm_source", "%FF", "n n"] {
            assert_eq!(known(key), None, "{key}");
        }
    }

    #[test]
    fn what_is_put_around_a_word_is_no_part_of_it() {
        for (value, word) in [
            ("7)", "7"),
            ("7).", "7"),
            ("7\u{200b}", "7"),
            ("rotary…", "rotary"),
            ("Rotary", "rotary"),
            ("by–n", "by-n"),
            ("“linf”", "linf"),
            ("7>", "7"),
            ("7|the page", "7"),
            ("7</a>", "7"),
            ("7**", "7"),
            ("7。", "7"),
            ("7这里", "7"),
            ("-3)", "-3"),
            ("ｒｏｔａｒｙ", "rotary"),
            ("7?utm_source=x", "7"),
            ("log,sigmoid,", "log,sigmoid"),
        ] {
            assert_eq!(tidied(value).as_deref(), Some(word), "{value}");
        }
        for value in ["", "…", "\u{200b}", "7", "many"] {
            assert_eq!(tidied(value), None, "{value}");
        }
    }

    #[test]
    fn a_piece_of_a_number_is_not_taken_for_it() {
        for (value, number) in
            [("7)", "7"), ("—3)", "-3"), ("7这里", "7"), ("7 and 8", "7"), ("7</h1>", "7"), ("7, 8", "7"), ("“0.5”", "0.5")]
        {
            assert_eq!(tidied_number(value).as_deref(), Some(number), "{value}");
        }
        for value in ["9 999", "1\u{a0}000\u{a0}000", "2 4", "1’000’0", "2²", "2½", "2千", "1×10", "1२", "२4", "·5", "±3", "1,000"]
        {
            assert_eq!(tidied_number(value), None, "{value}");
        }
    }
}
