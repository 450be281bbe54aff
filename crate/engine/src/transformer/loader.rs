//! Putting parameters onto a device, by their names.

use super::joined;
use super::linear::{Linear, StoredMatrix};
use crate::device::TensorSpec;
use crate::operation::{BlockMatrix, Outputs};
use burn::tensor::{Device, Tensor};
use glasses_contract::config::Formats;
use glasses_contract::{Sentence, sentence};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where parameters come from: stored weights, or tensors that are being trained.
pub trait Source {
    /// The parameter of this name, flat, where there is one of this shape; stored weights are rounded to their format.
    fn flat(&self, name: &str, shape: &[usize], formats: &Formats, spec: &TensorSpec) -> Option<Tensor<1>>;

    /// Whether gradients of the parameters are wanted.
    fn is_trained(&self) -> bool;
}

/// Weights that stay as they are stored, and of which a part is made into numbers when it is wanted: a model of hundreds of megabytes is nowhere in
/// single precision as a whole. Vectors are read as of any source, matrices output by output.
pub trait Stored: Source {
    /// What reads the matrix [inputs, outputs] of this name, where there is one of this shape; of an embedding the one that scores tokens with it.
    fn outputs(self: Rc<Self>, name: &str, shape: [usize; 2], formats: &Formats) -> Option<Box<dyn Outputs>>;

    /// The same matrix on a device, as it is stored; none where it is not kept there.
    fn on_device(&self, _name: &str, _shape: [usize; 2], _device: &Device) -> Option<BlockMatrix> {
        None
    }
}

/// An array that the weights lack or that has another shape than the model needs.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct MissingWeights {
    name: String,
    shape: Vec<usize>,
}

impl MissingWeights {
    pub(super) fn new(name: &str, shape: &[usize]) -> Self {
        Self { name: name.into(), shape: shape.into() }
    }

    /// The clause.
    pub fn sentence(&self) -> Sentence {
        sentence!("the weights have no array “{}” of shape {}", &self.name, format!("{:?}", self.shape))
    }
}

/// Reads parameters below a path of names, in the shapes that the model gives them.
#[derive(Clone)]
pub(super) struct Loader<'a> {
    pub(super) source: &'a dyn Source,
    /// The same where matrices stay in it.
    pub(super) stored: Option<&'a Rc<dyn Stored>>,
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
        if let Some(stored) = self.stored {
            let matrices = names.iter().map(|name| {
                let name = format!("{}{name}", self.path);
                let shape = self.shapes.get(&name).cloned().unwrap_or_default();
                <[usize; 2]>::try_from(shape.as_slice()).map(|extents| (name.clone(), extents)).map_err(|_| MissingWeights { name, shape })
            });
            let matrices = matrices.collect::<Result<Vec<_>, _>>()?;
            return Ok(Linear::stored(StoredMatrix::new(stored, &matrices, self.formats, self.spec)?));
        }
        let matrices = names.iter().map(|name| self.tensor(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Linear::new(joined(matrices, 1), self.source.is_trained()))
    }
}
