//! `cargo xtask test`: everything that must hold before a change is taken.

pub mod browser;

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

/// One part of the whole.
type Part = fn(&Place) -> Result<()>;

/// In order; the first that fails ends the run.
const PARTS: &[(&str, Part)] = &[
    ("prepare", prepare),
    ("check", check),
    ("native tests", native),
    ("site", build_if_changed),
    ("sizes", size),
    ("browser tests", browser::test),
    ("journeys in Firefox", browser::test_in_firefox),
];

/// Runs all parts and ends with a list of how long each took.
pub fn test(place: &Place) -> Result<()> {
    let mut summary = String::new();
    for (name, part) in PARTS {
        eprintln!("━━ {name}");
        let started = Instant::now();
        part(place).with_context(|| (*name).to_owned())?;
        summary += &format!("{:>8.1} s  {name}\n", started.elapsed().as_secs_f64());
    }
    let mut missing = Vec::new();
    if firefox::find()?.is_none() {
        missing.push(firefox::MISSING);
    }
    if !model::is_there(place) {
        missing.push(model::MISSING);
    }
    match missing.is_empty() {
        true => println!("{summary}everything passed"),
        false => println!("{summary}everything that ran passed\n{}", missing.join("\n")),
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

fn native(place: &Place) -> Result<()> {
    NATIVE.iter().try_for_each(|step| step.run(place))
}
