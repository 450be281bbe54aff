//! An array as it lies in the file of a language model.

use crate::block::BlockType;
use std::ops::Range;

/// An array as it lies in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredArray {
    /// Its extent along each axis; the first axis runs fastest. A matrix has the extents inputs, outputs.
    pub extents: Vec<usize>,
    /// How its numbers are stored.
    pub of: BlockType,
    /// Its place in the file, in bytes.
    pub bytes: Range<u64>,
}

impl StoredArray {
    /// Number of rows, each as long as the first axis.
    pub fn rows(&self) -> usize {
        self.extents.iter().skip(1).product()
    }

    /// Bytes of one row.
    pub fn row_bytes(&self) -> u64 {
        (self.bytes.end - self.bytes.start) / self.rows().max(1) as u64
    }

    /// Its bytes in a file that holds it.
    pub fn in_file<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        file.get(self.bytes.start as usize..self.bytes.end as usize).unwrap_or_default()
    }
}
