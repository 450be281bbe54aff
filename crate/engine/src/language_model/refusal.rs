//! Why a file is no language model that can be used: one clause for each reason, which names what was found and what would be right.

use super::MAX_BYTES;
use crate::gguf::Unreadable;
use crate::model_file;
use crate::tokenizer::NoTokenizer;
use glasses_contract::language_model::FileFormat;
use glasses_contract::quote::quote;
use glasses_contract::{Sentence, sentence};

/// Why a file is no language model that can be used. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum NoLanguageModel {
    /// Something of the file.
    File(#[from] Unreadable),
    /// Something of its weights in a file of a hub.
    Weights(model_file::Unreadable),
    /// Something of its tokenizer.
    Tokenizer(#[from] NoTokenizer),
    /// A file that is too large.
    Large(u64),
    /// One of three files that is too large.
    LargeFile {
        /// The file.
        name: &'static str,
        /// Its bytes.
        found: u64,
        /// The most that it may have.
        most: u64,
    },
    /// One of three files that is not what its name says.
    NoJson {
        /// The file.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
    /// A name that stands for two things.
    Twice {
        /// The file.
        name: &'static str,
        /// The name.
        field: String,
    },
    /// Another family of models.
    Family(String),
    /// Something that a model must have.
    Missing {
        /// How the file comes.
        format: FileFormat,
        /// The entry.
        field: String,
    },
    /// A number that does not fit with the others, or is out of range.
    Number {
        /// How the file comes.
        format: FileFormat,
        /// The entry.
        field: String,
        /// What stands there.
        found: String,
        /// What would be right.
        expected: Sentence,
    },
    /// Something that models of this family may have and that is not read.
    NotRead(String),
    /// Something that models of this family may have otherwise than it is read.
    NotReadSo {
        /// The entry.
        field: String,
        /// What stands there.
        found: String,
    },
    /// An array in double precision.
    Double(String),
    /// An array that the model has and the file has not.
    Lacks(String),
    /// An array that the model has not.
    Surplus(String),
    /// An array of another shape.
    OtherShape {
        /// The array.
        name: String,
        /// Its extents.
        found: Vec<usize>,
        /// Those of the model.
        expected: Vec<usize>,
    },
    /// A number that no model can compute with.
    NotFinite {
        /// The array.
        name: String,
        /// The place, from 1.
        place: usize,
    },
}

impl NoLanguageModel {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::File(why) => why.sentence(),
            Self::Weights(why) => sentence!("of its model.safetensors: {}", why.sentence()),
            Self::Tokenizer(why) => why.sentence(),
            Self::Large(bytes) => {
                sentence!("it has {} MB, and files of at most {} MB are read", bytes / 1_000_000, MAX_BYTES / 1_000_000)
            }
            Self::Family(family) => sentence!("it holds a model of the family “{}”, and only “llama” is read", quote(family)),
            Self::LargeFile { name, found, most } => sentence!("its {} has {} bytes, and at most {} are read", *name, *found, *most),
            Self::NoJson { name, why } => sentence!("its {} can't be read as JSON: {}", *name, why),
            Self::Twice { name, field } => sentence!("its {} says “{}” twice", *name, quote(field)),
            Self::Missing { format: FileFormat::Gguf, field } => sentence!("its header does not say “{}”", field),
            Self::Missing { format: FileFormat::Hub, field } => sentence!("its config.json does not say “{}”", field),
            Self::Number { format: FileFormat::Gguf, field, found, expected } => {
                sentence!("its header has {} under “{}”, where {} should stand", found, field, expected.clone())
            }
            Self::Number { format: FileFormat::Hub, field, found, expected } => {
                sentence!("its config.json has {} under “{}”, where {} should stand", quote(found), field, expected.clone())
            }
            Self::NotRead(field) => sentence!("its header says “{}”, and models that have it are not read", field),
            Self::NotReadSo { field, found } => {
                sentence!("its config.json has {} under “{}”, and models that have it are not read", quote(found), field)
            }
            Self::Double(name) => sentence!("the array “{}” is of F64, and F32, F16 and BF16 are read", quote(name)),
            Self::Lacks(name) => sentence!("it lacks the array “{}”", name),
            Self::Surplus(name) => sentence!("it has an array that models of this family do not have here: “{}”", quote(name)),
            Self::OtherShape { name, found, expected } => {
                sentence!("the array “{}” has the extents {}, and the model's has {}", name, format!("{found:?}"), format!("{expected:?}"))
            }
            Self::NotFinite { name, place } => sentence!(
                "the array “{}” has a number that is not finite, at place {} or in the block that begins there",
                quote(name),
                *place
            ),
        }
    }
}

impl From<model_file::Unreadable> for NoLanguageModel {
    fn from(why: model_file::Unreadable) -> Self {
        Self::Weights(why)
    }
}
