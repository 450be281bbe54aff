//! `cargo xtask bench --peers`: the engine beside other runtimes for transformers in a browser, which docs/performance.md tells of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{CPU, Module, document};
use crate::machine::chromium;
use crate::model;
use crate::place::Place;
use crate::step::{CargoStep, cargo, run, say};
use crate::test::browser;
use crate::tools::Toolbox;

/// What every run took, from which the document is made.
const MEASURED: &str = "tests/bench/peers.json";
/// The same of a language model.
const LANGUAGE: &str = "tests/bench/language.json";
/// The shapes that are measured, each with the link of its model.
const MODELS: &str = "tests/bench/models.json";

const WEBGPU: Module = Module {
    build: CargoStep {
        about: "building the benchmark page for graphics processors",
        takes: "10 minutes the first time",
        args: "build --locked --profile webgpu --package glasses-bench --bin bench_page --no-default-features --features webgpu \
               --target wasm32-unknown-unknown",
    },
    profile: "webgpu",
    optimise: "-Os",
};

/// Builds, installs, exports the weights, measures in turns, and writes what came out.
pub fn bench(place: &Place) -> Result<()> {
    let (tools, folder) = prepared(place)?;
    WEBGPU.write(place, &tools, &folder.join("webgpu"))?;
    let weights = folder.join("weights");
    fs::create_dir_all(&weights).with_context(|| format!("{} cannot be made", weights.display()))?;
    for model in document::read(place, MODELS)?.as_array().context("tests/bench/models.json holds no list")? {
        let file = weights.join(format!("{}.safetensors", document::text(model, "name")?));
        say("writing a model's weights", "seconds, or the build of the command line");
        run(cargo(&place.root)
            .args(["run", "--locked", "--quiet", "--package", "glasses-cli", "--", "weights", document::text(model, "link")?, "--out"])
            .arg(file))?;
    }
    say("every runtime in turns, in a browser", "20 minutes on two cores");
    measure(place, &[&folder, &place.root.join(MEASURED)])
}

/// The same of a language model, beside llama.cpp.
pub fn bench_language_model(place: &Place) -> Result<()> {
    let (_, folder) = prepared(place)?;
    let model = model::fetched(place)?;
    say("a language model in turns, in a browser", "5 minutes on two cores");
    measure(place, &[&folder, &place.root.join(LANGUAGE), &model])
}

/// What both need: the other runtimes, and our engine for the processor in a folder.
fn prepared(place: &Place) -> Result<(Toolbox, PathBuf)> {
    browser::install(place)?;
    browser::install_in(place, "tests/bench", "the other runtimes")?;
    let (tools, folder) = (Toolbox::ready(place)?, place.target.join("xtask/peers"));
    CPU.write(place, &tools, &folder.join("cpu"))?;
    Ok((tools, folder))
}

/// Runs the script that measures, and writes the page.
fn measure(place: &Place, arguments: &[&Path]) -> Result<()> {
    let folder = place.root.join("tests/browser");
    run(Command::new("node").arg("peers.mjs").args(arguments).current_dir(folder).env("CHROME", chromium::find()?))?;
    write(place)
}

/// The page, of what was measured last.
pub fn write(place: &Place) -> Result<()> {
    let page = place.root.join(document::PATH);
    fs::write(&page, document::of(&document::read(place, MEASURED)?, &document::read(place, LANGUAGE)?)?).with_context(|| format!("{} cannot be written", page.display()))
}
