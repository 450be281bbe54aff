//! The engine's library in a browser: the site's files, and the reader's own model, which the page holds for its tab.

use crate::scope;
use glasses_contract::config::Origin;
use glasses_contract::{Sentence, models, sentence};
use glasses_engine::library::Library;
use std::cell::RefCell;
use std::rc::Rc;

/// The site, and the file of the reader's own model. Clones are the same.
#[derive(Clone, Default)]
pub struct Files(Rc<RefCell<Option<Vec<u8>>>>);

impl Files {
    /// The page says which model is the reader's own.
    pub fn hold(&self, file: Vec<u8>) {
        *self.0.borrow_mut() = Some(file);
    }
}

impl Library for Files {
    async fn file(&self, origin: Origin) -> Result<Vec<u8>, Sentence> {
        match models::trained(origin) {
            // The digest in the address keeps a cache from giving an older file.
            Some(trained) => scope::fetch(&format!("weights/{}?{}", trained.file(), &trained.sha256[..8])).await,
            None => self.0.borrow().clone().ok_or_else(|| sentence!("This page doesn't have a model of yours.")),
        }
    }
}
