//! Why a command could not be carried out.

use glasses_engine::experiment::NoAnswer;
use std::io;
use std::path::Path;

/// Why a command could not be carried out, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no answer.
    #[error("{0}")]
    Answer(String),
    /// The report that is drawn from was not asked for it.
    #[error("The report has no such answer.")]
    NotReported,
    /// Found out before anything was computed.
    #[error("{name} can't be written: {why}.")]
    Unwritable {
        /// The file.
        name: String,
        /// Why not, as half a sentence.
        why: String,
    },
    /// Found out while writing; what was there before is there still.
    #[error("{name} could not be written: {}.", words(error))]
    Unwritten {
        /// The file or stream.
        name: String,
        /// What the system says.
        error: io::Error,
    },
    /// A file that was named.
    #[error("{name} can't be read: {why}.")]
    Unreadable {
        /// The file.
        name: String,
        /// Why not, as half a sentence.
        why: String,
    },
    /// A training run ended before its end.
    #[error(transparent)]
    Training(#[from] glasses_engine::train::TrainingFailed),
    /// A number or text that JSON does not have.
    #[error("The answer could not be written as JSON: {0}.")]
    Json(#[from] serde_json::Error),
    /// Nobody reads the output any more, and nobody is told.
    #[error("the reader of the output has gone")]
    ClosedPipe,
    /// A signal asked to stop, and what there was is kept.
    #[error("{sentence}")]
    Stopped {
        /// The signal's number.
        signal: i32,
        /// What is kept, and how to go on.
        sentence: String,
    },
}

impl Failure {
    /// A file that can't be written.
    pub fn unwritable(path: &Path, why: impl Into<String>) -> Self {
        Self::Unwritable { name: path.display().to_string(), why: why.into() }
    }

    /// A file that can't be read.
    pub fn unreadable(path: &Path, why: impl Into<String>) -> Self {
        Self::Unreadable { name: path.display().to_string(), why: why.into() }
    }

    /// What could not be written to the end.
    pub fn unwritten(name: impl Into<String>, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Unwritten { name: name.into(), error },
        }
    }

    /// The same failure with one more sentence behind it.
    pub fn and(self, sentence: &str) -> Self {
        match self {
            Self::ClosedPipe | Self::Stopped { .. } => self,
            other => Self::Answer(format!("{other} {sentence}")),
        }
    }

    /// The signal that the program ends by, where it is one.
    pub fn signal(&self) -> Option<i32> {
        match self {
            // Rust's runtime ignores it, so that a write fails instead; other programs end by it at once.
            #[cfg(unix)]
            Self::ClosedPipe => Some(signal_hook::consts::SIGPIPE),
            Self::Stopped { signal, .. } => Some(*signal),
            _ => None,
        }
    }
}

impl From<NoAnswer> for Failure {
    fn from(why: NoAnswer) -> Self {
        Self::Answer(match why {
            NoAnswer::Stopped => "The answer was cancelled.".into(),
            NoAnswer::Failed(failure) => failure.to_string(),
        })
    }
}

/// What the system says, without its number for it.
pub fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).into()
}
