//! Fetching the language model that the site offers: piece by piece into the browser's private files, so that a lost connection loses nothing.

use crate::browser::pieces::Pieces;
use crate::browser::{error, optional, private_files};
use crate::worker::Download;
use glasses_contract::language_model::{FileFormat, Offered};
use glasses_contract::say;
use js_sys::{Array, Object, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response};

/// A fetch that can be cancelled, and goes on where it was.
#[derive(Default)]
pub struct Fetch {
    /// Ends the fetch under way.
    abort: RefCell<Option<JsValue>>,
    /// What has come, where the browser keeps no files.
    pieces: RefCell<Vec<JsValue>>,
}

/// Where pieces go.
enum Sink {
    Kept(private_files::Writer),
    Memory,
}

/// The name under which a file is kept.
pub fn kept_name(hash: &str, format: FileFormat) -> String {
    format!("{hash}.{}", format.extension())
}

/// The same of the file that is offered.
pub fn offered_name(offered: &Offered) -> String {
    kept_name(&offered.sha256[..8], FileFormat::Gguf)
}

fn address(offered: &Offered) -> String {
    format!("./models/{}", offered.file)
}

impl Fetch {
    /// Ends the fetch under way; what has come stays.
    pub fn cancel(&self) {
        if let Some(abort) = self.abort.take() {
            let _ = optional::call(&abort, "abort", &[]);
        }
    }

    /// Forgets what has come.
    pub fn forget(&self) {
        self.pieces.borrow_mut().clear();
    }

    /// Fetches what is missing of the file; `progress` is told of every piece.
    ///
    /// # Errors
    /// A sentence. What has come stays, and the next fetch goes on behind it.
    pub async fn fetch(&self, offered: &Offered, progress: impl Fn(Download)) -> Result<File, String> {
        let (name, all) = (offered_name(offered), offered.bytes as f64);
        let kept = private_files::find(&name).await;
        let mut here = kept.as_ref().map_or(0.0, |file| file.size());
        if let Some(whole) = kept.filter(|_| here == all) {
            return Ok(whole);
        }
        // A longer one is another file.
        if here > all {
            here = 0.0;
        }
        let mut sink = match private_files::Writer::open(&name, here).await {
            Ok(writer) => Sink::Kept(writer),
            Err(_) => Sink::Memory,
        };
        if matches!(sink, Sink::Memory) {
            here = self.pieces.borrow().iter().map(size).sum();
        }
        let outcome = self.stream(offered, &mut here, &mut sink, &progress).await;
        self.abort.take();
        if let Sink::Kept(writer) = sink {
            // Also where the connection was lost: what has come is kept.
            writer.close().await?;
            private_files::persist();
        }
        outcome?;
        if here != all {
            return Err(say!("The connection ended early: {} of {} bytes came.", here, all));
        }
        let pieces = std::mem::take(&mut *self.pieces.borrow_mut());
        if pieces.is_empty() {
            return private_files::find(&name).await.ok_or_else(|| lost().into());
        }
        let file = File::new_with_blob_sequence(&pieces.iter().collect::<Array>(), offered.file);
        file.map_err(|thrown| error::sentence(&thrown))
    }

    async fn stream(&self, offered: &Offered, here: &mut f64, sink: &mut Sink, progress: &impl Fn(Download)) -> Result<(), String> {
        let all = offered.bytes as f64;
        let response = self.respond(offered, *here).await?;
        if response.status() != 206 && *here > 0.0 {
            // The host sends the whole file, and not the part that was asked for.
            *here = 0.0;
            self.forget();
            if let Sink::Kept(_) = sink {
                *sink = Sink::Kept(private_files::Writer::open(&offered_name(offered), 0.0).await?);
            }
        }
        let thrown = |thrown: JsValue| error::sentence(&thrown);
        let pieces = Pieces::of(&response).map_err(thrown)?;
        progress(Download { bytes: *here, of: Some(all) });
        while let Some(bytes) = pieces.next().await.map_err(thrown)? {
            *here += f64::from(bytes.length());
            if *here > all {
                return Err(say!("The host sends another file than the one that is offered: it is larger.").into());
            }
            match sink {
                Sink::Kept(writer) => writer.write(&bytes).await?,
                Sink::Memory => {
                    // Behind a blob the browser may put it on a disk.
                    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).map_err(thrown)?;
                    self.pieces.borrow_mut().push(blob.into());
                }
            }
            progress(Download { bytes: *here, of: Some(all) });
        }
        Ok(())
    }

    async fn respond(&self, offered: &Offered, here: f64) -> Result<Response, String> {
        let options = Object::new();
        let set = |name: &str, value: &JsValue| drop(Reflect::set(&options, &name.into(), value));
        if here > 0.0 {
            let headers = Object::new();
            let _ = Reflect::set(&headers, &"Range".into(), &format!("bytes={here}-").into());
            set("headers", &headers);
        }
        if let Some(abort) = controller() {
            set("signal", &Reflect::get(&abort, &"signal".into()).unwrap_or_default());
            self.abort.replace(Some(abort));
        }
        let response = ask(&address(offered), &options).await.map_err(|thrown| error::sentence(&thrown))?;
        if response.ok() {
            return Ok(response);
        }
        if response.status() == 404 {
            return Err(say!("This site does not carry the file {}: open it, or another one, from your disk.", offered.file));
        }
        Err(say!("The file {} could not be fetched: the server answered {}.", offered.file, response.status()))
    }
}

fn lost() -> &'static str {
    say!("The file could not be read.")
}

fn size(blob: &JsValue) -> f64 {
    blob.dyn_ref::<Blob>().map_or(0.0, Blob::size)
}

fn controller() -> Option<JsValue> {
    let constructor = optional::of_window("AbortController")?.dyn_into::<js_sys::Function>().ok()?;
    Reflect::construct(&constructor, &Array::new()).ok()
}

async fn ask(address: &str, options: &Object) -> Result<Response, JsValue> {
    let window = leptos::prelude::window();
    let asked: Promise = optional::call(&window, "fetch", &[address.into(), options.clone().into()])?.dyn_into()?;
    JsFuture::from(asked).await?.dyn_into()
}
