//! The file of a model: safetensors, with a recipe in its header where it was trained here.
//!
//! ```text
//! 8 bytes: length of the header │ header: JSON, names, types, shapes and places of all arrays, and words │ the arrays, one behind the other
//! ```
//! Files come from elsewhere. What one is stands in its header, which is read first: a file that can't be a model's is refused by its
//! length and its header, before its numbers are looked at. Everything that is refused is refused by an [`Unreadable`].

mod header;
pub(crate) mod json;
mod numbers;
mod recipe;
#[cfg(test)]
mod tests;
mod unreadable;

pub use header::{Header, Stored};
pub use numbers::Number;
pub use unreadable::{Names, Shape, Unreadable};

use crate::weights::Weights;
use safetensors::tensor::{Dtype, SafeTensorError, TensorView};
use std::collections::BTreeMap;

/// Bytes in front of the header.
pub const LENGTH_BYTES: usize = 8;

impl Weights {
    /// The bytes of a safetensors file: f32, little-endian; `metadata` goes into its header.
    ///
    /// # Errors
    /// If the library finds the arrays inconsistent.
    pub fn to_safetensors(&self, metadata: impl IntoIterator<Item = (String, String)>) -> Result<Vec<u8>, SafeTensorError> {
        let bytes: Vec<_> = self
            .arrays()
            .map(|(name, array)| (name, &array.shape, array.values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>()))
            .collect();
        let views = bytes
            .iter()
            .map(|(name, shape, bytes)| Ok((*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes)?)))
            .collect::<Result<Vec<_>, SafeTensorError>>()?;
        safetensors::serialize(views, Some(metadata.into_iter().collect()))
    }

    /// Reads a safetensors file: its arrays, and the words of its header. A model's file is read by its [`Header`], which is held against
    /// the model first.
    ///
    /// # Errors
    /// If the bytes are no such file.
    pub fn from_safetensors(bytes: &[u8]) -> Result<(Self, BTreeMap<String, String>), Unreadable> {
        let header = Header::of(bytes)?;
        Ok((header.weights(bytes)?, header.words))
    }
}
