//! `cargo xtask bench`: how fast the engine is, natively and in a browser, and how fast the page is. Ratios within one run are what counts.

mod document;
mod growth;
mod peers;
mod starts;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::machine::chromium;
use crate::step::{CargoStep, run, say};
use crate::test::browser;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// What is measured.
#[derive(Args)]
pub struct Options {
    /// Other runtimes beside the engine, in one browser, in place of everything else: writes tests/bench/peers.json and docs/performance.md
    #[arg(long, group = "document")]
    peers: bool,
    /// With --peers: on this machine's graphics processor, WebGPU alone: writes tests/bench/hardware.json and docs/performance.md
    #[arg(long, requires = "peers")]
    hardware: bool,
    /// The engine natively beside PyTorch, on a graphics processor that both know, in place of everything else: writes tests/bench/pytorch.json and docs/performance.md
    #[arg(long, group = "document")]
    pytorch: bool,
    /// From an empty cache to the first number, beside other runtimes, in place of everything else: writes tests/bench/starts.json and docs/performance.md
    #[arg(long, group = "document")]
    starts: bool,
    /// A language model beside llama.cpp, in one browser, in place of everything else: writes tests/bench/language.json and docs/performance.md
    #[arg(long, group = "document")]
    language_model: bool,
    /// How time and memory grow with tokens, width, layers and heads, in a browser, in place of everything else: writes tests/bench/growth.json and docs/growth.md
    #[arg(long, group = "document")]
    growth: bool,
    /// Measures nothing, and writes docs/performance.md or docs/growth.md of what was measured
    #[arg(long, requires = "document")]
    page: bool,
}

/// What is built and run, one row per program.
const NATIVE: CargoStep = CargoStep {
    about: "benchmarks on this machine",
    takes: "10 minutes on two cores",
    args: "bench --locked --package glasses-bench --bench native",
};

/// The engine for a device as a module for the browser, built as the site's is: see index.html.
struct Module {
    build: CargoStep,
    profile: &'static str,
    optimise: &'static str,
}

const CPU: Module = Module {
    build: CargoStep {
        about: "building the benchmark page",
        takes: "5 minutes the first time",
        args: "build --locked --release --package glasses-bench --bin bench_page --target wasm32-unknown-unknown",
    },
    profile: "release",
    optimise: "-O3",
};

/// Measures the engine and the page in a browser, then the engine natively; or other runtimes beside it.
pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    match options {
        Options { growth: true, page: true, .. } => return growth::write(workspace),
        Options { growth: true, .. } => return growth::bench(workspace),
        Options { page: true, .. } => return peers::write(workspace),
        Options { peers: true, hardware, .. } => return peers::bench(workspace, *hardware),
        Options { pytorch: true, .. } => return peers::bench_pytorch(workspace),
        Options { language_model: true, .. } => return peers::bench_language_model(workspace),
        Options { starts: true, .. } => return peers::bench_starts(workspace),
        Options { peers: false, language_model: false, pytorch: false, starts: false, page: false, growth: false, hardware: _ } => {}
    }
    in_browser(workspace)?;
    page(workspace)?;
    NATIVE.run(workspace)
}

/// How long the site takes to open, and to answer a key.
fn page(workspace: &Workspace) -> Result<()> {
    crate::build::build(workspace)?;
    say("opening the page and typing, in a browser", "1 minute");
    run(Command::new("node").arg("pace.mjs").current_dir(workspace.root.join("tests/browser")).env("CHROME", chromium::find()?))
}

/// The page of tests/bench in a folder of its own, opened by a script of the browser tests, which prints what it says.
fn in_browser(workspace: &Workspace) -> Result<()> {
    let chrome = chromium::find()?;
    browser::install(workspace)?;
    let folder = workspace.target.join("xtask/bench");
    CPU.write(workspace, &Toolbox::ready(workspace)?, &folder)?;
    let page = folder.join("index.html");
    fs::copy(workspace.root.join("tests/bench/index.html"), &page).with_context(|| format!("{} cannot be written", page.display()))?;
    say("benchmarks in the browser", "4 minutes");
    run(Command::new("node").arg("bench.mjs").arg(&folder).current_dir(workspace.root.join("tests/browser")).env("CHROME", chrome))
}

impl Module {
    /// Builds it, and leaves `bench_page.js` and what that loads in a folder.
    fn write(&self, workspace: &Workspace, tools: &Toolbox, folder: &Path) -> Result<()> {
        self.build.run(workspace)?;
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let module = workspace.target.join("wasm32-unknown-unknown").join(self.profile).join("bench_page.wasm");
        run(tools.command("wasm-bindgen").args(["--target", "web", "--no-typescript", "--out-dir"]).arg(folder).arg(module))?;
        let optimised = folder.join("bench_page_bg.wasm");
        run(tools
            .command("wasm-opt")
            .arg(self.optimise)
            .args(["--enable-bulk-memory", "--enable-mutable-globals", "--enable-multivalue", "--enable-nontrapping-float-to-int"])
            .args(["--enable-reference-types", "--enable-sign-ext", "--enable-simd", "-o"])
            .arg(&optimised)
            .arg(&optimised))
    }
}
