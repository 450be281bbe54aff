//! The Python package: its wheel is built and installed as its users do it, into an environment of its own, and its tests run there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::step::{run, say};
use crate::workspace::Workspace;

/// What is said where it can't be tested.
pub const MISSING: &str = "NOT RUN: the tests of the Python package, for Python 3.10 or newer with venv, or pip’s network, was not found";

/// Builds, installs and tests the package; says why not, where this machine can't.
pub fn test(workspace: &Workspace) -> Result<Option<&'static str>> {
    let environment = workspace.target.join("xtask/python");
    if !begin(&environment)? {
        eprintln!("  {MISSING}");
        return Ok(Some(MISSING));
    }
    let package = workspace.root.join("crate/python");
    let pip = || program(&environment, "pip");
    let quietly = ["install", "--quiet", "--disable-pip-version-check", "--constraint"];
    let versions = package.join("tests/constraints.txt");
    let tools = pip().args(quietly).arg(&versions).args(["maturin", "numpy", "safetensors", "pytest", "pandas", "xarray"]).status();
    if !tools.is_ok_and(|status| status.success()) {
        eprintln!("  {MISSING}");
        return Ok(Some(MISSING));
    }
    // What is not had is not tested, and pytest says so.
    for optional in [&["anywidget", "tqdm", "dask[distributed]", "matplotlib", "ipykernel", "nbclient", "pyarrow"][..], &["ray"]] {
        if !pip().args(quietly).arg(&versions).args(optional).stderr(Stdio::null()).status()?.success() {
            eprintln!("  not installed, so what needs them is not tested: {}", optional.join(", "));
        }
    }
    say("the Python package", "5 minutes the first time on two cores");
    run(pip().args(quietly).arg(&versions).args(["--no-build-isolation", "--no-deps", "--force-reinstall"]).arg(&package))?;
    run(program(&environment, "python")
        .args(["-m", "pytest", "--quiet", "-rs", "-p", "no:cacheprovider"])
        .arg(package.join("tests"))
        .current_dir(&environment)
        .env("GLASSES_CLI", command_line(workspace)))?;
    Ok(None)
}

/// The command line that the native tests have built.
fn command_line(workspace: &Workspace) -> std::path::PathBuf {
    workspace.target.join("debug").join(format!("glasses-cli{}", std::env::consts::EXE_SUFFIX))
}

/// Makes an environment, where this machine has a Python for it.
fn begin(environment: &Path) -> Result<bool> {
    const IS_NEW_ENOUGH: &str = "import sys; sys.exit(sys.version_info < (3, 10))";
    let is_there = Command::new("python3").args(["-c", IS_NEW_ENOUGH]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !is_there {
        return Ok(false);
    }
    if environment.exists() {
        fs::remove_dir_all(environment).with_context(|| format!("{} cannot be removed", environment.display()))?;
    }
    let made = Command::new("python3").args(["-m", "venv"]).arg(environment).stdout(Stdio::null()).stderr(Stdio::null()).status();
    Ok(made.is_ok_and(|status| status.success()))
}

/// A program of the environment, which finds the others beside it (maturin among them).
fn program(environment: &Path, name: &str) -> Command {
    let folder = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(folder.clone()).chain(std::env::split_paths(&inherited))).unwrap_or(inherited);
    let mut command = Command::new(folder.join(name));
    command.env("PATH", path);
    command
}
