//! Byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019), from a model's file.
//!
//! A piece of a text begins as its bytes, a token each. Of all neighbours that the list of merges joins, those are joined first that stand first in
//! it; of several alike, the left ones; until nothing is left to join.
//!
//! Files list tokens in the order in which merges made them. So a token's number says which of two merges comes first, and of the merge itself only
//! the length of its left half is kept: a token that is as long and reads the same is the same.

use super::byte_letters::bytes;
use super::chat::{self, ChatTemplate};
use super::no_chat::NoChat;
use super::pieces::pieces;
use super::{NoTokenizer, Tokenizer};
use crate::gguf::Header;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Chat, Start, Which};
use glasses_contract::quote::visible;
use glasses_contract::sequence::{InputError, Sequences};

/// The kind of text to token that is read.
const MODEL: &str = "gpt2";
/// The way of parting texts that is read ([`super::pieces`]).
const PIECES: &str = "smollm";
/// Tokens that a file may have.
const MAX_TOKENS: usize = 1 << 20;
/// Bytes that a token may have.
const MAX_BYTES: usize = 1 << 10;
/// How the token reads that ends every text a model was trained on, whatever token ends an answer.
const END_OF_TEXT: &[u8] = b"<|endoftext|>";
/// Marks a token that no merge makes.
const NO_MERGE: u16 = 0;
/// What stands between two tokens that nothing joins.
const APART: u32 = u32::MAX;

/// The tokens of a file and how bytes become them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bpe {
    /// The bytes of all tokens, one behind the other.
    bytes: Vec<u8>,
    /// Where each token's bytes begin; and the end of all.
    starts: Vec<u32>,
    /// All tokens, in the order of their bytes.
    sorted: Vec<u32>,
    /// For each token, the length of the left half of the merge that makes it; or [`NO_MERGE`].
    left: Vec<u16>,
    /// The token of each byte, where it has one.
    of_bytes: Vec<Option<u32>>,
    start: Option<Token>,
    end: Option<Token>,
    chat: Result<ChatTemplate, NoChat>,
}

/// A part of a piece that is one token, or one byte that none stands for.
struct Part {
    /// Where it begins in the piece.
    start: usize,
    /// Its token.
    id: Option<u32>,
    /// The token that it and the next would be joined to, or [`APART`].
    joined: u32,
}

impl Bpe {
    /// Reads the tokenizer of a file whose header this is; `file` is as much of it as the header takes, or more.
    ///
    /// # Errors
    /// If it has none, or one that is not read.
    pub fn read(header: &Header, file: &[u8]) -> Result<Self, NoTokenizer> {
        for (field, expected) in [("tokenizer.ggml.model", MODEL), ("tokenizer.ggml.pre", PIECES)] {
            match header.text(field)? {
                Some(found) if found == expected => {}
                found => return Err(NoTokenizer::Other { field, found: found.unwrap_or_default().into(), expected }),
            }
        }
        let list = |field| header.texts(field)?.ok_or(NoTokenizer::Missing(field));
        let tokens = list("tokenizer.ggml.tokens")?;
        if !(1..=MAX_TOKENS).contains(&tokens.count) {
            return Err(NoTokenizer::Count { found: tokens.count, most: MAX_TOKENS });
        }
        let mut read = Self::of_tokens(tokens.texts(file))?;
        read.add_merges(list("tokenizer.ggml.merges")?.texts(file))?;
        let id = |field| match header.whole(field)? {
            Some(found) if found >= read.size() as u64 => Err(NoTokenizer::NoToken { field, found, size: read.size() }),
            found => Ok(found.map(|id| Token(id as u32))),
        };
        let (start, end) = (id("tokenizer.ggml.bos_token_id")?, id("tokenizer.ggml.eos_token_id")?);
        let chat = ChatTemplate::read(header.text(chat::FIELD)?, |name| read.token(name), end);
        Ok(Self { start, end, chat, ..read })
    }

    fn of_tokens<'a>(tokens: impl Iterator<Item = &'a str>) -> Result<Self, NoTokenizer> {
        let (mut all, mut starts) = (Vec::new(), vec![0]);
        for (id, text) in tokens.enumerate() {
            let spelt = bytes(text).filter(|bytes| (1..=MAX_BYTES).contains(&bytes.len()));
            all.extend(spelt.ok_or_else(|| NoTokenizer::NoBytes { id, text: text.into() })?);
            starts.push(all.len() as u32);
        }
        let size = starts.len() - 1;
        let mut read = Self {
            bytes: all,
            starts,
            sorted: (0..size as u32).collect(),
            left: vec![NO_MERGE; size],
            of_bytes: Vec::new(),
            start: None,
            end: None,
            chat: Err(NoChat::Missing),
        };
        let mut sorted = std::mem::take(&mut read.sorted);
        sorted.sort_unstable_by_key(|&id| read.bytes_of(id));
        read.sorted = sorted;
        read.of_bytes = (0..=255).map(|byte| read.find(&[byte])).collect();
        Ok(read)
    }

    fn add_merges<'a>(&mut self, merges: impl Iterator<Item = &'a str>) -> Result<(), NoTokenizer> {
        let mut before = None;
        for (at, text) in merges.enumerate() {
            let made = text.split_once(' ').and_then(|(left, right)| {
                let (mut whole, right) = (bytes(left)?, bytes(right)?);
                let half = whole.len();
                whole.extend(right);
                Some((self.find(&whole)?, half))
            });
            let (id, half) =
                made.filter(|(id, _)| before < Some(*id)).ok_or_else(|| NoTokenizer::Merge { at: at + 1, text: text.into() })?;
            self.left[id as usize] = half as u16;
            before = Some(id);
        }
        Ok(())
    }

    /// The token that may stand in front of a text.
    pub fn start(&self) -> Option<Token> {
        self.start
    }

    /// The token that reads like this, whatever it is: also one that no text becomes, such as `<|im_start|>`.
    pub fn token(&self, text: &str) -> Option<Token> {
        self.find(text.as_bytes()).map(Token)
    }

    fn add_piece(&self, piece: &[u8], tokens: &mut Vec<Token>) {
        let mut parts: Vec<Part> =
            piece.iter().enumerate().map(|(start, &byte)| Part { start, id: self.of_bytes[usize::from(byte)], joined: APART }).collect();
        for at in 0..parts.len() {
            parts[at].joined = self.joined(piece, &parts, at);
        }
        while let Some((at, id)) = parts.iter().map(|part| part.joined).enumerate().min_by_key(|(_, id)| *id).filter(|(_, id)| *id != APART)
        {
            parts[at].id = Some(id);
            parts.remove(at + 1);
            parts[at].joined = self.joined(piece, &parts, at);
            if let Some(before) = at.checked_sub(1) {
                parts[before].joined = self.joined(piece, &parts, before);
            }
        }
        tokens.extend(parts.into_iter().filter_map(|part| part.id).map(Token));
    }

    /// What a part of a piece and the next one would be joined to, or [`APART`]. A byte without a token is in no token, and keeps its neighbours apart.
    fn joined(&self, piece: &[u8], parts: &[Part], at: usize) -> u32 {
        let (Some(one), Some(other)) = (parts.get(at), parts.get(at + 1)) else { return APART };
        let end = parts.get(at + 2).map_or(piece.len(), |behind| behind.start);
        let made = self.find(&piece[one.start..end]);
        made.filter(|&id| usize::from(self.left[id as usize]) == other.start - one.start).unwrap_or(APART)
    }

    /// The bytes that a token stands for; none where there is no such token.
    pub fn bytes(&self, token: Token) -> &[u8] {
        if (token.0 as usize) < self.size() { self.bytes_of(token.0) } else { &[] }
    }

    fn bytes_of(&self, id: u32) -> &[u8] {
        let at = id as usize;
        &self.bytes[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn find(&self, bytes: &[u8]) -> Option<u32> {
        let at = self.sorted.binary_search_by_key(&bytes, |&id| self.bytes_of(id)).ok()?;
        Some(self.sorted[at])
    }
}

impl Tokenizer for Bpe {
    fn size(&self) -> usize {
        self.left.len()
    }

    /// The tokens of a text. Bytes without a token are left out. A text that reads like a control token, such as `<|im_start|>`, is text.
    fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        for piece in pieces(text) {
            self.add_piece(piece.as_bytes(), &mut tokens);
        }
        tokens
    }

    /// The text of tokens, control tokens as they are written; what is no UTF-8 is replaced by U+FFFD.
    fn text(&self, tokens: &[Token]) -> String {
        let bytes: Vec<u8> = tokens.iter().flat_map(|&token| self.bytes(token)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A token as people read it: its text with `␣` for a space and `⏎` for the end of a line, other characters that can't be seen by name; in
    /// hexadecimal digits where its bytes are no text.
    fn label(&self, token: Token) -> String {
        let bytes = self.bytes(token);
        match std::str::from_utf8(bytes) {
            Ok(text) => text
                .chars()
                .map(|character| match character {
                    ' ' => "␣".into(),
                    '\n' => "⏎".into(),
                    other => visible(other),
                })
                .collect(),
            Err(_) => format!("⟨{}⟩", bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")),
        }
    }

    fn end(&self) -> Option<Token> {
        self.end
    }

    fn is_end(&self, token: Token) -> bool {
        let of_a_message = self.chat.as_ref().ok().and_then(ChatTemplate::end);
        [self.end, of_a_message].contains(&Some(token)) || self.bytes(token) == END_OF_TEXT
    }

    fn sequence(&self, sequences: &Sequences, which: Which, n: usize) -> Result<Vec<Token>, InputError> {
        let text = sequences.whole_text(which, n)?;
        let tokens: Vec<Token> = match (sequences.chat(), &self.chat) {
            (Chat::Raw, _) => {
                let start = self.start.filter(|_| sequences.start() == Start::Bos);
                start.into_iter().chain(self.tokens(&text)).collect()
            }
            (Chat::Template, Ok(template)) => template.tokens(&text, |text| self.tokens(text)),
            (Chat::Template, Err(why)) => return Err(InputError { key: "chat".into(), at: None, sentence: why.sentence() }),
        };
        sequences.check_length(which, n, tokens.len() as u64)?;
        Ok(tokens)
    }
}
