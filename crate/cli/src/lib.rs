//! What the command line does, one file a command, for its program and for the Python package: the same engine, the same links, the same
//! numbers.

// What prints by itself panics where the stream is closed or full: `print` does not.
#![warn(clippy::print_stderr)]

pub mod archive;
pub mod controls;
mod cores;
pub mod draw;
pub mod failure;
pub mod gallery;
mod input;
pub mod language;
mod lock;
mod output;
pub mod print;
pub mod report;
pub mod sheet;
pub mod shipped;
mod stop;
pub mod study;
mod table;
pub mod tokens;
pub mod train;
pub mod weights;

use glasses_contract::config::Frame;
use glasses_contract::{Admitted, Warning};

/// Reads a link and says on the error stream what was made of it.
fn open(link: &str) -> (Admitted, Frame, Vec<Warning>) {
    let (experiment, frame, warnings) = glasses_contract::open::admitted(link);
    note_all(&warnings);
    (experiment, frame, warnings)
}

/// Says on the error stream what there is to know beside an answer.
fn note_all(warnings: &[Warning]) {
    for warning in warnings {
        print::note(format!("note: {warning}"));
    }
}
