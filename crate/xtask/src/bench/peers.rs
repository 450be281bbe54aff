//! `cargo xtask bench --peers`: the engine beside other runtimes for transformers in a browser, which docs/performance.md tells of.

use std::env::consts::EXE_EXTENSION;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{CPU, Module, document, starts};
use crate::machine::chromium;
use crate::model;
use crate::step::{CargoStep, cargo, run, say};
use crate::test::browser;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// What is measured of the tiny models: its name in tests/browser/peers.mjs, and where what every run took is kept, from which the document is made.
struct Set {
    name: &'static str,
    measured: &'static str,
}

const TINY: Set = Set { name: "tiny", measured: "tests/bench/peers.json" };
const HARDWARE: Set = Set { name: "hardware", measured: "tests/bench/hardware.json" };
/// The same of a language model.
const LANGUAGE: &str = "tests/bench/language.json";
/// The same natively, beside PyTorch.
const PYTORCH: &str = "tests/bench/pytorch.json";
/// From an empty cache to the first number.
const STARTS: &str = "tests/bench/starts.json";
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

/// The engine by itself for this machine's graphics processor, which tests/bench/pytorch.py asks.
const NATIVE: CargoStep = CargoStep {
    about: "building the engine for this machine's graphics processor",
    takes: "10 minutes the first time",
    args: "build --locked --release --package glasses-bench --bin bench_page --no-default-features --features webgpu",
};

/// Builds, installs, exports the weights, measures in turns, and writes what came out: with a software adapter, or with that of this machine's driver.
pub fn bench(workspace: &Workspace, on_hardware: bool) -> Result<()> {
    let set = if on_hardware { HARDWARE } else { TINY };
    let folder = prepared_for_both_devices(workspace)?;
    say("every runtime in turns, in a browser", "20 minutes on two cores");
    measure(workspace, "peers.mjs", &[Path::new(set.name), &folder, &workspace.root.join(set.measured)])
}

/// Starts in a browser of its own each, with a software adapter.
pub fn bench_starts(workspace: &Workspace) -> Result<()> {
    let folder = prepared_for_both_devices(workspace)?;
    say("every runtime from an empty cache, in turns", "10 minutes on two cores");
    measure(workspace, "starts.mjs", &[&folder, &workspace.root.join(STARTS)])
}

/// The engine natively beside PyTorch, on a graphics processor that both know.
pub fn bench_pytorch(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target.join("xtask/peers");
    NATIVE.run(workspace)?;
    let weights = weights(workspace, &folder)?;
    say("the engine and PyTorch in turns", "2 minutes");
    let program = workspace.target.join("release/bench_page").with_extension(EXE_EXTENSION);
    run(Command::new("python3")
        .arg(workspace.root.join("tests/bench/pytorch.py"))
        .arg(program)
        .arg(weights)
        .arg(workspace.root.join(PYTORCH)))?;
    write(workspace)
}

/// The weights of what is measured, in a folder.
fn weights(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let weights = folder.join("weights");
    fs::create_dir_all(&weights).with_context(|| format!("{} cannot be made", weights.display()))?;
    for model in document::read(workspace, MODELS)?.as_array().context("tests/bench/models.json holds no list")? {
        let file = weights.join(format!("{}.safetensors", document::text(model, "name")?));
        say("writing a model's weights", "seconds, or the build of the command line");
        run(cargo(&workspace.root)
            .args(["run", "--locked", "--quiet", "--package", "glasses-cli", "--", "weights", document::text(model, "link")?, "--out"])
            .arg(file))?;
    }
    Ok(weights)
}

/// The same of a language model, beside llama.cpp.
pub fn bench_language_model(workspace: &Workspace) -> Result<()> {
    let (_, folder) = prepared(workspace)?;
    let model = model::fetched(workspace)?;
    say("a language model in turns, in a browser", "5 minutes on two cores");
    measure(workspace, "peers.mjs", &[Path::new("language"), &folder, &workspace.root.join(LANGUAGE), &model])
}

/// What both need: the other runtimes, and our engine for the processor in a folder.
fn prepared(workspace: &Workspace) -> Result<(Toolbox, PathBuf)> {
    browser::install(workspace)?;
    browser::install_in(workspace, "tests/bench", "the other runtimes")?;
    let (tools, folder) = (Toolbox::ready(workspace)?, workspace.target.join("xtask/peers"));
    CPU.write(workspace, &tools, &folder.join("cpu"))?;
    Ok((tools, folder))
}

/// The same with our engine for graphics processors, and the weights of what is measured.
fn prepared_for_both_devices(workspace: &Workspace) -> Result<PathBuf> {
    let (tools, folder) = prepared(workspace)?;
    WEBGPU.write(workspace, &tools, &folder.join("webgpu"))?;
    weights(workspace, &folder)?;
    Ok(folder)
}

/// Runs a script that measures, and writes the page.
fn measure(workspace: &Workspace, script: &str, arguments: &[&Path]) -> Result<()> {
    let folder = workspace.root.join("tests/browser");
    run(Command::new("node").arg(script).args(arguments).current_dir(folder).env("CHROME", chromium::find()?))?;
    write(workspace)
}

/// The page, of what was measured last.
pub fn write(workspace: &Workspace) -> Result<()> {
    let page = workspace.root.join(document::PATH);
    fs::write(&page, document_of(workspace)?).with_context(|| format!("{} cannot be written", page.display()))
}

fn document_of(workspace: &Workspace) -> Result<String> {
    let measured = |path| document::read(workspace, path);
    document::of(&document::Measured {
        tiny: measured(TINY.measured)?,
        hardware: measured(HARDWARE.measured)?,
        native: measured(PYTORCH)?,
        starts: starts::section(&measured(STARTS)?)?,
        language: measured(LANGUAGE)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_was_measured() {
        let workspace = Workspace::find().unwrap();
        let written = fs::read_to_string(workspace.root.join(document::PATH)).unwrap();
        assert!(
            written == document_of(&workspace).unwrap(),
            "docs/performance.md is not edited: `cargo xtask bench --peers --page` writes it"
        );
    }
}
