//! Opening a file as the reader's own model: its size first, then its header, then its numbers, a piece at a time.

use crate::store::Store;
use crate::store::idb::Idb;
use crate::{kept, scope};
use glasses_contract::message::Own;
use glasses_contract::{Sentence, limits, sentence};
use glasses_engine::model_file::{Header, LENGTH_BYTES};
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

fn refused(why: Sentence) -> Sentence {
    sentence!("This file can't be opened as a model: {}.", why)
}
