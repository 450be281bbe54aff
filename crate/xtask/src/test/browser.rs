//! The browser tests of tests/browser: Playwright's in a Chromium, the main journeys in a Firefox, both of which are already here.

use std::net::TcpListener;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::machine::{chromium, firefox};
use crate::step::{is_on_path, run, say};
use crate::workspace::Workspace;

/// Installs what drives the browsers exactly as its lock file says; it never downloads a browser.
pub fn install(workspace: &Workspace) -> Result<()> {
    install_in(workspace, "tests/browser", "the browser tests' packages")
}

/// The same for another folder with a lock file.
pub fn install_in(workspace: &Workspace, folder: &str, what: &str) -> Result<()> {
    if !is_on_path("npm") {
        bail!("npm is missing: install Node.js 20 or newer (nodejs.org)");
    }
    say(&format!("installing {what}"), "seconds");
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--prefer-offline", "--loglevel", "error"])
        .current_dir(workspace.root.join(folder)))
}

/// Runs all specs. Playwright starts `cargo xtask serve` by itself: see playwright.config.mjs.
pub fn test(workspace: &Workspace) -> Result<()> {
    say("tests in the browser, without WebGPU and with it", "minutes");
    run(Command::new("npx")
        .args(["--no-install", "playwright", "test"])
        .current_dir(workspace.root.join("tests/browser"))
        .env("CHROME", chromium::find()?)
        .env("GLASSES_PORT", free_port()?.to_string()))
}

/// Runs the main journeys, which serve the built site themselves; where there is no Firefox, says so.
pub fn test_in_firefox(workspace: &Workspace) -> Result<Option<&'static str>> {
    let Some(firefox) = firefox::find()? else {
        eprintln!("  {}", firefox::MISSING);
        return Ok(Some(firefox::MISSING));
    };
    say("the main journeys in Firefox", "a minute");
    run(Command::new("npm")
        .args(["run", "--silent", "firefox"])
        .current_dir(workspace.root.join("tests/browser"))
        .env("FIREFOX", firefox))?;
    Ok(None)
}

/// A port that nobody listens on now.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}
