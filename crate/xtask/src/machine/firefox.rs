//! Finding a Firefox for the main journeys; on a bare Debian, installing one. Tests want it, and do without where there is none.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::browser::Browser;
use super::debian;
use crate::step::answer;

const FIREFOX: Browser = Browser {
    variable: "FIREFOX",
    names: &["firefox", "firefox-esr"],
    applications: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
    package: "firefox-esr",
};

/// What is said where there is none, so that nobody takes it for tested.
pub const MISSING: &str = "NOT RUN: the journeys in Firefox, for none was found (install it, or set FIREFOX to its program)";

/// The first of: what FIREFOX says, the PATH, the usual places.
pub fn find() -> Result<Option<PathBuf>> {
    Ok(FIREFOX.chosen()?.or_else(|| FIREFOX.installed().find(|program| is_firefox(program))))
}

/// Sees to it that there is one, with apt where that is ours to do; says so where there is none.
pub fn bring() -> Result<()> {
    if find()?.is_none()
        && let Err(error) = debian::install(&[FIREFOX.package])
    {
        eprintln!("  {error:#}");
    }
    if find()?.is_none() {
        eprintln!("  {MISSING}");
    }
    Ok(())
}

/// Some systems have a program of that name that only says how to install one.
fn is_firefox(program: &Path) -> bool {
    answer(Command::new(program).arg("--version")).is_ok_and(|version| version.contains("Firefox"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_firefox_is_not_taken_for_it() {
        assert!(!is_firefox(Path::new("false")));
        assert!(!is_firefox(Path::new("echo")));
        assert!(!is_firefox(Path::new("no-such-program")));
    }
}
