//! The programs that a build needs, each in one exact version, in a cache folder of our own.
//!
//! Nothing is put on anybody's PATH: a [`Toolbox`] hands the folders to child processes only.

mod install;
mod lockfile;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{answer, is_on_path, run, say};
use crate::workspace::Workspace;

/// One program from outside, as a row in [`TOOLS`].
struct Tool {
    /// Names the cache folder: `<name>-<version>`.
    name: &'static str,
    version: Version,
    installer: Installer,
    /// The program we are after; asked for `--version` before it is trusted.
    program: &'static str,
    /// How long an install takes on two cores.
    takes: &'static str,
}

/// Where a tool's version is written down.
enum Version {
    /// Here, and nowhere else.
    Pinned(&'static str),
    /// In Cargo.lock, as the version of this crate.
    OfLockedCrate(&'static str),
}

/// Who installs it.
enum Installer {
    /// `cargo install <package>`.
    Cargo { package: &'static str, settings: &'static [&'static str], environment: &'static [(&'static str, &'static str)] },
    /// `npm install <package>`, never running the package's scripts.
    Npm { package: &'static str },
}

/// These tools wait for other programs most of the time, or are done in seconds, so their own release profiles (fat link-time optimisation)
/// would be minutes spent on nothing.
const BARELY_OPTIMISED: &[(&str, &str)] =
    &[("CARGO_PROFILE_RELEASE_LTO", "off"), ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"), ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")];

const TOOLS: &[Tool] = &[
    Tool {
        name: "trunk",
        // 0.22 wants a newer compiler than rust-toolchain.toml names.
        version: Version::Pinned("0.21.14"),
        installer: Installer::Cargo {
            package: "trunk",
            // Without its lock file this version no longer compiles.
            settings: &["--locked"],
            environment: BARELY_OPTIMISED,
        },
        program: "trunk",
        takes: "about 3 minutes, once",
    },
    Tool {
        name: "wasm-bindgen",
        // Program and library speak a private format, so they must be the same version exactly.
        version: Version::OfLockedCrate("wasm-bindgen"),
        installer: Installer::Cargo {
            package: "wasm-bindgen-cli",
            // Not `--locked`: its lock file may name crate versions that a mirror lacks.
            settings: &[],
            environment: BARELY_OPTIMISED,
        },
        program: "wasm-bindgen",
        takes: "about 2 minutes, once",
    },
    Tool {
        name: "binaryen",
        // From npm because Debian's is too old for what today's Rust writes.
        version: Version::Pinned("132.0.0"),
        installer: Installer::Npm { package: "binaryen" },
        program: "wasm-opt",
        takes: "about 10 seconds, once",
    },
];

/// The tools, installed, and the PATH on which child processes find them first.
pub struct Toolbox {
    folders: Vec<PathBuf>,
    path: OsString,
}

impl Toolbox {
    /// Installs what is missing.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        require_wasm_target(workspace)?;
        let mut folders = Vec::new();
        for tool in TOOLS {
            folders.push(install::ready(workspace, tool, &tool.version(workspace)?)?);
        }
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = folders.iter().cloned().chain(env::split_paths(&inherited));
        let path = env::join_paths(all).context("the PATH cannot be extended")?;
        Ok(Self { folders, path })
    }

    /// One of the tools, ready to be given arguments.
    pub fn command(&self, program: &str) -> Command {
        let candidates = self.folders.iter().map(|folder| folder.join(program));
        let found = candidates.into_iter().find(|candidate| candidate.is_file());
        let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(program)));
        command.env("PATH", &self.path);
        command
    }
}

/// Names and versions of all tools, whether installed or not: they are part of what a build is.
pub fn versions(workspace: &Workspace) -> Result<Vec<String>> {
    let names = TOOLS.iter().map(|tool| Ok(format!("{} {}", tool.name, tool.version(workspace)?)));
    names.collect()
}

impl Tool {
    fn version(&self, workspace: &Workspace) -> Result<String> {
        match self.version {
            Version::Pinned(version) => Ok(version.to_owned()),
            Version::OfLockedCrate(name) => lockfile::version_of(workspace, name),
        }
    }
}

/// rustup brings the target by itself where it reads rust-toolchain.toml; other set-ups are asked.
pub fn require_wasm_target(workspace: &Workspace) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let installed = answer(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).current_dir(&workspace.root))?;
    if PathBuf::from(installed.trim()).is_dir() {
        return Ok(());
    }
    if !is_on_path("rustup") {
        bail!("Rust's target {TARGET} is missing: install Rust with rustup, or the target by hand");
    }
    say("adding Rust's target for the browser", "half a minute, once");
    run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(&workspace.root))
}
