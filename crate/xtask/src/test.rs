//! `cargo xtask test`: everything that must hold before a change is taken.

pub mod browser;
mod python;

use std::time::Instant;

use anyhow::{Context, Result};

use crate::build::build_if_changed;
use crate::check::check;
use crate::machine::{chromium, firefox};
use crate::model;
use crate::size::size;
use crate::step::CargoStep;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// Tests that run on this machine, one row per set of features.
const NATIVE: &[CargoStep] = &[
    CargoStep { about: "native tests", takes: "8 minutes the first time on two cores", args: "test --locked --quiet" },
    CargoStep { about: "the worker's own tests", takes: "seconds", args: "test --locked --quiet --package glasses-worker --features cpu" },
    CargoStep { about: "the page's own tests", takes: "2 minutes the first time", args: "test --locked --quiet --package glasses-page" },
];

/// One part of the whole; it says why it could not run on this machine, where it could not.
type Part = fn(&Workspace) -> Result<Option<&'static str>>;

/// In order; the first that fails ends the run.
const PARTS: &[(&str, Part)] = &[
    ("prepare", |workspace| prepare(workspace).map(|()| None)),
    ("check", |workspace| check(workspace).map(|()| None)),
    ("native tests", native),
    ("Python package", python::test),
    ("site", |workspace| build_if_changed(workspace).map(|()| None)),
    ("sizes", |workspace| size(workspace).map(|()| None)),
    ("browser tests", |workspace| browser::test(workspace).map(|()| None)),
    ("journeys in Firefox", browser::test_in_firefox),
];

/// Runs all parts and ends with a list of how long each took.
pub fn test(workspace: &Workspace) -> Result<()> {
    let (mut summary, mut missing) = (String::new(), Vec::new());
    for (name, part) in PARTS {
        eprintln!("━━ {name}");
        let started = Instant::now();
        missing.extend(part(workspace).with_context(|| (*name).to_owned())?);
        summary += &format!("{:>8.1} s  {name}\n", started.elapsed().as_secs_f64());
    }
    match missing.as_slice() {
        [] => println!("{summary}everything passed"),
        missing => println!("{summary}everything that ran passed\n{}", missing.join("\n")),
    }
    Ok(())
}

/// What is missing on this machine is said, or brought, in the first minutes and not in the last.
fn prepare(workspace: &Workspace) -> Result<()> {
    chromium::find()?;
    firefox::bring()?;
    browser::install(workspace)?;
    model::bring(workspace);
    Toolbox::ready(workspace).map(drop)
}

/// Runs them all; of a language model nothing is asked where its file is missing.
fn native(workspace: &Workspace) -> Result<Option<&'static str>> {
    NATIVE.iter().try_for_each(|step| step.run(workspace))?;
    Ok((!model::is_there(workspace)).then_some(model::MISSING))
}
