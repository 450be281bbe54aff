//! A language model from a file: a configuration of the transformer, a tokenizer, and weights that stay as the file holds them.
//!
//! The bytes of the file are held once, as they are. Of a matrix a few outputs at a time are made into single precision while rows are multiplied with
//! it, and of the embedding the vectors of tokens as they are wanted ([`Transformer::stored`]). What the family of models is called `llama` in files is read: RMS norm, rotary positions on
//! adjacent pairs, grouped key-value heads, SwiGLU, no biases. It comes as a GGUF file, or as the three files of a hub, which are opened as one.

mod arrays;
mod document;
mod gguf;
mod hub;
mod outputs;
mod refusal;
mod shape;

pub use refusal::NoLanguageModel;

use crate::device::{Compute, TensorSpec};
use crate::operation::{BlockMatrix, Outputs};
use crate::precision::Grid;
use crate::stored_array::StoredArray;
use crate::tokenizer::{Bpe, Tokenizer};
use crate::transformer::{MissingWeights, Source, Stored, Transformer};
use arrays::RowOrder;
use burn::tensor::{Device, Tensor};
use document::Contents;
use glasses_contract::config::{FileHash, Formats, Model};
use glasses_contract::language_model::{FileFormat, LanguageModelInfo};
use glasses_contract::{Sentence, hub_files, sentence};
use outputs::StoredOutputs;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Bytes of the largest file that is read, or of the three files of a hub together.
pub const MAX_BYTES: u64 = 1_000_000_000;

/// A language model whose file is what it should be.
pub struct LanguageModel {
    file: Vec<u8>,
    format: FileFormat,
    arrays: BTreeMap<String, StoredArray>,
    start: u64,
    model: Model,
    tokenizer: Rc<Bpe>,
    name: String,
    licence: String,
    /// Matrices on a graphics processor, by the names of their parameters: each goes there once, whatever is asked of the model.
    on_device: RefCell<BTreeMap<String, BlockMatrix>>,
}

impl LanguageModel {
    /// Whether a file of `size` bytes can be one, by its first part: known before the rest is read. [`Unreadable::Cut`](crate::gguf::Unreadable::Cut) where the part ends in front
    /// of the numbers.
    ///
    /// # Errors
    /// As [`LanguageModel::open`], but for numbers that are not finite.
    pub fn check(part: &[u8], size: u64) -> Result<(), NoLanguageModel> {
        Self::read(part, size).map(drop)
    }

    fn read(part: &[u8], size: u64) -> Result<Contents, NoLanguageModel> {
        if size > MAX_BYTES {
            return Err(NoLanguageModel::Large(size));
        }
        match hub_files::lengths(part) {
            Some(lengths) => hub::read(part, lengths, size),
            None => gguf::read(part, size),
        }
    }

    /// Reads a file; the three of a hub behind their [head](hub_files::head), as one.
    ///
    /// # Errors
    /// If it is damaged, too large, of another family, or lacks something.
    pub fn open(file: Vec<u8>) -> Result<Self, NoLanguageModel> {
        let Contents { format, arrays, start, mut model, tokenizer, name, licence } = Self::read(&file, file.len() as u64)?;
        for (name, array) in &arrays {
            if let Some(place) = array.of.first_not_finite(array.in_file(&file)) {
                return Err(NoLanguageModel::NotFinite { name: name.clone(), place: place + 1 });
            }
        }
        model.file = Some(FileHash::of(&Sha256::digest(of_files(format, &file)).into()));
        Ok(Self { file, format, arrays, start, model, tokenizer: Rc::new(tokenizer), name, licence, on_device: RefCell::default() })
    }

    /// The configuration of the transformer that it is.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What its file says of it.
    pub fn info(&self) -> Option<LanguageModelInfo> {
        let parameters = self.arrays.values().map(|array| array.extents.iter().product::<usize>() as u64).sum();
        let bytes = of_files(self.format, &self.file).len() as u64;
        let mut info = LanguageModelInfo::new(&self.model, self.model.file?, bytes, parameters);
        (info.name, info.licence, info.format) = (self.name.clone(), self.licence.clone(), self.format);
        Some(info)
    }

    /// The arrays of its file, by their names there.
    pub fn arrays(&self) -> &BTreeMap<String, StoredArray> {
        &self.arrays
    }

    /// Bytes of its file in front of the numbers.
    pub fn start(&self) -> u64 {
        self.start
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

    /// A matrix as a graphics processor takes it: its blocks, output by output in the order of the transformer.
    fn block_matrix(&self, name: &str, shape: [usize; 2], device: &Device) -> Option<BlockMatrix> {
        let stored = self.array(name, &shape)?;
        let bytes = stored.in_file(&self.file);
        let [_, outputs] = shape;
        match arrays::order(self.format, name, self.model.head_width()) {
            RowOrder::AsWanted => BlockMatrix::new(stored.of, bytes, shape, device),
            RowOrder::Halves { head_width } => {
                let row_bytes = stored.row_bytes() as usize;
                let row =
                    |output| bytes.get(arrays::row_of_halves(output, head_width) * row_bytes..).and_then(|from| from.get(..row_bytes));
                let rows: Vec<u8> = (0..outputs).filter_map(row).flatten().copied().collect();
                BlockMatrix::new(stored.of, &rows, shape, device)
            }
        }
    }

    /// Why a device can't compute with it, where that is known beforehand: a matrix is one tensor there.
    pub fn too_large_for(&self, compute: &Compute) -> Option<Sentence> {
        let largest = self.arrays.values().map(|array| array.bytes.end - array.bytes.start).max()?;
        (largest > compute.most_bytes).then(|| {
            sentence!(
                "The largest matrix of this language model has {} MB, and the graphics processor takes {} MB at the most.",
                largest.div_ceil(1_000_000),
                compute.most_bytes / 1_000_000
            )
        })
    }

    /// The array of a parameter, where there is one of this shape.
    fn array(&self, parameter: &str, shape: &[usize]) -> Option<StoredArray> {
        self.arrays.get(&arrays::name(self.format, parameter)?).filter(|stored| stored.extents == shape).cloned()
    }
}

/// The bytes that a reader has: those of the file, or of the three files one behind the other.
fn of_files(format: FileFormat, file: &[u8]) -> &[u8] {
    match format {
        FileFormat::Gguf => file,
        FileFormat::Hub => file.get(hub_files::HEAD_BYTES..).unwrap_or_default(),
    }
}

impl Source for LanguageModel {
    fn flat(&self, name: &str, shape: &[usize], formats: &Formats, spec: &TensorSpec) -> Option<Tensor<1>> {
        // Matrices lie output by output in the file, and are read so.
        let [count] = shape else { return None };
        let stored = self.array(name, shape)?;
        let mut values = vec![0.0; *count];
        arrays::read(&stored, &self.file, 0, Grid::of(formats.weights, formats.bits), &mut values);
        Some(spec.singles(values))
    }

    fn is_trained(&self) -> bool {
        false
    }
}

impl Stored for LanguageModel {
    fn outputs(self: Rc<Self>, name: &str, shape: [usize; 2], formats: &Formats) -> Option<Box<dyn Outputs>> {
        let stored = self.array(name, &shape)?;
        let order = arrays::order(self.format, name, self.model.head_width());
        Some(Box::new(StoredOutputs { stored, order, grid: Grid::of(formats.weights, formats.bits), model: self }))
    }

    fn on_device(&self, name: &str, shape: [usize; 2], device: &Device) -> Option<BlockMatrix> {
        let kept = self.on_device.borrow().get(name).filter(|matrix| matrix.is_on(device)).cloned();
        kept.or_else(|| {
            let matrix = self.block_matrix(name, shape, device)?;
            self.on_device.borrow_mut().insert(name.into(), matrix.clone());
            Some(matrix)
        })
    }
}
