//! A language model from a GGUF file: a configuration of the transformer, a tokenizer, and weights that stay in the file's blocks.
//!
//! The bytes of the file are held once, as they are. Of a matrix a few outputs at a time are made into single precision while rows are multiplied with
//! it, and of the embedding the vectors of tokens as they are wanted ([`Transformer::stored`]). What the family of models is called `llama` in files is read: RMS norm, rotary positions on
//! adjacent pairs, grouped key-value heads, SwiGLU, no biases.

mod arrays;
mod shape;

use crate::device::TensorSpec;
use crate::gguf::{Header, Unreadable};
use crate::precision::Grid;
use crate::tokenizer::{Bpe, NoTokenizer, Tokenizer};
use crate::transformer::{MissingWeights, Outputs, Source, Stored, Transformer};
use burn::tensor::Tensor;
use glasses_contract::config::{FileHash, Formats, Model};
use glasses_contract::language_model::LanguageModelInfo;
use glasses_contract::quote::quote;
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// Bytes of the largest file that is read.
pub const MAX_BYTES: u64 = 1_000_000_000;

/// A language model whose file is what it should be.
pub struct LanguageModel {
    file: Vec<u8>,
    header: Header,
    model: Model,
    tokenizer: Rc<Bpe>,
}

/// Why a file is no language model that can be used. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoLanguageModel {
    /// Something of the file.
    #[error(transparent)]
    File(#[from] Unreadable),
    /// Something of its tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] NoTokenizer),
    /// A file that is too large.
    #[error("it has {} MB, and files of at most {} MB are read", .0 / 1_000_000, MAX_BYTES / 1_000_000)]
    Large(u64),
    /// Another family of models.
    #[error("it holds a model of the family “{}”, and only “llama” is read", quote(.0))]
    Family(String),
    /// Something that a model must have.
    #[error("its header does not say “{0}”")]
    Missing(String),
    /// A number that does not fit with the others, or is out of range.
    #[error("its header has {found} under “{field}”, where {expected} should stand")]
    Number {
        /// The entry.
        field: String,
        /// What stands there.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// Something that models of this family may have and that is not read.
    #[error("its header says “{0}”, and models that have it are not read")]
    NotRead(String),
    /// An array that the model has and the file has not.
    #[error("it lacks the array “{0}”")]
    Lacks(String),
    /// An array that the model has not.
    #[error("it has an array that models of this family do not have here: “{}”", quote(.0))]
    Surplus(String),
    /// An array of another shape.
    #[error("the array “{name}” has the extents {found:?}, and the model's has {expected:?}")]
    OtherShape {
        /// The array.
        name: String,
        /// Its extents.
        found: Vec<usize>,
        /// Those of the model.
        expected: Vec<usize>,
    },
    /// A number that no model can compute with.
    #[error("the array “{name}” has a number that is not finite, at place {place} or in the block that begins there")]
    NotFinite {
        /// The array.
        name: String,
        /// The place, from 1.
        place: usize,
    },
}

impl LanguageModel {
    /// Whether a file of `size` bytes can be one, by its first part: known before the rest is read. [`Unreadable::Cut`] where the part ends within the
    /// header.
    ///
    /// # Errors
    /// As [`LanguageModel::open`], but for numbers that are not finite.
    pub fn check(part: &[u8], size: u64) -> Result<(), NoLanguageModel> {
        Self::read(part, size).map(drop)
    }

    fn read(part: &[u8], size: u64) -> Result<(Header, Model, Bpe), NoLanguageModel> {
        if size > MAX_BYTES {
            return Err(NoLanguageModel::Large(size));
        }
        let header = Header::read(part, size)?;
        let model = shape::model(&header)?;
        arrays::fit(&header, &model)?;
        let tokenizer = Bpe::read(&header, part)?;
        if tokenizer.size() != model.architecture.vocabulary {
            let expected = format!("as many tokens as “token_embd.weight” has rows, {}", model.architecture.vocabulary);
            return Err(NoLanguageModel::Number { field: "tokenizer.ggml.tokens".into(), found: tokenizer.size().to_string(), expected });
        }
        Ok((header, model, tokenizer))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it is damaged, too large, of another family, or lacks something.
    pub fn open(file: Vec<u8>) -> Result<Self, NoLanguageModel> {
        let (header, mut model, tokenizer) = Self::read(&file, file.len() as u64)?;
        for (name, array) in &header.arrays {
            if let Some(place) = array.of.first_not_finite(array.in_file(&file)) {
                return Err(NoLanguageModel::NotFinite { name: name.clone(), place: place + 1 });
            }
        }
        model.file = Some(FileHash::of(&Sha256::digest(&file).into()));
        Ok(Self { file, header, model, tokenizer: Rc::new(tokenizer) })
    }

    /// The configuration of the transformer that it is.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What its file says of it.
    pub fn info(&self) -> Option<LanguageModelInfo> {
        let parameters = self.header.arrays.values().map(|array| array.extents.iter().product::<usize>() as u64).sum();
        let said = |entry| self.header.text(entry).ok().flatten().unwrap_or_default().to_owned();
        let mut info = LanguageModelInfo::new(&self.model, self.model.file?, self.file.len() as u64, parameters);
        (info.name, info.licence) = (said("general.name"), said("general.license"));
        Some(info)
    }

    /// The header of its file.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its tokenizer.
    pub fn tokenizer(&self) -> &Bpe {
        &self.tokenizer
    }

    /// The transformer, with what a configuration chooses of its own: formats, and the slots of attention that have no weights.
    ///
    /// # Errors
    /// If the configuration is of another shape.
    pub fn transformer(self: &Rc<Self>, model: &Model, spec: &TensorSpec) -> Result<Transformer, MissingWeights> {
        Transformer::stored(model, self.clone(), self.tokenizer.clone() as Rc<dyn Tokenizer>, spec)
    }
}

impl Source for LanguageModel {
    fn flat(&self, name: &str, shape: &[usize], formats: &Formats, spec: &TensorSpec) -> Option<Tensor<1>> {
        // Matrices lie output by output in the file, and are read so.
        let [count] = shape else { return None };
        let stored = self.header.arrays.get(&arrays::name(name)?).filter(|stored| stored.extents == shape)?;
        let mut values = vec![0.0; *count];
        arrays::read(stored, &self.file, 0..1, Grid::of(formats.weights, formats.bits), &mut values);
        Some(spec.singles(values))
    }

    fn is_trained(&self) -> bool {
        false
    }
}

impl Stored for LanguageModel {
    fn outputs(self: Rc<Self>, name: &str, shape: [usize; 2], formats: &Formats) -> Option<Outputs> {
        let stored = self.header.arrays.get(&arrays::name(name)?).filter(|stored| stored.extents == shape)?.clone();
        let grid = Grid::of(formats.weights, formats.bits);
        Some(Box::new(move |outputs, weights| arrays::read(&stored, &self.file, outputs, grid, weights)))
    }
}
