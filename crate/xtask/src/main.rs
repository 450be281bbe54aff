//! The command line a contributor types: `cargo xtask serve`, `build`, `publish`, `check`, `size`, `test`, `fuzz`, `bench`, `model`.
//!
//! One file per command, and below them what they share: [`step`] runs other programs and says so,
//! [`tools`] and [`machine`] bring what those programs need. Adding a command is a row in [`Command`].
#![allow(clippy::print_stdout, reason = "results go to standard output, progress to standard error")]

mod bench;
mod build;
mod check;
mod fuzz;
mod model;
mod publish;
mod serve;
mod size;
mod test;

mod bans;
mod files;
mod fingerprint;
mod machine;
#[cfg(test)]
mod scratch;
mod site;
mod step;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Build, look at and check Glasses.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site where something changed, and serve it on this machine
    Serve(serve::Options),
    /// Build the release site into dist/
    Build,
    /// Build the site, hold it against its budgets, and leave it in a folder for any static host
    Publish(publish::Options),
    /// Format, lints, own bans and layering: the fast part of `test`
    Check,
    /// Sizes of everything in dist/, held against the budgets
    Size,
    /// Everything: check, native tests, site, sizes, browser tests
    Test,
    /// New cases for the fuzzers of everything that comes in from outside, for as long as is asked
    Fuzz(fuzz::Options),
    /// How fast the engine is, in a browser and natively
    Bench(bench::Options),
    /// Fetch a language model, SmolLM2-135M-Instruct, into the cache folder, and print where it is
    Model,
}

fn main() -> ExitCode {
    let command = CommandLine::parse().command;
    let outcome = Workspace::find().and_then(|workspace| match command {
        Command::Serve(options) => serve::serve(&workspace, &options),
        Command::Build => build::build(&workspace),
        Command::Publish(options) => publish::publish(&workspace, &options),
        Command::Check => check::check(&workspace),
        Command::Size => size::size(&workspace),
        Command::Test => test::test(&workspace),
        Command::Fuzz(options) => fuzz::fuzz(&workspace, &options),
        Command::Bench(options) => bench::bench(&workspace, &options),
        Command::Model => model::model(&workspace),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // `{:#}` puts the whole chain of causes on one line.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
