//! The engine's library in a browser: the site's files, and the reader's own model.

use crate::{scope, store};
use glasses_contract::config::Origin;
use glasses_contract::models;
use glasses_engine::library::Library;

/// The site and the browser's store.
pub struct Files;

impl Library for Files {
    async fn file(&self, origin: Origin) -> Result<Vec<u8>, String> {
        match models::trained(origin) {
            // The digest in the address keeps a cache from giving an older file.
            Some(trained) => scope::fetch(&format!("weights/{}?{}", trained.file(), &trained.sha256[..8])).await,
            None => store::read(store::OWN).await?.ok_or_else(|| {
                "This link is of a model that was trained in another browser, or was not trained yet: open its file, or train one.".into()
            }),
        }
    }
}
