//! Where the files of trained models come from, and what is checked before one is used.

use crate::language_model::LanguageModel;
use crate::model_file::{Header, Unreadable};
use crate::weights::Weights;
use glasses_contract::admit::fit_to;
use glasses_contract::config::{FileHash, Model, WeightsSource};
use glasses_contract::failure::Failure;
use glasses_contract::models::{self, Trained};
use glasses_contract::{Sentence, Warning, sentence};
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// Who has the files: the site, the browser's own store, or the command line.
pub trait Library {
    /// The bytes of a model's file.
    ///
    /// # Errors
    /// A sentence that says why it can't be had.
    fn file(&self, origin: WeightsSource) -> impl Future<Output = Result<Vec<u8>, Sentence>>;

    /// The language model of this file, where it is there.
    fn language_model(&self, _: FileHash) -> Option<Rc<LanguageModel>> {
        None
    }

    /// What the file is called, at the beginning of a sentence.
    fn name(&self, origin: WeightsSource) -> Sentence {
        models::trained(origin).map_or_else(|| sentence!("The file of your own model"), |trained| Sentence::verbatim(trained.file()))
    }
}

/// Has no file: models are those of a seed.
pub struct NoFiles;

impl Library for NoFiles {
    async fn file(&self, _: WeightsSource) -> Result<Vec<u8>, Sentence> {
        Err(sentence!("There are no trained models here."))
    }
}

/// A language model by itself, and no other file.
impl Library for Rc<LanguageModel> {
    async fn file(&self, origin: WeightsSource) -> Result<Vec<u8>, Sentence> {
        NoFiles.file(origin).await
    }

    fn language_model(&self, file: FileHash) -> Option<Rc<LanguageModel>> {
        Some(self.clone()).filter(|given| given.model().file == Some(file))
    }
}

/// A model's weights, drawn from its seed, or read from a file that is what it should be; and what a reader should know of the file.
///
/// # Errors
/// A sentence, if the file can't be had, is not the one that is meant, or can't be read.
pub async fn weights(library: &impl Library, model: &Model) -> Result<(Weights, Vec<Warning>), Failure> {
    if model.weights == WeightsSource::Seed {
        return Ok((Weights::draw(model), Vec::new()));
    }
    let bytes = library.file(model.weights).await.map_err(Failure::Weights)?;
    if let Some(trained) = models::trained(model.weights) {
        check(trained, &bytes).map_err(Failure::Weights)?;
    }
    let read = Header::of(&bytes).and_then(|header| {
        // A file with more than the model asks for is of another model too: its first layers alone would answer something else.
        header.fit(model)?;
        Ok((header.weights(&bytes)?, header))
    });
    let sentence = |why: Unreadable| Failure::Weights(sentence!("{} can't be used: {}.", library.name(model.weights), why.sentence()));
    let (weights, header) = read.map_err(sentence)?;
    let notes = header.notes().into_iter().chain(trained_otherwise(&header, model));
    Ok((weights, notes.map(|note| Warning::about("weights", note)).collect()))
}

/// What a reader's own file was trained with, by its recipe, and the model is without. That its arrays fit does not tell.
fn trained_otherwise(header: &Header, model: &Model) -> Option<Sentence> {
    let recipe = header.recipe().ok().filter(|_| model.weights == WeightsSource::Own)?;
    let Model { revision, seed, .. } = *model;
    let keys = fit_to(&mut model.clone(), Model { revision, seed, ..recipe.used().experiment.model });
    let sentence = sentence!("The model's file was trained with another “{}” than is asked for here.", keys.join("”, “"));
    (!keys.is_empty()).then_some(sentence)
}

/// The SHA-256 of a file, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check(trained: &Trained, bytes: &[u8]) -> Result<(), Sentence> {
    if sha256(bytes) == trained.sha256 {
        return Ok(());
    }
    Err(sentence!(
        "The file {} is damaged or of another version: its {} bytes are not those that belong to this page.",
        trained.file(),
        bytes.len()
    ))
}
