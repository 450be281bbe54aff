//! Studies, as the command line reads and answers them.

use crate::computed::{GlassesError, computed};
use crate::model::{Model, library};
use crate::stop::Tell;
use glasses_cli::failure::Failure;
use glasses_cli::study::{self, How, Plan, Point, Shard, topic};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A study that can be answered.
#[pyclass(frozen, module = "glasses._native")]
pub struct StudyPlan(Plan);

#[pymethods]
impl StudyPlan {
    /// Reads a study's file.
    #[staticmethod]
    fn open(path: PathBuf) -> PyResult<Self> {
        Plan::open(&path).map(Self).map_err(|failure| GlassesError::new_err(failure.to_string()))
    }

    /// Reads a study from JSON.
    #[staticmethod]
    fn of(json: &str) -> PyResult<Self> {
        Plan::read_json(json).map(Self).map_err(|why| GlassesError::new_err(format!("The study can't be read: {why}.")))
    }

    /// In a line: how many values each axis has, and what is asked.
    fn describe(&self) -> String {
        self.0.describe()
    }

    /// Its axes: the keys, and the values as a link writes them.
    fn axes(&self) -> Vec<(&'static str, Vec<String>)> {
        self.0.axes().map(|(key, values)| (key, values.to_vec())).collect()
    }

    /// The parts of a report that it asks for; none, where it asks for all that apply.
    fn ask(&self) -> Vec<&'static str> {
        self.0.asked().iter().map(|topic| topic.part()).collect()
    }

    /// The first line of its rows.
    fn header(&self) -> String {
        self.0.header()
    }

    /// Its points: their links, and their values on the axes.
    fn points(&self) -> Vec<(String, Vec<String>)> {
        self.0.points().map(|point| (point.link, point.values)).collect()
    }

    /// About how many floating-point operations each point takes.
    fn cost(&self, py: Python<'_>) -> Vec<u64> {
        py.detach(|| self.0.points().map(|point| point.flop(self.0.asked())).collect())
    }

    /// Answers it on this machine: the rows in CSV without the first line, or nothing where they are in the file `out`.
    fn run(
        &self,
        py: Python<'_>,
        out: Option<PathBuf>,
        shard: &str,
        threads: Option<usize>,
        model: Option<Model>,
        tell: Option<Py<PyAny>>,
    ) -> PyResult<Option<String>> {
        let shard: Shard = shard.parse().map_err(|why| PyValueError::new_err(format!("shard is {why}")))?;
        let plan = &self.0;
        computed(py, move |signals| {
            let library = || library(model.as_ref());
            let (how, tell) = (How { shard, threads, library: &library }, Tell::new(tell));
            how.check(plan)?;
            let mine = how.count(plan);
            let go_on = |done| {
                tell.about(signals, done == mine, (done, mine));
                signals.are_silent()
            };
            let (rows, done) = match &out {
                Some(out) => (None, study::into_file(plan, out, &how, go_on)?),
                None => {
                    let mut rows = BTreeMap::new();
                    let done = study::run(plan, &how, &mut rows, go_on)?;
                    (Some(rows.into_values().collect()), done)
                }
            };
            if done == mine {
                return Ok(rows);
            }
            let kept = if out.is_some() { "They are kept: the same call goes on from there." } else { "Give out= to keep them." };
            Err(Failure::Answer(format!("Stopped behind {done} of {mine} points. {kept}")))
        })
    }
}

/// A point's rows in CSV, wherever it is answered. What keeps it from being answered is a row.
#[pyfunction]
pub fn study_rows(
    py: Python<'_>,
    index: usize,
    link: String,
    values: Vec<String>,
    ask: Vec<String>,
    model: Option<Model>,
) -> PyResult<String> {
    let asked = ask.iter().map(|word| topic(word)).collect::<Result<Vec<_>, _>>().map_err(PyValueError::new_err)?;
    computed(py, move |signals| Ok(Point { index, link, values }.rows(&asked, library(model.as_ref()), signals)))
}
