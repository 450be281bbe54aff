//! Byte-level byte-pair encoding as a `tokenizer.json` holds it, the file of the library tokenizers.
//!
//! Read is what a text goes through there: the vocabulary with the tokens that were added to it, the merges, and the pre-tokenizer. What is put
//! around texts (`post_processor`) is the reader's choice here. A text that reads like an added token is text.

use super::bpe::Written;
use super::{Bpe, NoTokenizer, Tokenizer};
use glasses_contract::alphabet::Token;
use serde_json::{Map, Value};

/// The kind of text to token that is read.
const MODEL: &str = "BPE";
/// The ways of parting texts that are read, as [`described`] tells them.
const PIECES: &str = "Digits(individual_digits), ByteLevel(use_regex)";
/// What would change tokens, and must say nothing.
const NOTHING: [&str; 5] = ["dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"];

/// Reads the object of the file; the tokens that begin and end texts stand elsewhere.
///
/// # Errors
/// If it has no tokenizer, or one that is not read.
pub(crate) fn read(mut file: Map<String, Value>, start: Option<Token>, ends: &[Token]) -> Result<Bpe, NoTokenizer> {
    let other = |field, found: String, expected| NoTokenizer::Other { field, found, expected };
    if let Some(found) = file.get("normalizer").filter(|normalizer| !normalizer.is_null()) {
        return Err(other("normalizer", described(found), "null"));
    }
    let pieces = described(file.get("pre_tokenizer").unwrap_or(&Value::Null));
    if pieces != PIECES {
        return Err(other("pre_tokenizer", pieces, PIECES));
    }
    let added = file.remove("added_tokens");
    let Some(Value::Object(mut model)) = file.remove("model") else { return Err(NoTokenizer::Missing("model")) };
    let kind = model.get("type").and_then(Value::as_str).unwrap_or_default();
    if kind != MODEL {
        return Err(other("model.type", kind.into(), MODEL));
    }
    for field in NOTHING {
        if let Some(found) = model.get(field).filter(|found| !says_nothing(found)) {
            return Err(other(field, found.to_string(), "null"));
        }
    }
    let Some(Value::Object(vocabulary)) = model.remove("vocab") else { return Err(NoTokenizer::Missing("model.vocab")) };
    let Some(Value::Array(merges)) = model.remove("merges") else { return Err(NoTokenizer::Missing("model.merges")) };
    let (tokens, numbered) = tokens(vocabulary, added)?;
    let merges = merges.iter().enumerate().map(|(at, merge)| written(merge).ok_or_else(|| no_merge(at, merge)));
    let read = Bpe::new(numbered, tokens.into_iter(), merges.collect::<Result<Vec<_>, _>>()?.into_iter())?;
    let unknown = match model.get("unk_token") {
        Some(Value::String(text)) => Some(read.token(text).ok_or_else(|| other("unk_token", text.clone(), "null"))),
        _ => None,
    };
    let size = read.size();
    let is_there = |field, token: &Token| {
        let found = u64::from(token.0);
        if found < size as u64 { Ok(()) } else { Err(NoTokenizer::NoToken { field, found, size }) }
    };
    start.iter().try_for_each(|token| is_there("bos_token_id", token))?;
    ends.iter().try_for_each(|token| is_there("eos_token_id", token))?;
    Ok(read.with_unknown(unknown.transpose()?).with(start, ends.to_vec(), None))
}

/// The tokens in the order of their numbers, and how many they are.
fn tokens(vocabulary: Map<String, Value>, added: Option<Value>) -> Result<(Vec<Written>, usize), NoTokenizer> {
    let mut numbered: Vec<(usize, Written)> = Vec::new();
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|id| usize::try_from(id).ok());
    let mut plainly: Vec<(usize, String)> = Vec::new();
    for token in added.as_ref().and_then(Value::as_array).into_iter().flatten() {
        let text = token.get("content").and_then(Value::as_str);
        let (Some(id), Some(text)) = (number(token.get("id")), text) else { return Err(NoTokenizer::Missing("added_tokens[].id")) };
        plainly.push((id, text.into()));
    }
    plainly.sort_unstable();
    let is_added = |id: usize, text: &str| plainly.binary_search_by(|(known, written)| (*known, written.as_str()).cmp(&(id, text))).is_ok();
    for (text, id) in vocabulary {
        let Some(id) = number(Some(&id)) else { return Err(NoTokenizer::Missing("model.vocab")) };
        // It stands in both lists, and is written plainly in either.
        if !is_added(id, &text) {
            numbered.push((id, Written::Letters(text)));
        }
    }
    numbered.extend(plainly.into_iter().map(|(id, text)| (id, Written::Plainly(text))));
    numbered.sort_by_key(|(id, _)| *id);
    if let Some(at) = numbered.iter().enumerate().position(|(at, (id, _))| at != *id) {
        return Err(NoTokenizer::Numbers { at });
    }
    let count = numbered.len();
    Ok((numbered.into_iter().map(|(_, written)| written).collect(), count))
}

/// A merge as `left right`, whichever way the file writes it.
fn written(merge: &Value) -> Option<String> {
    match merge {
        Value::String(text) => Some(text.clone()),
        Value::Array(halves) => match halves.as_slice() {
            [Value::String(left), Value::String(right)] => Some(format!("{left} {right}")),
            _ => None,
        },
        _ => None,
    }
}

fn no_merge(at: usize, merge: &Value) -> NoTokenizer {
    NoTokenizer::Merge { at: at + 1, text: merge.to_string() }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

/// What a normalizer or pre-tokenizer does, in the names of the file: each with what it is told, a list of them one behind the other.
fn described(of: &Value) -> String {
    let kind = of.get("type").and_then(Value::as_str).unwrap_or("null");
    for list in ["pretokenizers", "normalizers"] {
        if let Some(members) = of.get(list).and_then(Value::as_array).filter(|_| kind == "Sequence") {
            return members.iter().map(described).collect::<Vec<_>>().join(", ");
        }
    }
    // Where nothing is said of it, it is used.
    let mut told: Vec<String> = (kind == "ByteLevel" && of.get("use_regex").is_none()).then(|| "use_regex".into()).into_iter().collect();
    for (name, value) in of.as_object().into_iter().flatten() {
        // Offsets change no token.
        match value {
            _ if name == "type" || name == "trim_offsets" || says_nothing(value) => {}
            Value::Bool(_) => told.push(name.clone()),
            value => told.push(format!("{name}={value}")),
        }
    }
    if told.is_empty() { kind.into() } else { format!("{kind}({})", told.join(", ")) }
}
