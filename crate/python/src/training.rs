//! Training, as the command line does it.

use crate::computed::computed;
use crate::stop::{Signals, Tell};
use glasses_cli::failure::Failure;
use glasses_cli::train::{Watch, in_memory, into_file};
use glasses_contract::open;
use glasses_engine::train::TrainingFailed;
use glasses_engine::{Progress, Stopped};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::cell::Cell;
use std::path::PathBuf;

/// Trains the model of a link: the link that opens with it, its recipe as JSON, the loss of every step, and the bytes of its file. `tell` hears how many steps are done, of
/// how many, and the mean loss of the last ones.
#[pyfunction]
pub fn train(
    py: Python<'_>,
    link: String,
    out: Option<PathBuf>,
    save_every: usize,
    tell: Option<Py<PyAny>>,
) -> PyResult<(String, String, Vec<f64>, Py<PyBytes>)> {
    let trained = computed(py, move |signals| {
        let run = Run { signals, tell: Tell::new(tell), at: Cell::default() };
        let trained = match &out {
            Some(out) => into_file(&link, out, save_every.max(1), &run),
            None => in_memory(&link, &run),
        };
        let trained = trained.map_err(|failure| match failure {
            Failure::Training(TrainingFailed::Stopped) => {
                let (done, of) = run.at.get();
                let kept = match &out {
                    Some(_) => "The run is kept: the same call goes on from there.",
                    None => "Nothing of the run is kept; give out= to keep it.",
                };
                Failure::Answer(format!("Stopped behind step {done} of {of}. {kept}"))
            }
            failure => failure,
        })?;
        Ok((open::encode(&trained.recipe.used()), serde_json::to_string(&trained.recipe)?, trained.losses, trained.file))
    })?;
    let (used, recipe, losses, file) = trained;
    Ok((used, recipe, losses, PyBytes::new(py, &file).unbind()))
}

/// A run that Python watches.
struct Run<'a> {
    signals: &'a Signals,
    tell: Tell,
    at: Cell<(usize, usize)>,
}

impl Watch for Run<'_> {
    fn passed(&self, done: usize, of: usize, loss: f64, _is_kept: bool) {
        self.at.set((done, of));
        self.tell.about(self.signals, done == of, (done, of, loss));
    }

    // Its loss is an array, and its recipe says how it answers.
    fn note(&self, _sentence: &str) {}
}

impl Progress for Run<'_> {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        self.signals.step(done).await
    }
}
