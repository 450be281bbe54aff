//! The model that a link calls its reader's own.

use glasses_cli::failure::Failure;
use glasses_cli::shipped::Shipped;
use pyo3::FromPyObject;
use pyo3::pybacked::PyBackedBytes;
use std::path::PathBuf;

/// A model's file, or its bytes.
#[derive(FromPyObject)]
pub enum Model {
    /// The bytes, as a trained model has them.
    Bytes(PyBackedBytes),
    /// The file.
    Path(PathBuf),
}

/// The models that come with Glasses, and the one that was given.
pub fn library(given: Option<&Model>) -> Result<Shipped, Failure> {
    match given {
        None => Ok(Shipped::default()),
        Some(Model::Path(path)) => Shipped::with(Some(path)),
        Some(Model::Bytes(bytes)) => Ok(Shipped::of("The model that was given", bytes.to_vec())),
    }
}
