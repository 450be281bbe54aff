//! Running other programs: said beforehand, and a failure is one clear sentence.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// One call of cargo, as a row in a table.
pub struct CargoStep {
    /// What it does, for the line said before it.
    pub about: &'static str,
    /// How long it takes on two cores, first time and after.
    pub takes: &'static str,
    /// What follows `cargo`, separated by spaces.
    pub args: &'static str,
}

impl CargoStep {
    /// Runs the row in the repository.
    pub fn run(&self, workspace: &Workspace) -> Result<()> {
        say(self.about, self.takes);
        run(cargo(&workspace.root).args(self.args.split_whitespace()))
    }
}

/// Says what comes next and about how long it takes.
pub fn say(what: &str, takes: &str) {
    eprintln!("▸ {what} ({takes})");
}

/// The cargo that runs this program, so that a build never mixes two toolchains.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}

/// Runs to the end with output passed through; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let started = Instant::now();
    let line = as_typed(command);
    let status = command.status().with_context(|| cannot_start(&line))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    eprintln!("  done in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Runs quietly and returns what the program printed.
pub fn answer(command: &mut Command) -> Result<String> {
    let line = as_typed(command);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().with_context(|| cannot_start(&line))?;
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` did not print text"))
}

/// Whether a program of this name can be started from the PATH.
pub fn is_on_path(program: &str) -> bool {
    find_on_path(program).is_some()
}

/// The first executable of this name on the PATH.
pub fn find_on_path(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// The command as somebody would type it, for messages.
fn as_typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

fn cannot_start(line: &str) -> String {
    format!("`{line}` cannot be started")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_one_sentence() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(format!("{error:#}"), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(format!("{error:#}").starts_with("`no-such-program` cannot be started"));
    }

    #[test]
    fn the_path_is_searched() {
        assert!(is_on_path("sh"));
        assert!(!is_on_path("no-such-program"));
    }
}
