//! `cargo xtask bench --peers`: the engine beside other runtimes for transformers in a browser, which docs/performance.md tells of.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::{CPU, Module, document};
use crate::machine::chromium;
use crate::step::{CargoStep, cargo, run, say};
use crate::test::browser;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// What every run took, from which the document is made.
const MEASURED: &str = "tests/bench/peers.json";
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
    let chrome = chromium::find()?;
    browser::install(workspace)?;
    browser::install_in(workspace, "tests/bench", "the other runtimes")?;
    let (tools, folder) = (Toolbox::ready(workspace)?, workspace.target.join("xtask/peers"));
    CPU.write(workspace, &tools, &folder.join("cpu"))?;
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
    let measured = workspace.root.join(MEASURED);
    let folders = workspace.root.join("tests/browser");
    run(Command::new("node").arg("peers.mjs").args([&folder, &measured]).current_dir(folders).env("CHROME", chrome))?;
    write(workspace)
}

/// The page, of what was measured last.
pub fn write(workspace: &Workspace) -> Result<()> {
    let page = workspace.root.join(document::PATH);
    fs::write(&page, document::of(&document::read(workspace, MEASURED)?)?).with_context(|| format!("{} cannot be written", page.display()))
}
