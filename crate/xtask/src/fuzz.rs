//! `cargo xtask fuzz`: the fuzzers of tests/fuzz with new cases, for as long as is asked. `cargo xtask test` runs a few that are always the same.

use anyhow::Result;
use clap::Args;

use crate::step::{cargo, run, say};
use crate::workspace::Workspace;

/// How long.
#[derive(Args)]
pub struct Options {
    /// Minutes for all doors together
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

/// Builds the fuzzers with optimisation, and runs one after the other.
pub fn fuzz(workspace: &Workspace, options: &Options) -> Result<()> {
    say("fuzzing", &format!("{} minutes, and a build of some minutes the first time", options.minutes));
    run(cargo(&workspace.root)
        .args(["test", "--locked", "--release", "--package", "glasses-tests", "--test", "fuzz", "--", "--test-threads=1"])
        .env("GLASSES_FUZZ_MINUTES", options.minutes.to_string()))
}
