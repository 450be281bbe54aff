//! The trained models that come with Glasses, within the program, and a reader's own from a file.

use crate::failure::Failure;
use crate::input::{self, Read};
use glasses_contract::config::Origin;
use glasses_contract::models;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::library::Library;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The files of www/weights, and perhaps one of the reader's own.
#[derive(Clone, Default)]
pub struct Shipped {
    /// The file of the model that links call `own`, and its bytes.
    own: Option<Rc<(PathBuf, Vec<u8>)>>,
    /// The language model that was given, in place of such a file.
    language: Option<Rc<LanguageModel>>,
}

impl Shipped {
    /// With the file that somebody gave as their own, which is read now: what is wrong with it is said before anything is computed.
    pub fn with(own: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = own else { return Ok(Self::default()) };
        Ok(match input::read_any_model(path)? {
            Read::Own(bytes) => Self { own: Some(Rc::new((path.to_path_buf(), bytes))), language: None },
            Read::Language(model) => Self { own: None, language: Some(Rc::new(*model)) },
        })
    }

    /// The language model that was given.
    pub fn language(&self) -> Option<&LanguageModel> {
        self.language.as_deref()
    }
}

macro_rules! files {
    ($($origin:ident $file:literal;)*) => {
        const FILES: &[(Origin, &[u8])] = &[$((Origin::$origin, include_bytes!(concat!("../../../www/weights/", $file)))),*];
    };
}

files! {
    Rotary "rotary.safetensors";
    Sinusoidal "sinusoidal.safetensors";
    Alibi "alibi.safetensors";
    NoPositions "nopos.safetensors";
    Scalable "scalable.safetensors";
    Sigmoid "sigmoid.safetensors";
    Commas "commas.safetensors";
}

impl Library for Shipped {
    async fn file(&self, origin: Origin) -> Result<Vec<u8>, String> {
        if let Some((_, bytes)) = FILES.iter().find(|(known, _)| *known == origin) {
            return Ok(bytes.to_vec());
        }
        let (_, bytes) = self.own.as_deref().ok_or("The link is of a model of somebody's own: give its file with --model.")?;
        Ok(bytes.clone())
    }

    fn language_model(&self, origin: Origin) -> Option<Rc<LanguageModel>> {
        self.language.clone().filter(|_| origin == Origin::Own)
    }

    fn name(&self, origin: Origin) -> String {
        match (models::trained(origin), self.own.as_deref()) {
            (Some(trained), _) => trained.file(),
            (None, Some((path, _))) => path.display().to_string(),
            (None, None) => "The model's file".into(),
        }
    }
}
