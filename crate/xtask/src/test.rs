//! `cargo xtask test`: everything that must hold before a change is taken.

pub mod browser;
mod python;

use std::time::Instant;

use anyhow::{Context, Result};

use crate::build::build_if_changed;
use crate::check::check;
use crate::machine::{chromium, firefox};
use crate::model;
use crate::place::Place;
use crate::size::size;
use crate::step::CargoStep;
use crate::tools::Toolbox;

/// Tests that run on this machine, one row per set of features.
const NATIVE: &[CargoStep] = &[
    CargoStep { about: "native tests", takes: "8 minutes the first time on two cores", args: "test --locked --quiet" },
    CargoStep { about: "the worker's own tests", takes: "seconds", args: "test --locked --quiet --package glasses-worker --features cpu" },
    CargoStep { about: "the page's own tests", takes: "2 minutes the first time", args: "test --locked --quiet --package glasses-page" },
];

/// One part of the whole; it says why it could not run on this machine, where it could not.
type Part = fn(&Place) -> Result<Option<&'static str>>;

/// In order; the first that fails ends the run.
const PARTS: &[(&str, Part)] = &[
    ("prepare", |place| prepare(place).map(|()| None)),
    ("check", |place| check(place).map(|()| None)),
    ("native tests", native),
    ("Python package", python::test),
    ("site", |place| build_if_changed(place).map(|()| None)),
    ("sizes", |place| size(place).map(|()| None)),
    ("browser tests", |place| browser::test(place).map(|()| None)),
    ("journeys in Firefox", browser::test_in_firefox),
];

/// Runs all parts and ends with a list of how long each took.
pub fn test(place: &Place) -> Result<()> {
    let (mut summary, mut missing) = (String::new(), Vec::new());
    for (name, part) in PARTS {
        eprintln!("━━ {name}");
        let started = Instant::now();
        missing.extend(part(place).with_context(|| (*name).to_owned())?);
        summary += &format!("{:>8.1} s  {name}\n", started.elapsed().as_secs_f64());
    }
    match missing.as_slice() {
        [] => println!("{summary}everything passed"),
        missing => println!("{summary}everything that ran passed\n{}", missing.join("\n")),
    }
    Ok(())
}

/// What is missing on this machine is said, or brought, in the first minutes and not in the last.
fn prepare(place: &Place) -> Result<()> {
    chromium::find()?;
    firefox::bring()?;
    browser::install(place)?;
    model::bring(place);
    Toolbox::ready(place).map(drop)
}

/// Runs them all; of a language model nothing is asked where its file is missing.
fn native(place: &Place) -> Result<Option<&'static str>> {
    NATIVE.iter().try_for_each(|step| step.run(place))?;
    Ok((!model::is_there(place)).then_some(model::MISSING))
}
