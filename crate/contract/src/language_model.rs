//! What page, worker and command line know of a language model: the file that is offered, and what a file that was opened says of itself.

use crate::config::{Architecture, FileHash, Model};
use crate::quote::quote;
use serde::{Deserialize, Serialize};

/// How a language model comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFormat {
    /// One file of the GGUF format.
    Gguf,
    /// The three files of [`crate::hub_files`].
    Hub,
}

impl FileFormat {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Gguf, Self::Hub];

    /// How the name ends under which a file of it is kept.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gguf => "gguf",
            Self::Hub => "hub",
        }
    }
}

/// What a file that was opened says of its model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageModelInfo {
    /// What it is called, as its file says; empty where it does not.
    pub name: String,
    /// Its licence, as its file says; empty where it does not.
    pub licence: String,
    /// How it comes.
    pub format: FileFormat,
    /// Bytes of the file, or of its three files together.
    pub bytes: u64,
    /// Numbers that the file holds.
    pub parameters: u64,
    /// The first digits of the file's SHA-256.
    pub file: FileHash,
    /// Without what its family decides, which no message about an experiment carries.
    shape: Model,
    architecture: Architecture,
}

impl LanguageModelInfo {
    /// Of a model from a GGUF file.
    pub fn new(model: &Model, file: FileHash, bytes: u64, parameters: u64) -> Self {
        let (name, licence) = Default::default();
        let shape = Model { architecture: Architecture::default(), ..model.clone() };
        Self { name, licence, format: FileFormat::Gguf, bytes, parameters, file, shape, architecture: model.architecture }
    }

    /// What to call it: the model that is offered by its name where this is its file, any other as its file says, or as the file is called.
    pub fn called(&self, file: &str) -> String {
        let own = if self.name.is_empty() { file } else { &self.name };
        offered_name(self.file).map_or_else(|| quote(own), str::to_owned)
    }

    /// The configuration of the transformer, with what its family decides.
    pub fn model(&self) -> Model {
        Model { architecture: self.architecture, ..self.shape.clone() }
    }
}

/// A language model that the page offers to load.
pub struct Offered {
    /// What it is called.
    pub name: &'static str,
    /// The name of its file in the site's folder `models`, where the host put it there.
    pub file: &'static str,
    /// Bytes of the file.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: &'static str,
    /// Its licence.
    pub licence: &'static str,
}

/// The one that there is. `cargo xtask model` fetches it.
pub static OFFERED: Offered = Offered {
    name: "SmolLM2-135M-Instruct",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence: "Apache-2.0",
};

impl Offered {
    /// The first digits of its SHA-256, as a link holds them.
    pub fn hash(&self) -> Option<FileHash> {
        self.sha256.get(..8).and_then(FileHash::read)
    }
}

/// The name of the model that is offered, where this is the hash of its file.
pub fn offered_name(file: FileHash) -> Option<&'static str> {
    (OFFERED.hash() == Some(file)).then_some(OFFERED.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{message, models};

    #[test]
    fn only_the_file_that_is_offered_has_its_name() {
        let info = |file: &str| {
            let model = Model { file: FileHash::read(file), ..Model::default() };
            (models::name(&model).to_string(), LanguageModelInfo::new(&model, model.file.expect("eight digits"), OFFERED.bytes, 1))
        };
        let (name, mut offered) = info("b179c952");
        offered.name = "Mix1 Ep2".into();
        assert_eq!((&*name, &*offered.called("a.gguf")), ("SmolLM2-135M-Instruct, file b179c952", "SmolLM2-135M-Instruct"));
        let (name, mut other) = info("b179c953");
        assert_eq!((&*name, &*other.called("SmolLM2.gguf")), ("a language model, file b179c953", "SmolLM2.gguf"));
        other.name = "Mine".into();
        assert_eq!(other.called("SmolLM2.gguf"), "Mine");
    }

    #[test]
    fn what_the_family_decides_survives_a_message() {
        let mut model = Model { layers: 30, ..Model::default() };
        (model.architecture.vocabulary, model.architecture.rotary_base) = (49_152, 100_000.0);
        let file = OFFERED.hash().expect("eight digits");
        let info = LanguageModelInfo::new(&model, file, OFFERED.bytes, 134_515_008);
        let heard: LanguageModelInfo = message::from_bytes(&message::to_bytes(&info)).expect("a message");
        assert_eq!((heard.model(), heard), (model, info));
    }
}
