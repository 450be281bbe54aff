//! A run as a terminal shows it: with a bar, else a line for each step that is kept.

use super::Watch;
use crate::print;
use glasses_engine::{Progress, Stopped};
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;

/// Shows a run, and goes on for as long as `progress` says so.
pub struct Terminal<'a, P> {
    progress: &'a P,
    bar: ProgressBar,
    /// Whether the bar knows where the run began.
    has_begun: Cell<bool>,
}

impl<'a, P: Progress> Terminal<'a, P> {
    pub fn new(progress: &'a P) -> Self {
        let bar = ProgressBar::new(0).with_style(
            ProgressStyle::with_template("{bar:32} {pos}/{len} steps, {per_sec}, {eta} left, loss {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self { progress, bar, has_begun: Cell::new(false) }
    }

    /// Where the run was stopped.
    pub fn stopped(&self) -> String {
        self.bar.abandon();
        format!("Stopped behind step {} of {}.", self.bar.position(), self.bar.length().unwrap_or_default())
    }
}

impl<P: Progress> Watch for Terminal<'_, P> {
    fn passed(&self, done: usize, of: usize, loss: f64, is_kept: bool) {
        if !self.has_begun.replace(true) {
            self.bar.set_length(of as u64);
            self.bar.set_position(done as u64);
            self.bar.reset_eta();
        }
        if done > 0 {
            self.bar.set_message(format!("{loss:.4}"));
        }
        self.bar.set_position(done as u64);
        if is_kept && self.bar.is_hidden() {
            print::note(format!("step {done} of {of}, loss {}", self.bar.message()));
        }
    }

    fn note(&self, sentence: &str) {
        // What is said once all steps are taken stands below a bar that stays.
        if self.has_begun.get() && !self.bar.is_finished() {
            self.bar.abandon();
        }
        print::note(sentence);
    }
}

impl<P: Progress> Progress for Terminal<'_, P> {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        self.progress.step(done).await
    }
}

impl<P> Drop for Terminal<'_, P> {
    fn drop(&mut self) {
        if !self.bar.is_finished() {
            self.bar.abandon();
        }
    }
}
