//! The origin private file system: large files that the browser keeps for this site, without asking anybody. A browser may not have it, refuse
//! it or never answer; who asks goes on with the file in memory.

use super::optional::{self, answer, call};
use glasses_contract::say;
use js_sys::{Object, Reflect};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File};

/// How long a browser may take to find, open or remove a file.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take to write one.
const WRITING: Duration = Duration::from_secs(120);
/// The folder of them all.
const FOLDER: &str = "language-models";

/// A file that is being written. What was written is kept from [`Writer::close`] on.
pub struct Writer(JsValue);

impl Writer {
    /// Opens a file of this name: anew, or to go on behind its first bytes.
    ///
    /// # Errors
    /// A sentence, where the browser keeps no files.
    pub async fn open(name: &str, behind: f64) -> Result<Self, String> {
        let file = handle(name, true).await?;
        let stream = call(&file, "createWritable", &[options("keepExistingData", behind > 0.0)]).map_err(refused)?;
        let writer = Self(answer(stream, PATIENCE).await?);
        if behind > 0.0 {
            answer(call(&writer.0, "seek", &[behind.into()]).map_err(refused)?, PATIENCE).await?;
        }
        Ok(writer)
    }

    /// Writes bytes, or a whole file.
    ///
    /// # Errors
    /// A sentence, as where the disk is full.
    pub async fn write(&self, bytes: &JsValue) -> Result<(), String> {
        answer(call(&self.0, "write", std::slice::from_ref(bytes)).map_err(refused)?, WRITING).await.map(drop)
    }

    /// Ends it: what was written is kept.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub async fn close(self) -> Result<(), String> {
        answer(call(&self.0, "close", &[]).map_err(refused)?, WRITING).await.map(drop)
    }
}

/// The file of this name, where it is kept.
pub async fn find(name: &str) -> Option<File> {
    let handle = handle(name, false).await.ok()?;
    answer(call(&handle, "getFile", &[]).ok()?, PATIENCE).await.ok()?.dyn_into().ok()
}

/// Keeps a file under a name.
///
/// # Errors
/// A sentence.
pub async fn keep(name: &str, file: &Blob) -> Result<(), String> {
    let writer = Writer::open(name, 0.0).await?;
    writer.write(file).await?;
    writer.close().await
}

/// Forgets the file of this name.
///
/// # Errors
/// A sentence.
pub async fn remove(name: &str) -> Result<(), String> {
    let folder = folder(false).await?;
    answer(call(&folder, "removeEntry", &[name.into()]).map_err(refused)?, PATIENCE).await.map(drop)
}

/// Asks the browser to keep what it keeps even where it is short of room. It may ask the reader, and need not answer.
pub fn persist() {
    let asked = optional::of_navigator("storage").map(|storage| call(&storage, "persist", &[]));
    if let Some(Ok(asked)) = asked {
        wasm_bindgen_futures::spawn_local(async move { drop(answer(asked, PATIENCE).await) });
    }
}

/// The folder, which is made where `creates` says so: whoever only looks leaves nothing behind.
async fn folder(creates: bool) -> Result<JsValue, String> {
    let storage = optional::of_navigator("storage").ok_or_else(|| say!("This browser keeps no large files.").to_owned())?;
    let root = answer(call(&storage, "getDirectory", &[]).map_err(refused)?, PATIENCE).await?;
    answer(call(&root, "getDirectoryHandle", &[FOLDER.into(), options("create", creates)]).map_err(refused)?, PATIENCE).await
}

async fn handle(name: &str, creates: bool) -> Result<JsValue, String> {
    let folder = folder(creates).await?;
    answer(call(&folder, "getFileHandle", &[name.into(), options("create", creates)]).map_err(refused)?, PATIENCE).await
}

fn options(name: &str, value: bool) -> JsValue {
    let options = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&options, &name.into(), &value.into());
    options.into()
}

fn refused(thrown: JsValue) -> String {
    super::error::sentence(&thrown)
}
