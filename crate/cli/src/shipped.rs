//! The trained models that come with Glasses, within the program, and a reader's own from a file.

use crate::failure::Failure;
use crate::input::{self, Read};
use glasses_contract::config::{Experiment, FileHash, WeightsSource};
use glasses_contract::{Sentence, models, open};
use glasses_engine::language_model::LanguageModel;
use glasses_engine::library::Library;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// A file of the reader's own: what it is called, and its bytes.
pub type Own = Arc<(PathBuf, Vec<u8>)>;

/// The files of www/weights, and perhaps one of the reader's own.
#[derive(Clone, Default)]
pub struct Shipped {
    /// The file of the model that links call `own`, and its bytes.
    own: Option<Own>,
    /// The language model that was given, in place of such a file.
    language: Option<Rc<LanguageModel>>,
}

impl Shipped {
    /// With the file that somebody gave as their own, which is read now: what is wrong with it is said before anything is computed.
    pub fn with(own: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = own else { return Ok(Self::default()) };
        Ok(match input::read_any_model(path)? {
            Read::Own(bytes) => Self { own: Some(Arc::new((path.to_path_buf(), bytes))), language: None },
            Read::Language(model) => Self { own: None, language: Some(Rc::new(*model)) },
        })
    }

    /// With the bytes of a model's file.
    pub fn of(name: &str, bytes: Vec<u8>) -> Self {
        Self { own: Some(Arc::new((PathBuf::from(name), bytes))), language: None }
    }

    /// What another thread can have of it: all but the language model.
    pub fn for_thread(&self) -> Option<Own> {
        self.own.clone()
    }

    /// Refuses a question about another model than the reader's own that was given, so that nobody takes its answer for that of theirs.
    ///
    /// # Errors
    /// A sentence, if it is about another one.
    pub fn refuse_other(&self, experiment: &Experiment) -> Result<(), Failure> {
        match self.own {
            Some(_) if experiment.model.weights != WeightsSource::Own => Err(Failure::Answer(format!("{NOT_OWN} the link."))),
            _ => Ok(()),
        }
    }

    /// The same of a study, which may compare the reader's own model with others.
    ///
    /// # Errors
    /// A sentence, if not one of its links is of it.
    pub fn refuse_without_point(&self, mut links: impl Iterator<Item = String>) -> Result<(), Failure> {
        let is_unused = self.own.is_some() && !links.any(|link| is_of_own(&link));
        if is_unused { Err(Failure::Answer(format!("{NOT_OWN} the study’s link or an axis."))) } else { Ok(()) }
    }

    /// What answers a point of such a study.
    #[must_use]
    pub fn of_point(self, link: &str) -> Self {
        let own = self.own.filter(|_| is_of_own(link));
        Self { own, ..self }
    }

    /// The language model that was given.
    pub fn language(&self) -> Option<&LanguageModel> {
        self.language.as_deref()
    }
}

const NOT_OWN: &str = "The model that was given is not asked: write weights=own into";

fn is_of_own(link: &str) -> bool {
    open::admitted(link).0.model.weights == WeightsSource::Own
}

impl From<Option<Own>> for Shipped {
    fn from(own: Option<Own>) -> Self {
        Self { own, language: None }
    }
}

// `FILES`: the name of each file in www/weights, and its bytes.
include!(concat!(env!("OUT_DIR"), "/weights.rs"));

impl Library for Shipped {
    async fn file(&self, origin: WeightsSource) -> Result<Vec<u8>, Sentence> {
        if let Some(trained) = models::trained(origin) {
            let name = trained.file();
            let file = FILES.iter().find(|(known, _)| *known == name);
            return file.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| Sentence::verbatim(format!("This build lacks {name}.")));
        }
        let missing = || Sentence::verbatim("The link is of a model of somebody's own: give its file with --model.");
        self.own.as_deref().map(|(_, bytes)| bytes.clone()).ok_or_else(missing)
    }

    fn language_model(&self, file: FileHash) -> Option<Rc<LanguageModel>> {
        self.language.clone().filter(|model| model.model().file == Some(file))
    }

    fn name(&self, origin: WeightsSource) -> Sentence {
        Sentence::verbatim(match (models::trained(origin), self.own.as_deref()) {
            (Some(trained), _) => trained.file(),
            (None, Some((path, _))) => path.display().to_string(),
            (None, None) => "The model's file".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::models::TRAINED;

    #[test]
    fn every_trained_model_is_within_the_program_and_nothing_else() {
        let mut names: Vec<String> = TRAINED.iter().map(models::Trained::file).collect();
        names.sort();
        assert_eq!(FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
    }
}
