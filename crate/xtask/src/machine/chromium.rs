//! Finding a Chromium for the browser tests; on a bare Debian, installing one.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::browser::Browser;
use super::{debian, existing};
use crate::workspace::home;

const CHROMIUM: Browser = Browser {
    variable: "CHROME",
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    applications: &["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"],
    package: "chromium",
};

/// Playwright's own folders below the home folder, and the program in each of its
/// `chromium-<revision>` folders.
const PLAYWRIGHT_CACHES: &[&str] = &[".cache/ms-playwright", "Library/Caches/ms-playwright"];
const PLAYWRIGHT_PROGRAMS: &[&str] = &[
    "chrome-linux64/chrome",
    "chrome-linux/chrome",
    "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
];

/// The first of: what CHROME says, the PATH, the usual places, Playwright's cache, apt.
pub fn find() -> Result<PathBuf> {
    if let Some(found) = CHROMIUM.chosen()?.or_else(installed) {
        return Ok(found);
    }
    if debian::install(&[CHROMIUM.package])?
        && let Some(found) = installed()
    {
        return Ok(found);
    }
    bail!("no Chromium was found: install Chromium or Chrome, or set CHROME to its program");
}

fn installed() -> Option<PathBuf> {
    CHROMIUM.installed().next().or_else(in_playwright_cache)
}

fn in_playwright_cache() -> Option<PathBuf> {
    let home = home().ok()?;
    let chosen = env::var_os("PLAYWRIGHT_BROWSERS_PATH").map(PathBuf::from);
    let caches = chosen.into_iter().chain(PLAYWRIGHT_CACHES.iter().map(|cache| home.join(cache)));
    caches.into_iter().find_map(|cache| newest_in(&cache))
}

fn newest_in(cache: &Path) -> Option<PathBuf> {
    let folders = cache.read_dir().ok()?.filter_map(Result::ok);
    let mut revisions: Vec<(u32, PathBuf)> = folders
        .filter_map(|folder| {
            let name = folder.file_name();
            let revision = name.to_str()?.strip_prefix("chromium-")?.parse().ok()?;
            Some((revision, folder.path()))
        })
        .collect();
    revisions.sort();
    let programs = |(_, folder): (u32, PathBuf)| existing(PLAYWRIGHT_PROGRAMS.iter().map(|program| folder.join(program)));
    revisions.into_iter().rev().find_map(programs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_newest_of_playwrights_browsers_is_taken() {
        let scratch = Scratch::new("playwright");
        for path in [
            "chromium-999/chrome-linux/chrome",
            "chromium-1200/chrome-linux64/chrome",
            "chromium-1300/INSTALLATION_INCOMPLETE",
            "chromium_headless_shell-1200/chrome-linux/headless_shell",
            "firefox-1500/firefox/firefox",
        ] {
            scratch.write(path, "");
        }
        let newest = scratch.path().join("chromium-1200/chrome-linux64/chrome");
        assert_eq!(newest_in(scratch.path()), Some(newest));
        assert_eq!(newest_in(&scratch.path().join("nowhere")), None);
    }
}
