//! Quoting what somebody typed or sent: short, and with every character to be seen.

use crate::locale::{later, tr};

/// Characters that a quotation holds at the most.
const SHOWN: usize = 40;

/// A text as a sentence quotes it: at most 40 of its characters, those that can't be seen by name.
pub fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(SHOWN).map(visible).collect();
    if text.chars().nth(SHOWN).is_some() {
        quoted.push('…');
    }
    quoted
}

/// A character as it can be seen: itself, or its name and code point.
pub fn visible(character: char) -> String {
    if is_seen(character) {
        return character.into();
    }
    let name = NAMES
        .iter()
        .find(|(named, _)| *named == character)
        .map_or_else(|| if character.is_control() { later("control character") } else { later("invisible character") }, |(_, name)| name);
    format!("⟨{} (U+{:04X})⟩", tr(name), character as u32)
}

/// Whether a character takes part in how a text is drawn and is nothing by itself: marks of direction, joiners, soft hyphens. People
/// neither see nor mean them; programs leave them behind where they break or copy a text.
pub fn is_format(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_seen(character: char) -> bool {
    // These count as printable, and print nothing.
    let is_blank = matches!(character, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    let is_escaped = character.escape_debug().len() > 1 && !matches!(character, '\\' | '\'' | '"');
    !is_blank && !is_escaped && !is_format(character)
}

/// Those that people come across.
const NAMES: &[(char, &str)] = &[
    ('\t', later("tab")),
    ('\n', later("line feed")),
    ('\r', later("carriage return")),
    ('\u{a0}', later("no-break space")),
    ('\u{ad}', later("soft hyphen")),
    ('\u{200b}', later("zero-width space")),
    ('\u{200c}', later("zero-width non-joiner")),
    ('\u{200d}', later("zero-width joiner")),
    ('\u{200e}', later("left-to-right mark")),
    ('\u{200f}', later("right-to-left mark")),
    ('\u{2028}', later("line separator")),
    ('\u{2029}', later("paragraph separator")),
    ('\u{202a}', later("mark of direction")),
    ('\u{202b}', later("mark of direction")),
    ('\u{202c}', later("mark of direction")),
    ('\u{202d}', later("mark of direction")),
    ('\u{202e}', later("mark of direction")),
    ('\u{2066}', later("mark of direction")),
    ('\u{2067}', later("mark of direction")),
    ('\u{2068}', later("mark of direction")),
    ('\u{2069}', later("mark of direction")),
    ('\u{2009}', later("thin space")),
    ('\u{202f}', later("narrow no-break space")),
    ('\u{2060}', later("word joiner")),
    ('\u{3000}', later("full-width space")),
    ('\u{feff}', later("byte-order mark")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_can_be_seen_and_is_short() {
        assert_eq!(quote("1^n é中「\\\"'"), "1^n é中「\\\"'");
        assert_eq!(quote("7\u{200b}"), "7⟨zero-width space (U+200B)⟩");
        assert_eq!(quote("\u{0}\u{1b}[31m"), "⟨control character (U+0000)⟩⟨control character (U+001B)⟩[31m");
        assert_eq!(quote("\u{202e}abc"), "⟨mark of direction (U+202E)⟩abc");
        assert_eq!(quote("\u{e0041}\u{10ffff}"), "⟨invisible character (U+E0041)⟩⟨invisible character (U+10FFFF)⟩");
        assert_eq!(quote(&"a".repeat(40)), "a".repeat(40));
        assert_eq!(quote(&"a".repeat(4000)), "a".repeat(40) + "…");
    }

    #[test]
    fn nothing_in_a_quotation_is_a_control_or_a_format_character() {
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let seen = visible(character);
            assert!(!seen.chars().any(|character| character.is_control() || is_format(character)), "{:04X}", character as u32);
        }
    }
}
