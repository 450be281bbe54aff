//! One token a character: the alphabet of the tiny models.

use super::Tokenizer;
use glasses_contract::alphabet::{self, Token};
use glasses_contract::config::Which;
use glasses_contract::sequence::{InputError, Sequences};
use glasses_contract::task::END;

/// The tokenizer of the [`alphabet`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Characters;

impl Tokenizer for Characters {
    fn size(&self) -> usize {
        alphabet::SIZE
    }

    fn tokens(&self, text: &str) -> Vec<Token> {
        text.chars().filter_map(alphabet::token).collect()
    }

    fn text(&self, tokens: &[Token]) -> String {
        tokens.iter().filter_map(|&token| alphabet::character(token)).collect()
    }

    fn label(&self, token: Token) -> String {
        alphabet::label(token)
    }

    fn end(&self) -> Option<Token> {
        alphabet::token(END)
    }

    /// A character that ends an answer, or what is no character.
    fn is_end(&self, token: Token) -> bool {
        alphabet::character(token).is_none_or(|character| character == END)
    }

    fn sequence(&self, sequences: &Sequences, which: Which, n: usize) -> Result<Vec<Token>, InputError> {
        sequences.tokens(which, n)
    }
}
