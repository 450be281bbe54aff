//! The pieces of a text that tokens do not reach across.
//!
//! Each digit or other number (`\p{N}`) is a piece by itself. What stands between them is parted by the expression of Radford et al. 2019,
//! `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, for which the end of such a part is an end of the text. In files this
//! way is called `smollm`.

use super::letters::is_letter;

/// How English shortens words: pieces wherever an apostrophe stands before these.
const SHORTENED: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/// What matters of a character here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Number,
    Space,
    Other,
}

fn class(character: char) -> Class {
    match character {
        _ if character.is_whitespace() => Class::Space,
        _ if character.is_numeric() => Class::Number,
        _ if is_letter(character) => Class::Letter,
        _ => Class::Other,
    }
}

/// The pieces of a text, one behind the other: together they are all of it.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, behind) = rest.split_at(first(rest)?);
        rest = behind;
        Some(piece)
    })
}

/// The length of the first piece.
fn first(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if class(first) == Class::Number {
        return Some(first.len_utf8());
    }
    if let Some(shortened) = SHORTENED.into_iter().find(|shortened| text.starts_with(shortened)) {
        return Some(shortened.len());
    }
    // A space may stand in front of a run of one class, except where it begins a run of spaces itself.
    let lead = if first == ' ' { 1 } else { 0 };
    let of = text[lead..].chars().next().map_or(Class::Space, class);
    match of {
        Class::Letter | Class::Other => Some(lead + run(&text[lead..], of)),
        // A number is parted off before this, so that spaces in front of it are spaces at an end.
        Class::Number => Some(lead),
        Class::Space => {
            let spaces = run(text, Class::Space);
            let is_end = text[spaces..].chars().next().is_none_or(|next| class(next) == Class::Number);
            let last = text[..spaces].chars().next_back().map_or(0, char::len_utf8);
            // The last of several spaces belongs to what follows.
            Some(if is_end || spaces == last { spaces } else { spaces - last })
        }
    }
}

/// The length of the run of a class at the beginning.
fn run(text: &str, of: Class) -> usize {
    text.find(|character| class(character) != of).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_words_numbers_signs_and_spaces() {
        let parted = |text| pieces(text).collect::<Vec<_>>().join("|");
        assert_eq!(parted("Hello's  world\n\n\n x123  \t tabs"), "Hello|'s| | world|\n\n\n| x|1|2|3|  \t| tabs");
        assert_eq!(parted("I'll've it's 'Sure' ''s"), "I|'ll|'ve| it|'s| '|Sure|'| ''|s");
        assert_eq!(parted("a  1 b   "), "a|  |1| b|   ");
        assert_eq!(parted("é½² Ⅳ—“x”\u{3000}日本"), "é|½|²| |Ⅳ|—“|x|”|\u{3000}|日本");
        assert_eq!(parted(""), "");
    }
}
