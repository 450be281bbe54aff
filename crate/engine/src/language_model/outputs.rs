//! A matrix of a language model's file, read output by output.

use super::LanguageModel;
use super::arrays::{self, RowOrder};
use crate::block::FewRows;
use crate::operation::Outputs;
use crate::precision::Grid;
use crate::stored_array::StoredArray;
use std::ops::Range;
use std::rc::Rc;

/// A matrix in a file.
pub(super) struct StoredOutputs {
    pub model: Rc<LanguageModel>,
    pub stored: StoredArray,
    pub order: RowOrder,
    /// What its numbers are rounded to, if anything.
    pub grid: Option<Grid>,
}

impl StoredOutputs {
    /// Where the file has an output.
    fn row(&self, output: usize) -> usize {
        match self.order {
            RowOrder::AsWanted => output,
            RowOrder::Halves { head_width } => arrays::row_of_halves(output, head_width),
        }
    }
}

impl Outputs for StoredOutputs {
    fn read(&self, outputs: Range<usize>, weights: &mut [f32]) {
        let inputs = self.stored.extents[0];
        for (output, weights) in outputs.zip(weights.chunks_exact_mut(inputs.max(1))) {
            arrays::read(&self.stored, &self.model.file, self.row(output), self.grid, weights);
        }
    }

    fn products(&self, output: usize, rows: &FewRows, tell: &mut dyn FnMut(usize, f32)) -> bool {
        let block = arrays::row(&self.stored, &self.model.file, self.row(output));
        self.grid.is_none() && self.stored.of.products(block, rows, tell)
    }
}
