//! Putting parameters onto a device, by their names.

use super::joined;
use super::linear::Linear;
use crate::device::TensorSpec;
use burn::tensor::Tensor;
use glasses_contract::config::Formats;
use glasses_contract::{Sentence, sentence};
use std::collections::BTreeMap;

/// Where parameters come from: stored weights, or tensors that are being trained.
pub trait Source {
    /// The parameter of this name, flat, where there is one of this shape; stored weights are rounded to their format.
    fn flat(&self, name: &str, shape: &[usize], formats: &Formats, spec: &TensorSpec) -> Option<Tensor<1>>;

    /// Whether gradients of the parameters are wanted.
    fn is_trained(&self) -> bool;
}

/// Weights that stay where they are, and of which a part is made into tensors when it is wanted: a model of hundreds of megabytes is never on the
/// device as a whole. Every parameter of the model is there.
pub trait Stored: Source {
    /// The vectors of some tokens in the embedding or the unembedding, [tokens, width], each as long as the stream is wide.
    fn vectors(&self, name: &str, tokens: &[usize], formats: &Formats, spec: &TensorSpec) -> Tensor<2>;
}

/// An array that the weights lack or that has another shape than the model needs.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct MissingWeights {
    name: String,
    shape: Vec<usize>,
}

impl MissingWeights {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        sentence!("the weights have no array “{}” of shape {}", &self.name, format!("{:?}", self.shape))
    }
}

/// Reads parameters below a path of names, in the shapes that the model gives them.
#[derive(Clone)]
pub(super) struct Loader<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) shapes: &'a BTreeMap<String, Vec<usize>>,
    pub(super) formats: &'a Formats,
    pub(super) spec: &'a TensorSpec,
    pub(super) path: String,
}

impl Loader<'_> {
    /// What reads below a module of this name.
    pub(super) fn at(&self, module: &str) -> Self {
        Self { path: format!("{}{module}.", self.path), ..self.clone() }
    }

    /// The parameter of this name.
    ///
    /// # Errors
    /// If the source does not have it in its shape.
    pub(super) fn tensor<const D: usize>(&self, name: &str) -> Result<Tensor<D>, MissingWeights> {
        let name = format!("{}{name}", self.path);
        let shape = self.shapes.get(&name).cloned().unwrap_or_default();
        let extents = <[usize; D]>::try_from(shape.as_slice()).ok();
        let flat = self.source.flat(&name, &shape, self.formats, self.spec);
        flat.zip(extents).map(|(flat, extents)| flat.reshape(extents)).ok_or(MissingWeights { name, shape })
    }

    /// Matrices of one height side by side, as one that rows are multiplied with.
    ///
    /// # Errors
    /// As [`Loader::tensor`].
    pub(super) fn linear(&self, names: &[&str]) -> Result<Linear, MissingWeights> {
        let matrices = names.iter().map(|name| self.tensor(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Linear::new(joined(matrices, 1), self.source.is_trained()))
    }
}
