//! Ctrl-C while something is computed.

use glasses_engine::{Progress, Stopped};
use pyo3::{PyErr, Python};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// How often Python is asked: often enough to feel at once, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(50);

/// Stops an answer once a signal handler of Python has raised something.
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
}

impl Progress for Signals {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        let now = Instant::now();
        if self.asked.get().is_some_and(|asked| now.duration_since(asked) < EVERY) {
            return Ok(());
        }
        self.asked.set(Some(now));
        Python::attach(|py| py.check_signals()).map_err(|raised| {
            self.raised.replace(Some(raised));
            Stopped
        })
    }
}
