//! Reading one version out of Cargo.lock.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// The version of `name` in this repository's Cargo.lock.
pub fn version_of(workspace: &Workspace, name: &str) -> Result<String> {
    let text = fs::read_to_string(workspace.root.join("Cargo.lock")).context("Cargo.lock cannot be read: run `cargo generate-lockfile`")?;
    version_in(&text, name).with_context(|| format!("Cargo.lock does not hold `{name}` once"))
}

/// The version, if the lock file holds exactly one package of that name.
fn version_in(lock: &str, name: &str) -> Option<String> {
    let wanted = format!("name = \"{name}\"");
    let mut versions = lock.split("[[package]]").filter(|package| package.lines().any(|line| line == wanted)).filter_map(|package| {
        let line = package.lines().find_map(|line| line.strip_prefix("version = \""))?;
        line.strip_suffix('"')
    });
    let version = versions.next()?;
    versions.next().is_none().then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = ["wasm-bindgen-macro"]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn one_version_or_none() {
        assert_eq!(version_in(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(LOCK, "wasm-bindgen-cli"), None);
        assert_eq!(version_in(LOCK, "twice"), None, "two versions are no answer");
    }
}
