//! What is kept in this browser: the one file that speaks with IndexedDB.

use glasses_contract::message::Own;
use glasses_contract::recipe::Recipe;
use glasses_engine::model_file::{Header, Unreadable};
use js_sys::Uint8Array;
use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::{JsCast, JsValue};

const DATABASE: &str = "glasses";
const FILES: &str = "files";

/// The file of the run that is not finished.
pub const RUN: &str = "run";
/// The file of the reader's own model.
pub const OWN: &str = "own";
/// How many models of the reader's own were kept so far.
const REVISION: &str = "revision";

/// Reads a file; none where there is no such file.
///
/// # Errors
/// A sentence, where the browser keeps nothing.
pub async fn read(name: &str) -> Result<Option<Vec<u8>>, String> {
    let database = open().await?;
    let transaction = database.transaction(&[FILES], TransactionMode::ReadOnly).map_err(refused)?;
    let found = transaction.store(FILES).map_err(refused)?.get(name.into()).await.map_err(refused)?;
    Ok(found.and_then(bytes))
}

/// Writes a file, in the place of the one that was there.
///
/// # Errors
/// A sentence, where the browser keeps nothing, or no more.
pub async fn write(name: &str, bytes: &[u8]) -> Result<(), String> {
    put(name, Some(Uint8Array::from(bytes).into())).await
}

/// Removes a file, if it is there.
///
/// # Errors
/// As [`write`].
pub async fn remove(name: &str) -> Result<(), String> {
    put(name, None).await
}

/// Keeps a model that was trained here as the reader's own.
///
/// # Errors
/// A sentence, where the file is no model with a recipe, or can't be kept.
pub async fn keep(file: &[u8]) -> Result<Own, String> {
    let (recipe, notes) = said(file).map_err(|why| format!("The model that was trained can't be kept: {why}."))?;
    keep_file(&Uint8Array::from(file), recipe, notes).await
}

/// Keeps a file as the reader's own model, which its recipe and notes are of.
///
/// # Errors
/// A sentence, where it can't be kept.
pub async fn keep_file(file: &Uint8Array, recipe: Recipe, notes: Vec<String>) -> Result<Own, String> {
    // In one transaction: a run may come to its end while a file is opened, and no two models have the same revision.
    let database = open().await?;
    let transaction = database.transaction(&[FILES], TransactionMode::ReadWrite).map_err(refused)?;
    let store = transaction.store(FILES).map_err(refused)?;
    let revision = count(store.get(REVISION.into()).await.map_err(refused)?.and_then(bytes)) + 1;
    for (name, bytes) in [(OWN, file), (REVISION, &Uint8Array::from(&revision.to_le_bytes()[..]))] {
        store.put(bytes, Some(&name.into())).await.map_err(refused)?;
    }
    transaction.done().await.map_err(refused)?;
    Ok(Own { recipe, revision, notes })
}

/// The reader's own model, if there is one that can be read.
///
/// # Errors
/// As [`read`].
pub async fn own() -> Result<Option<Own>, String> {
    let Some((recipe, notes)) = read(OWN).await?.and_then(|file| said(&file).ok()) else { return Ok(None) };
    Ok(Some(Own { recipe, revision: count(read(REVISION).await?), notes }))
}

/// What a file's header says: the recipe, and what a reader should know.
fn said(file: &[u8]) -> Result<(Recipe, Vec<String>), Unreadable> {
    let header = Header::of(file)?;
    Ok((header.recipe()?, header.notes()))
}

/// How many models were kept, as the store holds it.
fn count(bytes: Option<Vec<u8>>) -> u32 {
    bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn bytes(found: JsValue) -> Option<Vec<u8>> {
    found.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
}

async fn put(name: &str, value: Option<JsValue>) -> Result<(), String> {
    let database = open().await?;
    let transaction = database.transaction(&[FILES], TransactionMode::ReadWrite).map_err(refused)?;
    let store = transaction.store(FILES).map_err(refused)?;
    match value {
        Some(value) => store.put(&value, Some(&name.into())).await.map(drop),
        None => store.delete(name.into()).await,
    }
    .map_err(refused)?;
    transaction.done().await.map(drop).map_err(refused)
}

async fn open() -> Result<Rexie, String> {
    Rexie::builder(DATABASE).version(1).add_object_store(ObjectStore::new(FILES)).build().await.map_err(refused)
}

fn refused(error: rexie::Error) -> String {
    format!("This browser does not keep files for the page ({error}); a private window may be the reason.")
}
