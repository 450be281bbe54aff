//! The native half of the Python package `glasses`: what the command line does, as functions that give texts and bytes.
//!
//! Python's lock is free while anything is computed, and Ctrl-C stops it. What is made of the texts and bytes (arrays with names) is
//! Python's: see crate/python/python/glasses.

mod computed;
mod model;
mod stop;
mod study;
mod training;

use computed::{GlassesError, computed};
use glasses_cli::draw::document;
use glasses_cli::language::open_with;
use glasses_cli::sheet::{PIXEL_RATIO, Sheet, WIDTH};
use glasses_contract::drawing::{Drawing, Side};
use glasses_contract::{Choice, Config, open};
use glasses_engine::{Engine, device};
use glasses_plots::{Style, Theme};
use model::{Model, library};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Everything that can be said about a link, as the JSON of docs/report.md.
#[pyfunction]
fn report(py: Python<'_>, link: String, model: Option<Model>) -> PyResult<String> {
    computed(py, move |signals| {
        let report = glasses_cli::report::answer(&link, library(model.as_ref())?, signals)?;
        Ok(serde_json::to_string(&report)?)
    })
}

/// The link's last tokens at every n: the values of n, and two arrays of f32 in the machine's byte order with their shapes.
#[pyfunction]
#[expect(clippy::type_complexity, reason = "Python takes the tuple apart at once")]
fn representations(
    py: Python<'_>,
    link: String,
    model: Option<Model>,
) -> PyResult<(Vec<usize>, (Py<PyBytes>, Vec<usize>), (Py<PyBytes>, Vec<usize>))> {
    let (last, model) = computed(py, move |signals| {
        let library = library(model.as_ref())?;
        let (config, ..) = open_with(&link, &library)?;
        let mut engine = Engine::with_library(device::cpu(), library);
        let last = pollster::block_on(engine.representations(&config, signals))?;
        Ok((last, config.model.clone()))
    })?;
    let bytes = |numbers: &[f32]| PyBytes::new(py, &numbers.iter().flat_map(|number| number.to_ne_bytes()).collect::<Vec<u8>>()).unbind();
    let [of_stages, of_heads] = last.shapes(&model);
    let (stages, heads) = ((bytes(&last.stages), of_stages), (bytes(&last.heads), of_heads));
    Ok((last.n, stages, heads))
}

/// The weights of a link's model, as a safetensors file.
#[pyfunction]
fn weights(py: Python<'_>, link: String, model: Option<Model>) -> PyResult<Py<PyBytes>> {
    let bytes = computed(py, move |_| Ok(glasses_cli::weights::safetensors(&link, &library(model.as_ref())?)?.0))?;
    Ok(PyBytes::new(py, &bytes).unbind())
}

/// One of the page's figures for a link, as an SVG document.
#[pyfunction]
#[pyo3(signature = (link, figure, model=None, width=WIDTH, height=None, theme="light"))]
fn draw(
    py: Python<'_>,
    link: String,
    figure: &str,
    model: Option<Model>,
    width: u32,
    height: Option<u32>,
    theme: &str,
) -> PyResult<String> {
    let drawing: Drawing = chosen("figure", figure)?;
    let side: Side = chosen("theme", theme)?;
    for (name, pixels) in [("width", Some(width)), ("height", height)] {
        if pixels.is_some_and(|pixels| !(100..=4000).contains(&pixels)) {
            return Err(PyValueError::new_err(format!("{name} is a number of CSS pixels from 100 to 4000")));
        }
    }
    computed(py, move |signals| {
        let library = library(model.as_ref())?;
        let (config, ..) = open_with(&link, &library)?;
        let style = Style::new(Theme::of(side), PIXEL_RATIO);
        document(&config, drawing, library, &Sheet { width, height, style }, signals).map(|(document, _)| document)
    })
}

/// The table of controls, as JSON: every key of a link, what it does and what it takes.
#[pyfunction]
fn controls() -> String {
    glasses_cli::controls::json().to_string()
}

/// The words and labels of the page's figures.
#[pyfunction]
fn figures() -> Vec<(&'static str, &'static str)> {
    Drawing::WORDS.iter().map(|entry| (entry.word, entry.help)).collect()
}

/// A link in its shortest form, and what was replaced in it: the key, and a sentence about it.
#[pyfunction]
fn canonical(link: &str) -> (String, Vec<(String, String)>) {
    let (experiment, frame, warnings) = open::admitted(link);
    let link = open::encode(&Config { experiment: experiment.into_inner(), frame });
    (link, warnings.into_iter().map(|warning| (warning.key.to_string(), warning.sentence.to_string())).collect())
}

/// A choice by its word.
fn chosen<T: Choice + Default>(name: &str, word: &str) -> PyResult<T> {
    T::from_word(word).ok_or_else(|| {
        let words: Vec<_> = T::WORDS.iter().map(|entry| entry.word).collect();
        PyValueError::new_err(format!("{name} is one of {}, not {word:?}", words.join(", ")))
    })
}

/// The module.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("GlassesError", module.py().get_type::<GlassesError>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(report, module)?)?;
    module.add_function(wrap_pyfunction!(representations, module)?)?;
    module.add_function(wrap_pyfunction!(weights, module)?)?;
    module.add_function(wrap_pyfunction!(draw, module)?)?;
    module.add_function(wrap_pyfunction!(controls, module)?)?;
    module.add_function(wrap_pyfunction!(figures, module)?)?;
    module.add_function(wrap_pyfunction!(canonical, module)?)?;
    module.add_function(wrap_pyfunction!(training::train, module)?)?;
    module.add_class::<study::StudyPlan>()?;
    module.add_function(wrap_pyfunction!(study::study_rows, module)?)
}
