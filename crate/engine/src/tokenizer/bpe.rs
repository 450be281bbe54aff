//! Byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019), from a model's file.
//!
//! A piece of a text begins as its bytes, a token each. Of all neighbours that the list of merges joins, those are joined first that stand first in
//! it; of several alike, the left ones; until nothing is left to join.
//!
//! Files list tokens in the order in which merges made them. So a token's number says which of two merges comes first, and of the merge itself only
//! the length of its left half is kept: a token that is as long and reads the same is the same.

use super::byte_letters::bytes;
use super::chat::ChatTemplate;
use super::no_chat::NoChat;
use super::pieces::pieces;
use super::{NoTokenizer, Tokenizer};
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Chat, Start, Which};
use glasses_contract::quote::visible;
use glasses_contract::sequence::{InputError, Sequences};

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
    /// What stands for a byte that no token stands for; without one, such bytes are left out.
    unknown: Option<Token>,
    start: Option<Token>,
    /// Each of them ends an answer.
    ends: Vec<Token>,
    chat: Result<ChatTemplate, NoChat>,
}

/// How a file writes a token.
pub(super) enum Written {
    /// A letter for each byte ([`super::byte_letters`]).
    Letters(String),
    /// As it reads: no text becomes it.
    Plainly(String),
}

impl Written {
    fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Letters(text) => bytes(text),
            Self::Plainly(text) => Some(text.clone().into_bytes()),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Letters(text) | Self::Plainly(text) => text,
        }
    }
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
    /// Of the tokens of a file, by their numbers, each with how the file writes it, and its merges as `left right`, the first ones first.
    ///
    /// # Errors
    /// If a token stands for no bytes, or a merge makes no token or one out of order.
    pub(super) fn new<T: AsRef<str>>(
        count: usize,
        tokens: impl Iterator<Item = Written>,
        merges: impl Iterator<Item = T>,
    ) -> Result<Self, NoTokenizer> {
        if !(1..=MAX_TOKENS).contains(&count) {
            return Err(NoTokenizer::Count { found: count, most: MAX_TOKENS });
        }
        let mut read = Self::of_tokens(tokens)?;
        read.add_merges(merges)?;
        Ok(read)
    }

    /// With the tokens that begin and end texts, and what stands around a message.
    pub(super) fn with(self, start: Option<Token>, ends: Vec<Token>, chat: Option<&str>) -> Self {
        let chat = ChatTemplate::read(chat, |name| self.token(name), ends.first().copied());
        Self { start, ends, chat, ..self }
    }

    /// With a token for each byte that none stands for.
    pub(super) fn with_unknown(self, unknown: Option<Token>) -> Self {
        Self { unknown, ..self }
    }

    fn of_tokens(tokens: impl Iterator<Item = Written>) -> Result<Self, NoTokenizer> {
        let (mut all, mut starts) = (Vec::new(), vec![0]);
        for (id, written) in tokens.enumerate() {
            let spelt = written.bytes().filter(|bytes| (1..=MAX_BYTES).contains(&bytes.len()));
            all.extend(spelt.ok_or_else(|| NoTokenizer::NoBytes { id, text: written.text() })?);
            starts.push(all.len() as u32);
        }
        let size = starts.len() - 1;
        let mut read = Self {
            bytes: all,
            starts,
            sorted: (0..size as u32).collect(),
            left: vec![NO_MERGE; size],
            of_bytes: Vec::new(),
            unknown: None,
            start: None,
            ends: Vec::new(),
            chat: Err(NoChat::Missing),
        };
        let mut sorted = std::mem::take(&mut read.sorted);
        sorted.sort_unstable_by_key(|&id| read.bytes_of(id));
        read.sorted = sorted;
        read.of_bytes = (0..=255).map(|byte| read.find(&[byte])).collect();
        Ok(read)
    }

    fn add_merges<T: AsRef<str>>(&mut self, merges: impl Iterator<Item = T>) -> Result<(), NoTokenizer> {
        let mut before = None;
        for (at, text) in merges.enumerate() {
            let text = text.as_ref();
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
        tokens.extend(parts.into_iter().filter_map(|part| part.id.map(Token).or(self.unknown)));
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

    /// The tokens of a text. A text that reads like a control token, such as `<|im_start|>`, is text.
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
        self.ends.first().copied()
    }

    fn is_end(&self, token: Token) -> bool {
        let of_a_message = self.chat.as_ref().ok().and_then(ChatTemplate::end);
        self.ends.contains(&token) || of_a_message == Some(token) || self.bytes(token) == END_OF_TEXT
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
