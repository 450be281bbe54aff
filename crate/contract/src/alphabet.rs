//! The model's alphabet: a beginning-of-sequence token and the printable ASCII characters, one token each.

use serde::{Deserialize, Serialize};

/// A token: an index into the alphabet, or into the vocabulary of a model that brings its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub u32);

/// The characters that a text may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Characters {
    /// Those of this alphabet; full-width ones stand for the narrow ones, and what can't be seen for nothing.
    #[default]
    Alphabet,
    /// Whatever there is, as it is: a language model brings tokens for any text.
    Any,
}

impl Characters {
    /// Whether a text may have this one.
    pub fn has(self, character: char) -> bool {
        self == Self::Any || token(character).is_some()
    }
}

/// The number of tokens: BOS and the 95 characters from space to tilde.
pub const SIZE: usize = 96;

/// Beginning of sequence.
pub const BOS: Token = Token(0);

/// How BOS is shown to people.
pub const BOS_LABEL: &str = "⟨bos⟩";

/// The token of a character, or nothing where the alphabet lacks it.
pub fn token(character: char) -> Option<Token> {
    matches!(character, ' '..='~').then(|| Token(character as u32 - ' ' as u32 + 1))
}

/// The ASCII character that a full-width one is the wide form of, as Chinese keyboards type it; of spaces of other widths a space. Any
/// other character is itself.
pub fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from((character as u32 - 0xff01) as u8 + b'!'),
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
}

/// The character of a token; BOS has none.
pub fn character(token: Token) -> Option<char> {
    u8::try_from(token.0).ok().filter(|id| (1..SIZE as u8).contains(id)).map(|id| char::from(id - 1 + b' '))
}

/// A token as people read it: the character itself, `␣` for a space, [`BOS_LABEL`] for BOS.
pub fn label(token: Token) -> String {
    match character(token) {
        Some(' ') => "␣".into(),
        Some(character) => character.into(),
        None => BOS_LABEL.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_but_bos_is_a_character_and_back() {
        assert_eq!(character(BOS), None);
        for id in 1..SIZE as u32 {
            assert_eq!(character(Token(id)).and_then(token), Some(Token(id)));
        }
        assert_eq!(character(Token(SIZE as u32)), None);
        assert_eq!(token('中'), None);
        assert_eq!(token('\n'), None);
    }

    #[test]
    fn every_printable_character_has_a_full_width_form() {
        let wide = |ascii: char| if ascii == ' ' { '\u{3000}' } else { char::from_u32(ascii as u32 + 0xfee0).unwrap_or_default() };
        for ascii in ' '..='~' {
            assert_eq!((narrow(wide(ascii)), narrow(ascii)), (ascii, ascii));
        }
        assert_eq!(narrow('中'), '中');
    }
}
