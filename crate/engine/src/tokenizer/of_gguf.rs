//! Byte-level byte-pair encoding as the header of a GGUF file holds it.

use super::bpe::Written;
use super::{Bpe, NoTokenizer, Tokenizer, chat};
use crate::gguf::Header;
use glasses_contract::alphabet::Token;

/// The kind of text to token that is read.
const MODEL: &str = "gpt2";
/// The way of parting texts that is read ([`super::pieces`]).
const PIECES: &str = "smollm";

/// Reads the tokenizer of a file whose header this is; `file` is as much of it as the header takes, or more.
///
/// # Errors
/// If it has none, or one that is not read.
pub(crate) fn read(header: &Header, file: &[u8]) -> Result<Bpe, NoTokenizer> {
    for (field, expected) in [("tokenizer.ggml.model", MODEL), ("tokenizer.ggml.pre", PIECES)] {
        match header.text(field)? {
            Some(found) if found == expected => {}
            found => return Err(NoTokenizer::Other { field, found: found.unwrap_or_default().into(), expected }),
        }
    }
    let list = |field| header.texts(field)?.ok_or(NoTokenizer::Missing(field));
    let (tokens, merges) = (list("tokenizer.ggml.tokens")?, list("tokenizer.ggml.merges")?);
    let read = Bpe::new(tokens.count, tokens.texts(file).map(|text| Written::Letters(text.into())), merges.texts(file))?;
    let id = |field| match header.whole(field)? {
        Some(found) if found >= read.size() as u64 => Err(NoTokenizer::NoToken { field, found, size: read.size() }),
        found => Ok(found.map(|id| Token(id as u32))),
    };
    let (start, end) = (id("tokenizer.ggml.bos_token_id")?, id("tokenizer.ggml.eos_token_id")?);
    Ok(read.with(start, end.into_iter().collect(), header.text(chat::FIELD)?))
}
