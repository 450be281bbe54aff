//! Installing one tool into the cache, so that a folder with its final name is always complete.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::{Installer, Tool};
use crate::step::{cargo, is_on_path, run, say};
use crate::workspace::Workspace;

/// The folder with the tool's programs, after installing it where it is missing or broken.
pub fn ready(workspace: &Workspace, tool: &Tool, version: &str) -> Result<PathBuf> {
    let folder = workspace.cache.join(format!("{}-{version}", tool.name));
    if works(tool, version, &folder) {
        return Ok(tool.programs(&folder));
    }

    let _lock = lock(&workspace.cache)?;
    // Whoever held the lock may have installed it meanwhile.
    if !works(tool, version, &folder) {
        say(&format!("installing {} {version}", tool.name), tool.takes);
        // A name that nobody looks for, until everything is in place: an install that was
        // interrupted is never taken for a finished one.
        let partial = workspace.cache.join(format!("{}-{version}.partial", tool.name));
        remove(&partial)?;
        remove(&folder)?;
        tool.install(workspace, version, &partial)?;
        if !works(tool, version, &partial) {
            bail!("{} {version} was installed, but `{} --version` does not answer with that version", tool.name, tool.program);
        }
        fs::rename(&partial, &folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    }
    Ok(tool.programs(&folder))
}

impl Tool {
    fn install(&self, workspace: &Workspace, version: &str, folder: &Path) -> Result<()> {
        match self.installer {
            Installer::Cargo { package, settings, environment } => {
                // Kept beside the result, and off a temporary folder that may lie in memory.
                let build = folder.join("build");
                run(cargo(&workspace.root)
                    .args(["install", "--quiet", "--root"])
                    .arg(folder)
                    .args(settings)
                    .arg(format!("{package}@{version}"))
                    .envs(environment.iter().copied())
                    .env("CARGO_TARGET_DIR", &build))?;
                remove(&build)
            }
            Installer::Npm { package } => {
                if !is_on_path("npm") {
                    bail!("npm is missing: install Node.js 20 or newer (nodejs.org)");
                }
                run(Command::new("npm")
                    .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
                    .args(["--loglevel", "error", "--prefix"])
                    .arg(folder)
                    .arg(format!("{package}@{version}")))
            }
        }
    }

    /// Where the installer puts programs.
    fn programs(&self, folder: &Path) -> PathBuf {
        match self.installer {
            Installer::Cargo { .. } => folder.join("bin"),
            Installer::Npm { .. } => folder.join("node_modules/.bin"),
        }
    }
}

/// Whether the program is there, starts, and says that it is the version we asked for.
fn works(tool: &Tool, version: &str, folder: &Path) -> bool {
    let output = Command::new(tool.programs(folder).join(tool.program)).arg("--version").stderr(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success() && says(&String::from_utf8_lossy(&output.stdout), version))
}

/// Whether `answer` names `version`. Binaryen's programs say only the first of the three numbers.
fn says(answer: &str, version: &str) -> bool {
    let short = version.strip_suffix(".0.0").unwrap_or(version);
    answer.split_whitespace().any(|word| word == version || word == short)
}

/// One install at a time for all checkouts; held until the returned file is dropped.
fn lock(cache: &Path) -> Result<File> {
    let unusable = || format!("the cache folder {} cannot be used", cache.display());
    fs::create_dir_all(cache).with_context(unusable)?;
    let file = File::create(cache.join("lock")).with_context(unusable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            say("waiting for another install of tools to finish", "minutes");
            file.lock().with_context(unusable)?;
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(unusable),
    }
    Ok(file)
}

/// Removes a folder; one that is not there is fine.
fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(|| format!("{} cannot be removed", folder.display())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_whole_words() {
        for (answer, version, expected) in [
            ("trunk 0.21.14", "0.21.14", true),
            ("trunk 0.21.14", "0.21.1", false),
            ("wasm-opt version 132 (version_132)", "132.0.0", true),
            ("wasm-opt version 1320", "132.0.0", false),
            ("", "0.21.14", false),
        ] {
            assert_eq!(says(answer, version), expected, "{answer}");
        }
    }
}
