//! What is computed for Python, and what it raises.

use crate::stop::Signals;
use glasses_cli::failure::Failure;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(glasses._native, GlassesError, PyException, "Why there is no answer, in the words of the page.");

/// Computes without Python's lock; a failure is a [`GlassesError`], and what a signal raised is raised.
pub fn computed<T: Send>(py: Python<'_>, compute: impl FnOnce(&Signals) -> Result<T, Failure> + Send) -> PyResult<T> {
    let (outcome, raised) = py.detach(|| {
        let signals = Signals::default();
        let outcome = compute(&signals).map_err(|failure| failure.to_string());
        (outcome, signals.raised())
    });
    match (outcome, raised) {
        (outcome, Some(raised)) => {
            if let Err(sentence) = outcome {
                // What is kept of it. Python 3.10 has no notes.
                let _ = raised.value(py).call_method1("add_note", (sentence,));
            }
            Err(raised)
        }
        (Ok(computed), None) => Ok(computed),
        (Err(sentence), None) => Err(GlassesError::new_err(sentence)),
    }
}
