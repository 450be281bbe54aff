//! Tokenizers: how a text becomes the tokens that a model reads.
//!
//! The first member is that of the tiny models, whose alphabet has a token for each printable ASCII character. Models from elsewhere bring their
//! own, in their file.

mod bpe;
mod byte_letters;
mod characters;
mod chat;
mod letters;
mod no_chat;
mod no_tokenizer;
pub(crate) mod of_gguf;
pub(crate) mod of_json;
mod pieces;

pub use bpe::Bpe;
pub use characters::Characters;
pub use no_tokenizer::NoTokenizer;

use glasses_contract::alphabet::Token;
use glasses_contract::config::Which;
use glasses_contract::sequence::{InputError, Sequences};

/// A way from a text to tokens, and back. One file a member.
pub trait Tokenizer {
    /// Number of tokens that there are.
    fn size(&self) -> usize;

    /// The tokens of a text. What there is no token for is left out.
    fn tokens(&self, text: &str) -> Vec<Token>;

    /// The text of tokens. What is no text by itself, such as a part of a character's bytes, is replaced by U+FFFD.
    fn text(&self, tokens: &[Token]) -> String;

    /// A token as people read it.
    fn label(&self, token: Token) -> String;

    /// The token that ends an answer, where there is one.
    fn end(&self) -> Option<Token>;

    /// Whether no text goes on behind this token.
    fn is_end(&self, token: Token) -> bool {
        self.end() == Some(token)
    }

    /// The tokens of a sequence at n: those of the whole text, with what stands around it, and in front of them the one that begins sequences where
    /// it is asked for.
    ///
    /// # Errors
    /// As [`Sequences::tokens`].
    fn sequence(&self, sequences: &Sequences, which: Which, n: usize) -> Result<Vec<Token>, InputError>;

    /// The tokens of A and of B at n.
    ///
    /// # Errors
    /// As [`Tokenizer::sequence`].
    fn both(&self, sequences: &Sequences, n: usize) -> Result<[Vec<Token>; 2], InputError> {
        Ok([self.sequence(sequences, Which::A, n)?, self.sequence(sequences, Which::B, n)?])
    }

    /// Tokens as people read them, one label each.
    fn labels(&self, tokens: &[Token]) -> Vec<String> {
        tokens.iter().map(|&token| self.label(token)).collect()
    }
}
