//! A language model in the three files of a hub: what it is in `config.json`, its tokens in `tokenizer.json`, its numbers in `model.safetensors`.
//!
//! Names and meanings are those of the library transformers (Wolf et al. 2020), models of the family `LlamaForCausalLM`.

mod config;

use super::document::Contents;
use super::{NoLanguageModel, arrays, shape};
use crate::block::BlockType;
use crate::gguf::Unreadable;
use crate::model_file::json::{self, Fault};
use crate::model_file::{self, LENGTH_BYTES, Number};
use crate::stored_array::StoredArray;
use crate::tokenizer::of_json;
use config::Config;
use glasses_contract::Sentence;
use glasses_contract::hub_files::{HEAD_BYTES, NAMES};
use glasses_contract::language_model::FileFormat;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Bytes that a `config.json` and a `tokenizer.json` may have: they are small, and that of 128,000 tokens.
const MOST_BYTES: [u64; 2] = [1 << 20, 24 << 20];

/// Reads the first part of the three files of these lengths, which are `size` bytes with their head.
pub(super) fn read(part: &[u8], lengths: [u64; 3], size: u64) -> Result<Contents, NoLanguageModel> {
    let [config, tokenizer, weights] = lengths;
    for ((name, found), most) in NAMES.into_iter().zip(lengths).zip(MOST_BYTES) {
        if found > most {
            return Err(NoLanguageModel::LargeFile { name, found, most });
        }
    }
    let start = HEAD_BYTES as u64 + config + tokenizer;
    if start.checked_add(weights) != Some(size) {
        return Err(Unreadable::End { found: size, expected: start.saturating_add(weights) }.into());
    }
    let piece = |index: usize, at: u64, length: u64| {
        let end = at.checked_add(length).and_then(|end| usize::try_from(end).ok());
        let piece = end.and_then(|end| part.get(at as usize..end));
        piece.ok_or_else(|| Unreadable::Cut { what: Sentence::verbatim(NAMES[index]), at })
    };
    let config = Config(object(0, piece(0, HEAD_BYTES as u64, config)?)?);
    config.refuse_what_is_not_read()?;
    let said = object(1, piece(1, start - tokenizer, tokenizer)?)?;
    let [bos, eos] = [config.tokens("bos_token_id")?, config.tokens("eos_token_id")?];
    let tokenizer = of_json::read(said, bos.first().copied(), &eos)?;
    let length = model_file::Header::length(piece(2, start, weights.min(LENGTH_BYTES as u64))?, weights)?;
    let header = model_file::Header::read(piece(2, start + LENGTH_BYTES as u64, length as u64)?, weights)?;
    let arrays = header.arrays.into_iter().map(|array| stored(array, start)).collect::<Result<BTreeMap<_, _>, _>>()?;
    let model = shape::model(&config, FileFormat::Hub, &arrays, config.unembedding()?)?;
    arrays::fit(FileFormat::Hub, &arrays, &model)?;
    shape::refuse_another_vocabulary(&tokenizer, &model, FileFormat::Hub, "vocab_size")?;
    let start = start + (LENGTH_BYTES + length) as u64;
    Ok(Contents { format: FileFormat::Hub, arrays, start, model, tokenizer, name: String::new(), licence: String::new() })
}

/// One of the files that are JSON.
fn object(index: usize, text: &[u8]) -> Result<Map<String, Value>, NoLanguageModel> {
    let name = NAMES[index];
    json::object(text).map_err(|fault| match fault {
        Fault::Json(why) => NoLanguageModel::NoJson { name, why },
        Fault::Twice(field) => NoLanguageModel::Twice { name, field },
    })
}

/// An array of the file that begins at a place; of a matrix the header says outputs first.
fn stored(array: model_file::Stored, start: u64) -> Result<(String, StoredArray), NoLanguageModel> {
    let of = match array.number {
        Number::F32 => BlockType::F32,
        Number::F16 => BlockType::F16,
        Number::Bf16 => BlockType::Bf16,
        Number::F64 => return Err(NoLanguageModel::Double(array.name)),
    };
    let extents = array.shape.into_iter().rev().collect();
    let bytes = array.bytes.start.saturating_add(start)..array.bytes.end.saturating_add(start);
    Ok((array.name, StoredArray { extents, of, bytes }))
}
