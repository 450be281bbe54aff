//! The language model that the reader loads: where its file comes from, where it is kept, and how it stands with it.

mod download;

use crate::browser::{file, private_files};
use crate::worker::{Download, Engine, LanguageModel};
use download::{Fetch, kept_name, offered_name};
use glasses_contract::config::FileHash;
use glasses_contract::hub_files;
use glasses_contract::language_model::{FileFormat, LanguageModelInfo, OFFERED};
use glasses_contract::say;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

/// The language model: signals that tell, and what can be asked.
#[derive(Clone, Copy)]
pub struct LanguageModels {
    /// How it stands with the file that was chosen.
    pub state: RwSignal<LanguageModel>,
    /// How far the download has come, while it lasts.
    pub download: RwSignal<Option<Download>>,
    /// The file that is offered, as far as this browser keeps it, in bytes.
    pub kept: RwSignal<f64>,
    /// What went wrong besides, as a sentence.
    pub fault: RwSignal<Option<String>>,
    /// What the file that was given last is called.
    pub file_name: RwSignal<String>,
    engine: StoredValue<Engine, LocalStorage>,
    fetch: StoredValue<Rc<Fetch>, LocalStorage>,
    /// The file that is being read, and the hash under which the browser keeps it.
    given: StoredValue<Option<(File, Option<FileHash>)>, LocalStorage>,
}

impl LanguageModels {
    /// Loads nothing yet.
    pub fn new(engine: Engine) -> Self {
        let models = Self {
            state: engine.signals.language_model,
            download: RwSignal::default(),
            kept: RwSignal::default(),
            fault: RwSignal::default(),
            file_name: RwSignal::default(),
            engine: StoredValue::new_local(engine),
            fetch: StoredValue::new_local(Rc::default()),
            given: StoredValue::new_local(None),
        };
        Effect::new(move || models.state.with(|state| state.info().cloned()).iter().for_each(|info| models.is_read(info)));
        models
    }

    /// Looks how much of the file that is offered this browser keeps.
    pub fn look(self) {
        spawn_local(self.measure());
    }

    /// Whether this browser keeps the whole file that is offered.
    pub fn is_kept(self) -> bool {
        self.kept.get() == OFFERED.bytes as f64
    }

    /// Opens the file that a link means, where this browser keeps it.
    pub fn recall(self, file: FileHash) {
        let is_idle = self.state.with_untracked(|state| matches!(state, LanguageModel::None | LanguageModel::Here(_)));
        if !is_idle || self.download.with_untracked(Option::is_some) {
            return;
        }
        spawn_local(async move {
            let is_whole = |kept: &File| OFFERED.hash() != Some(file) || kept.size() == OFFERED.bytes as f64;
            for format in FileFormat::ALL {
                if let Some(kept) = private_files::find(&kept_name(&file.to_string(), format)).await.filter(is_whole) {
                    return self.give(kept, Some(file));
                }
            }
        });
    }

    /// Opens the file that is offered: as this browser keeps it, or fetched from the host.
    pub fn load(self) {
        if self.download.with_untracked(Option::is_some) {
            return;
        }
        self.fault.set(None);
        self.download.set(Some(Download { bytes: self.kept.get_untracked(), of: Some(OFFERED.bytes as f64) }));
        let fetch = self.fetch.get_value();
        spawn_local(async move {
            let fetched = fetch.fetch(&OFFERED, |progress| self.download.set(Some(progress))).await;
            self.measure().await;
            let is_cancelled = self.download.with_untracked(Option::is_none);
            self.download.set(None);
            match fetched {
                Ok(file) => self.give(file, OFFERED.hash()),
                Err(_) if is_cancelled => {}
                Err(why) => self.fault.set(Some(why)),
            }
        });
    }

    /// Ends the download; what has come stays, and the next one goes on behind it.
    pub fn cancel(self) {
        self.download.set(None);
        self.fetch.with_value(|fetch| fetch.cancel());
    }

    /// Opens what the reader chose: one file, or the three of a hub; says whether that was one or the other.
    pub fn open(self, files: &[File]) -> bool {
        self.fault.set(None);
        let called: Vec<String> = files.iter().map(File::name).collect();
        let chosen = match hub_files::choose(&called) {
            Ok(None) => files.first().cloned().map(Ok),
            Ok(Some(places)) => Some(as_one(places.map(|at| files[at].clone()))),
            Err(why) => Some(Err(why.sentence().to_string())),
        };
        match chosen {
            Some(Ok(file)) => self.give(file, None),
            Some(Err(why)) => self.fault.set(Some(why)),
            None => return false,
        }
        self.fault.with_untracked(Option::is_none)
    }

    fn give(self, file: File, kept: Option<FileHash>) {
        self.file_name.set(file.name());
        self.given.set_value(Some((file.clone(), kept)));
        self.engine.with_value(|engine| engine.open_language_model(file));
    }

    /// Forgets a model here and in this browser.
    pub fn remove(self, file: FileHash) {
        self.engine.with_value(Engine::close_language_model);
        self.fetch.with_value(|fetch| fetch.forget());
        spawn_local(async move {
            // A file that is not kept is removed already.
            for format in FileFormat::ALL {
                drop(private_files::remove(&kept_name(&file.to_string(), format)).await);
            }
            self.measure().await;
        });
    }

    /// A file was read: it is kept from now on under its hash, and under no other one, whatever the host called it.
    fn is_read(self, info: &LanguageModelInfo) {
        let (hash, format) = (info.file, info.format);
        let name = kept_name(&hash.to_string(), format);
        let Some((file, kept)) = self.given.try_update_value(Option::take).flatten().filter(|(_, kept)| *kept != Some(hash)) else {
            return;
        };
        spawn_local(async move {
            match private_files::keep(&name, &file).await {
                Ok(()) => private_files::persist(),
                Err(why) => self.fault.set(Some(say!("The model is not kept in this browser: {}", why))),
            }
            if let Some(meant) = kept {
                self.fault.set(Some(say!(
                    "This is another file than the one that was meant: its hash is {}, not {}.",
                    hash.to_string(),
                    meant.to_string()
                )));
                // A handle goes with the file that it is of.
                if let Some(own) = private_files::find(&name).await {
                    self.give(own, Some(hash));
                }
                drop(private_files::remove(&kept_name(&meant.to_string(), format)).await);
            }
            self.measure().await;
        });
    }

    async fn measure(self) {
        let kept = private_files::find(&offered_name(&OFFERED)).await;
        self.kept.set(kept.map_or(0.0, |file| file.size()));
    }
}

/// The three files of a hub as one, named by that of the weights.
fn as_one(files: [File; 3]) -> Result<File, String> {
    let [.., weights] = &files;
    file::joined(&hub_files::head(files.each_ref().map(|file| file.size() as u64)), &files, &weights.name())
}
