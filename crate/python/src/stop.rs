//! Ctrl-C while something is computed, and what Python hears in the meantime.

use glasses_engine::{Progress, Stopped};
use pyo3::call::PyCallArgs;
use pyo3::{Py, PyAny, PyErr, Python};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// How often Python is asked or told: often enough to feel at once, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(50);

/// Stops an answer once a signal handler of Python, or what Python was told by, has raised something.
#[derive(Default)]
pub struct Signals {
    asked: Cell<Option<Instant>>,
    raised: RefCell<Option<PyErr>>,
}

impl Signals {
    /// What was raised, if anything was.
    pub fn raised(self) -> Option<PyErr> {
        self.raised.into_inner()
    }

    /// Whether to go on.
    pub fn are_silent(&self) -> bool {
        if self.raised.borrow().is_some() {
            return false;
        }
        if is_due(&self.asked)
            && let Err(raised) = Python::attach(|py| py.check_signals())
        {
            self.raised.replace(Some(raised));
            return false;
        }
        true
    }
}

impl Progress for Signals {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        if self.are_silent() { Ok(()) } else { Err(Stopped) }
    }
}

/// A function of Python's that hears how far something is.
pub struct Tell {
    function: Option<Py<PyAny>>,
    told: Cell<Option<Instant>>,
}

impl Tell {
    pub fn new(function: Option<Py<PyAny>>) -> Self {
        Self { function, told: Cell::default() }
    }

    /// Tells it, unless it was told just now and this is not the last word.
    pub fn about(&self, signals: &Signals, is_last: bool, how_far: impl for<'py> PyCallArgs<'py>) {
        let Some(function) = &self.function else { return };
        if !is_due(&self.told) && !is_last {
            return;
        }
        // Where somebody presses Ctrl-C while Python runs, it is raised here.
        if let Err(raised) = Python::attach(|py| function.call1(py, how_far).map(drop)) {
            signals.raised.borrow_mut().get_or_insert(raised);
        }
    }
}

/// Whether the last time is long enough ago; if so, now is the last time.
fn is_due(last: &Cell<Option<Instant>>) -> bool {
    let now = Instant::now();
    let is_due = last.get().is_none_or(|last| now.duration_since(last) >= EVERY);
    if is_due {
        last.set(Some(now));
    }
    is_due
}
