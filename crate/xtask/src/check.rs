//! `cargo xtask check`: what can be said about the sources without running them.

use anyhow::Result;

use crate::bans;
use crate::site::licences;
use crate::step::{CargoStep, say};
use crate::tools;
use crate::workspace::Workspace;

/// Before everything that compiles.
const FORMAT: CargoStep = CargoStep { about: "formatting", takes: "a second", args: "fmt --all --check" };

/// Each set of features that is shipped or tested is linted, for the machine it runs on.
const LINTS: &[CargoStep] = &[
    CargoStep {
        about: "lints: what runs on this machine, tests too",
        takes: "2 minutes the first time",
        args: "clippy --locked --quiet --all-targets --features glasses-engine/webgpu -- -D warnings",
    },
    CargoStep {
        about: "lints: the page, in the browser",
        takes: "1 minute the first time",
        args: "clippy --locked --quiet --package glasses-page --target wasm32-unknown-unknown -- -D warnings",
    },
    CargoStep {
        about: "lints: the CPU engine, in the browser",
        takes: "1 minute the first time",
        args: "clippy --locked --quiet --package glasses-worker --bin worker_cpu --features cpu --target wasm32-unknown-unknown -- -D warnings",
    },
    CargoStep {
        about: "lints: the WebGPU engine, in the browser",
        takes: "2 minutes the first time",
        args: "clippy --locked --quiet --package glasses-worker --bin worker_webgpu --features webgpu --target wasm32-unknown-unknown -- -D warnings",
    },
    CargoStep {
        about: "lints: the Python package",
        takes: "3 minutes the first time",
        args: "clippy --locked --quiet --package glasses-python -- -D warnings",
    },
];

/// After the lints, which have fetched every crate that this and the licences ask cargo about.
const LAYERING: CargoStep = CargoStep {
    about: "layering: who may import whom",
    takes: "seconds",
    args: "test --locked --quiet --package xtask --test layering --test circles",
};

/// Quickest first.
pub fn check(workspace: &Workspace) -> Result<()> {
    say("own bans", "a second");
    bans::check(&workspace.root)?;
    FORMAT.run(workspace)?;
    tools::require_wasm_target(workspace)?;
    for lint in LINTS {
        lint.run(workspace)?;
    }
    say("licences of what is compiled in", "a second");
    licences::check(workspace)?;
    LAYERING.run(workspace)
}
