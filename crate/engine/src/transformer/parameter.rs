//! A parameter of a model: its name, its shape, and how it is initialised.
//!
//! Every matrix has a ChaCha8 stream of its own: the embedding 0, the unembedding 1, block l from 2 + 6 l, and what only some models have
//! from 2³² on. So a deeper model begins with the layers of a shallower one, and no choice changes a weight that it does not bring itself.

use std::collections::BTreeMap;

/// Matrices of a block that every model has.
const BLOCK: u64 = 6;

/// The first random stream of weights that only some models have.
pub(super) const EXTRAS: u64 = 1 << 32;
/// How many of those each layer may have.
const EXTRAS_OF_LAYER: u64 = 16;

/// One array of a model's weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name: the modules that it is in, and its own, separated by dots.
    pub name: String,
    /// Its extent along each axis. A matrix has the shape [inputs, outputs].
    pub shape: Vec<usize>,
    /// What it holds before training.
    pub initializer: Initializer,
}

/// What a parameter holds before training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initializer {
    /// Normal numbers with mean 0, from a random stream of the model's seed.
    Normal {
        /// The stream.
        stream: u64,
        /// The standard deviation.
        deviation: f64,
    },
    /// The same number everywhere.
    Constant(f32),
}

impl Parameter {
    /// A matrix drawn from N(0, 1 / inputs).
    pub(super) fn matrix(name: &str, shape: [usize; 2], stream: u64) -> Self {
        Self::normal(name, shape, stream, 1.0 / (shape[0] as f64).sqrt())
    }

    /// An array of normal numbers with a standard deviation.
    pub(super) fn normal(name: &str, shape: [usize; 2], stream: u64, deviation: f64) -> Self {
        Self { name: name.into(), shape: shape.into(), initializer: Initializer::Normal { stream, deviation } }
    }

    /// A vector of one number.
    pub(super) fn constant(name: &str, length: usize, value: f32) -> Self {
        Self { name: name.into(), shape: vec![length], initializer: Initializer::Constant(value) }
    }

    /// The same as a part of a module.
    pub(super) fn within(self, module: &str) -> Self {
        Self { name: format!("{module}.{}", self.name), ..self }
    }

    /// How many numbers it has.
    pub fn count(&self) -> u64 {
        self.shape.iter().map(|&extent| extent as u64).product()
    }
}

/// The shapes of parameters by their names.
pub(super) fn shapes(parameters: Vec<Parameter>) -> BTreeMap<String, Vec<usize>> {
    parameters.into_iter().map(|Parameter { name, shape, .. }| (name, shape)).collect()
}

/// The stream of the matrix with this index among those of a block.
pub(super) fn block_stream(layer: usize, index: u64) -> u64 {
    2 + BLOCK * layer as u64 + index
}

/// The stream of a layer's matrix that only some models have.
pub(super) fn extra_stream(layer: usize, index: u64) -> u64 {
    EXTRAS + EXTRAS_OF_LAYER * (layer as u64 + 1) + index
}
