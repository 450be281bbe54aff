//! `cargo xtask bench --peers`: the engine beside other runtimes for transformers in a browser, which docs/performance.md tells of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{CPU, Module, document};
use crate::machine::chromium;
use crate::model;
use crate::step::{CargoStep, cargo, run, say};
use crate::test::browser;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

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
pub fn bench(workspace: &Workspace) -> Result<()> {
    let (tools, folder) = prepared(workspace)?;
    WEBGPU.write(workspace, &tools, &folder.join("webgpu"))?;
    let weights = folder.join("weights");
    fs::create_dir_all(&weights).with_context(|| format!("{} cannot be made", weights.display()))?;
    for model in document::read(workspace, MODELS)?.as_array().context("tests/bench/models.json holds no list")? {
        let file = weights.join(format!("{}.safetensors", document::text(model, "name")?));
        say("writing a model's weights", "seconds, or the build of the command line");
        run(cargo(&workspace.root)
            .args(["run", "--locked", "--quiet", "--package", "glasses-cli", "--", "weights", document::text(model, "link")?, "--out"])
            .arg(file))?;
    }
    say("every runtime in turns, in a browser", "20 minutes on two cores");
    measure(workspace, &[&folder, &workspace.root.join(MEASURED)])
}

/// The same of a language model, beside llama.cpp.
pub fn bench_language_model(workspace: &Workspace) -> Result<()> {
    let (_, folder) = prepared(workspace)?;
    let model = model::fetched(workspace)?;
    say("a language model in turns, in a browser", "5 minutes on two cores");
    measure(workspace, &[&folder, &workspace.root.join(LANGUAGE), &model])
}

/// What both need: the other runtimes, and our engine for the processor in a folder.
fn prepared(workspace: &Workspace) -> Result<(Toolbox, PathBuf)> {
    browser::install(workspace)?;
    browser::install_in(workspace, "tests/bench", "the other runtimes")?;
    let (tools, folder) = (Toolbox::ready(workspace)?, workspace.target.join("xtask/peers"));
    CPU.write(workspace, &tools, &folder.join("cpu"))?;
    Ok((tools, folder))
}

/// Runs the script that measures, and writes the page.
fn measure(workspace: &Workspace, arguments: &[&Path]) -> Result<()> {
    let folder = workspace.root.join("tests/browser");
    run(Command::new("node").arg("peers.mjs").args(arguments).current_dir(folder).env("CHROME", chromium::find()?))?;
    write(workspace)
}

/// The page, of what was measured last.
pub fn write(workspace: &Workspace) -> Result<()> {
    let page = workspace.root.join(document::PATH);
    fs::write(&page, document::of(&document::read(workspace, MEASURED)?, &document::read(workspace, LANGUAGE)?)?)
        .with_context(|| format!("{} cannot be written", page.display()))
}
