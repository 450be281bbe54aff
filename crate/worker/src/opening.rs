//! Opening a file that the reader chose: its size first, then its header, then its numbers, a piece at a time.

use crate::store::Store;
use crate::store::idb::Idb;
use crate::{kept, scope};
use glasses_contract::message::Own;
use glasses_contract::{Sentence, limits, sentence};
use glasses_engine::gguf::Unreadable;
use glasses_engine::language_model::{LanguageModel, MAX_BYTES, NoLanguageModel};
use glasses_engine::model_file::{Header, LENGTH_BYTES};
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// Keeps a file as the reader's own model.
///
/// # Errors
/// A sentence, where the file is no model with a recipe, or can't be read.
pub async fn open(store: &Store<Idb>, file: &Blob) -> Result<Own, Sentence> {
    let size = file.size() as u64;
    if let Some(why) = limits::too_large_for_a_model(size) {
        return Err(refused(why));
    }
    let first = scope::part(file, 0..LENGTH_BYTES as u64).await?;
    let length = Header::length(&first, size).map_err(|why| refused(why.sentence()))?;
    let json = scope::part(file, LENGTH_BYTES as u64..(LENGTH_BYTES + length) as u64).await?;
    let header = Header::read(&json, size).map_err(|why| refused(why.sentence()))?;
    let recipe = header.recipe().map_err(|why| refused(why.sentence()))?;
    for array in &header.arrays {
        for (bytes, before) in array.pieces() {
            array.values(&scope::part(file, bytes).await?, before).map_err(|why| refused(why.sentence()))?;
        }
    }
    Ok(kept::keep_model(store, scope::whole(file).await?, recipe, header.notes()).await)
}

/// Bytes of a language model's file that are read at once.
const PIECE_BYTES: u64 = 4 << 20;

/// Reads a file as a language model; `progress` is told how many bytes are here. The bytes are in memory once, and those of a file that is
/// refused no further than its header.
///
/// # Errors
/// A sentence, where the file is no language model that can be used, or can't be read.
pub async fn language_model(file: &Blob, progress: impl Fn(u64)) -> Result<LanguageModel, Sentence> {
    let size = file.size() as u64;
    let unusable = |why: NoLanguageModel| sentence!("This file can't be used as a language model: {}.", why.sentence());
    if size > MAX_BYTES {
        return Err(unusable(NoLanguageModel::Large(size)));
    }
    let mut bytes = Vec::new();
    let no_memory = |_| sentence!("This device doesn't have the memory for a language model of {} MB.", size / 1_000_000);
    bytes.try_reserve_exact(size as usize).map_err(no_memory)?;
    let mut is_checked = false;
    while (bytes.len() as u64) < size {
        let here = bytes.len() as u64;
        bytes.extend(scope::part(file, here..size.min(here + PIECE_BYTES)).await?);
        if bytes.len() as u64 == here {
            return Err(scope::unreadable(JsValue::NULL));
        }
        if !is_checked {
            match LanguageModel::check(&bytes, size) {
                Ok(()) => is_checked = true,
                // Its header goes on behind what is here.
                Err(NoLanguageModel::File(Unreadable::Cut { .. })) if (bytes.len() as u64) < size => {}
                Err(why) => return Err(unusable(why)),
            }
        }
        progress(bytes.len() as u64);
    }
    LanguageModel::open(bytes).map_err(unusable)
}

fn refused(why: Sentence) -> Sentence {
    sentence!("This file can't be opened as a model: {}.", why)
}
