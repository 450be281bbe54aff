//! The only place that writes to the standard streams, so that no reader who goes away and no full disk is a panic.

use crate::failure::Failure;
use std::fmt::Display;
use std::io::{self, Write};

/// Writes to the standard output, all of it or a failure.
pub fn print(text: &str) -> Result<(), Failure> {
    to(io::stdout().lock(), "The standard output", text.as_bytes())
}

/// Writes to one of the standard streams, past whatever holds lines back.
pub fn to(mut stream: impl Write, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    stream.write_all(bytes).and_then(|()| stream.flush()).map_err(|error| Failure::unwritten(name, error))
}

/// Says something beside the answer, on the error stream. Where nobody can hear it, the work goes on all the same.
pub fn note(sentence: impl Display) {
    // As one piece, for other programs may write to the same terminal.
    let _ = io::stderr().write_all(format!("{sentence}\n").as_bytes());
}

/// What clap has to say: help and version on the standard output, mistakes on the error stream.
pub fn clap(said: &clap::Error) -> Result<(), Failure> {
    let printed = said.print().and_then(|()| io::stdout().flush());
    match printed {
        Err(error) if !said.use_stderr() => Err(Failure::unwritten("The standard output", error)),
        _ => Ok(()),
    }
}
