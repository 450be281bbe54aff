//! The browser's own store: the one file that speaks with IndexedDB.

use super::{Backing, Change, Refusal};
use crate::scope;
use glasses_contract::sentence;
use js_sys::Uint8Array;
use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::{JsCast, JsValue};

const DATABASE: &str = "glasses";
const FILES: &str = "files";

/// How long an answer may take before none is expected any more, in milliseconds.
const PATIENCE_MS: u32 = 5_000;
/// Bytes that are written in a millisecond at the least, once a disk is slow.
const SLOW_BYTES_PER_MS: usize = 10_000;

/// IndexedDB.
pub struct Idb;

impl Backing for Idb {
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let key = JsValue::from(name);
        let found = answer(PATIENCE_MS, async move {
            let database = open().await?;
            let transaction = database.transaction(&[FILES], TransactionMode::ReadOnly)?;
            let found = transaction.store(FILES)?.get(key).await?;
            database.close();
            Ok(found)
        });
        Ok(found.await?.and_then(bytes))
    }

    async fn names(&self) -> Result<Vec<String>, Refusal> {
        let keys = answer(PATIENCE_MS, async move {
            let database = open().await?;
            let transaction = database.transaction(&[FILES], TransactionMode::ReadOnly)?;
            let keys = transaction.store(FILES)?.get_all_keys(None, None).await?;
            database.close();
            Ok(keys)
        });
        Ok(keys.await?.iter().filter_map(JsValue::as_string).collect())
    }

    async fn change(&self, changes: &[Change]) -> Result<(), Refusal> {
        let size: usize = changes.iter().filter_map(|(_, bytes)| bytes.as_ref()).map(Vec::len).sum();
        let patience = PATIENCE_MS.saturating_add((size / SLOW_BYTES_PER_MS) as u32);
        let value = |bytes: &Vec<u8>| JsValue::from(Uint8Array::from(bytes.as_slice()));
        let changes: Vec<_> = changes.iter().map(|(name, bytes)| (JsValue::from(name), bytes.as_ref().map(value))).collect();
        let done = answer(patience, async move {
            let database = open().await?;
            let transaction = database.transaction(&[FILES], TransactionMode::ReadWrite)?;
            let store = transaction.store(FILES)?;
            for (name, value) in changes {
                match value {
                    Some(value) => drop(store.put(&value, Some(&name)).await?),
                    None => store.delete(name).await?,
                }
            }
            commit(transaction).await?;
            database.close();
            Ok(())
        });
        done.await
    }

    async fn update(&self, name: &str, next: impl FnOnce(Option<&[u8]>) -> Option<Vec<u8>> + 'static) -> Result<bool, Refusal> {
        let key = JsValue::from(name);
        let done = answer(PATIENCE_MS, async move {
            let database = open().await?;
            let transaction = database.transaction(&[FILES], TransactionMode::ReadWrite)?;
            let store = transaction.store(FILES)?;
            let found = store.get(key.clone()).await?.and_then(bytes);
            let next = next(found.as_deref());
            let is_written = next.is_some();
            if let Some(next) = next {
                store.put(&Uint8Array::from(next.as_slice()), Some(&key)).await?;
            }
            commit(transaction).await?;
            database.close();
            Ok(is_written)
        });
        done.await
    }
}

/// Waits for an answer, but not for ever.
async fn answer<T: 'static>(patience_ms: u32, asked: impl Future<Output = Result<T, rexie::Error>> + 'static) -> Result<T, Refusal> {
    match scope::within(patience_ms, asked).await {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) => Err(refusal(error)),
        None => Err(Refusal::ForGood(sentence!("The browser does not answer when files are to be kept in it."))),
    }
}

fn bytes(found: JsValue) -> Option<Vec<u8>> {
    found.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec())
}

async fn open() -> Result<Rexie, rexie::Error> {
    Rexie::builder(DATABASE).version(1).add_object_store(ObjectStore::new(FILES)).build().await
}

/// Only then what was written is on the disk; where there is no room for it, some browsers say so no sooner.
async fn commit(transaction: rexie::Transaction) -> Result<(), rexie::Error> {
    if transaction.done().await?.is_committed() { Ok(()) } else { Err(rexie::Error::TransactioncommitFailed) }
}

fn refusal(error: rexie::Error) -> Refusal {
    // The wrapper's own words say nothing of the reason.
    let why = match &error {
        rexie::Error::IdbError(inner) => inner.to_string(),
        other => other.to_string(),
    };
    let is_full = why.contains("QuotaExceeded") || matches!(error, rexie::Error::TransactioncommitFailed);
    Refusal::Once(if is_full {
        sentence!("The browser has no room left for files of this page.")
    } else {
        sentence!("This browser does not keep files for the page ({}); a private window may be the reason.", why)
    })
}
