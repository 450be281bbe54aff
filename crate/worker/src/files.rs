//! The engine's library in a browser: the site's files, and the reader's own models, which the page holds for its tab.

use crate::scope;
use glasses_contract::config::{FileHash, WeightsSource};
use glasses_contract::{Sentence, models, sentence};
use glasses_engine::language_model::LanguageModel;
use glasses_engine::library::Library;
use std::cell::RefCell;
use std::rc::Rc;

/// The site, the file of the reader's own model, and the language model that was opened last. Clones are the same.
#[derive(Clone, Default)]
pub struct Files(Rc<Inside>);

#[derive(Default)]
struct Inside {
    own: RefCell<Option<Vec<u8>>>,
    language: RefCell<Option<Rc<LanguageModel>>>,
}

impl Files {
    /// The page says which model is the reader's own.
    pub fn hold(&self, file: Vec<u8>) {
        *self.0.own.borrow_mut() = Some(file);
    }

    /// Takes a language model in the place of the one before, whose memory is free once no answer is about it any more.
    pub fn take(&self, language: LanguageModel) {
        *self.0.language.borrow_mut() = Some(Rc::new(language));
    }
}

impl Library for Files {
    async fn file(&self, origin: WeightsSource) -> Result<Vec<u8>, Sentence> {
        match models::trained(origin) {
            // The digest in the address keeps a cache from giving an older file.
            Some(trained) => scope::fetch(&format!("weights/{}?{}", trained.file(), &trained.sha256[..8])).await,
            None => self.0.own.borrow().clone().ok_or_else(|| sentence!("This page doesn't have a model of yours.")),
        }
    }

    fn language_model(&self, file: FileHash) -> Option<Rc<LanguageModel>> {
        self.0.language.borrow().clone().filter(|language| language.model().file == Some(file))
    }
}
