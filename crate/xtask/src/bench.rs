//! `cargo xtask bench`: how fast the engine is, natively and in a browser, and how fast the page is. Ratios within one run are what counts.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::machine::chromium;
use crate::place::Place;
use crate::step::{CargoStep, run, say};
use crate::test::browser;
use crate::tools::Toolbox;

/// What is built and run, one row per program.
const NATIVE: CargoStep = CargoStep {
    about: "benchmarks on this machine",
    takes: "10 minutes on two cores",
    args: "bench --locked --package glasses-bench --bench native",
};
const PAGE: CargoStep = CargoStep {
    about: "building the benchmark page",
    takes: "5 minutes the first time",
    args: "build --locked --release --package glasses-bench --bin bench_page --target wasm32-unknown-unknown",
};

/// Measures the engine and the page in a browser, then the engine natively.
pub fn bench(place: &Place) -> Result<()> {
    in_browser(place)?;
    page(place)?;
    NATIVE.run(place)
}

/// How long the site takes to open, and to answer a key.
fn page(place: &Place) -> Result<()> {
    crate::build::build(place)?;
    say("opening the page and typing, in a browser", "1 minute");
    run(Command::new("node").arg("pace.mjs").current_dir(place.root.join("tests/browser")).env("CHROME", chromium::find()?))
}

/// The page of tests/bench in a folder of its own, opened by a script of the browser tests, which prints what it says.
fn in_browser(place: &Place) -> Result<()> {
    let chrome = chromium::find()?;
    browser::install(place)?;
    let tools = Toolbox::ready(place)?;
    PAGE.run(place)?;
    let folder = place.target.join("xtask/bench");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let page = folder.join("index.html");
    fs::copy(place.root.join("tests/bench/index.html"), &page).with_context(|| format!("{} cannot be written", page.display()))?;
    let module = place.target.join("wasm32-unknown-unknown/release/bench_page.wasm");
    run(tools.command("wasm-bindgen").args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(module))?;
    let optimised = folder.join("bench_page_bg.wasm");
    // As the CPU engine is built: see index.html.
    run(tools
        .command("wasm-opt")
        .args(["-O3", "--enable-bulk-memory", "--enable-mutable-globals", "--enable-multivalue", "--enable-nontrapping-float-to-int"])
        .args(["--enable-reference-types", "--enable-sign-ext", "--enable-simd", "-o"])
        .arg(&optimised)
        .arg(&optimised))?;
    say("benchmarks in the browser", "4 minutes");
    run(Command::new("node").arg("bench.mjs").arg(&folder).current_dir(place.root.join("tests/browser")).env("CHROME", chrome))
}
