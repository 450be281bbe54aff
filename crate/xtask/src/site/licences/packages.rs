//! The packages that are compiled into the site, as cargo tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::step::{answer, cargo};
use crate::workspace::Workspace;

/// What is linked into the page and the two engines: not what only compiles them, macros among it.
const TREE: &str = "tree --locked --package glasses-page --package glasses-worker \
                    --features glasses-worker/cpu,glasses-worker/webgpu --target wasm32-unknown-unknown \
                    --edges normal,no-proc-macro --prefix none --format {p}";

/// Everything that any of our crates could use, with the folders they are in.
const METADATA: &str = "metadata --locked --format-version 1 --filter-platform wasm32-unknown-unknown";

/// A package of other people.
#[derive(Default)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// An expression of SPDX identifiers; empty where the package names only a file.
    pub licence: String,
    /// Their names, without addresses.
    pub authors: Vec<String>,
    pub repository: Option<String>,
    /// Where its source lies.
    pub folder: PathBuf,
}

/// All of them, by name and version.
pub fn compiled_in(workspace: &Workspace) -> Result<Vec<Package>> {
    let ask = |arguments: &str| answer(cargo(&workspace.root).args(arguments.split_whitespace()));
    let known = known(&ask(METADATA)?)?;
    select(&ask(TREE)?, known)
}

/// The lines of `cargo tree`: `name v1.0.0`, and more where the package is ours or stands there again.
fn select(tree: &str, mut known: BTreeMap<(String, String), Package>) -> Result<Vec<Package>> {
    let lines = tree.lines().filter(|line| !line.contains(" (/") && !line.contains(":\\"));
    let names: BTreeSet<_> = lines.filter_map(|line| line.split_once(" v")).collect();
    let mut packages = BTreeMap::new();
    for (name, rest) in names {
        let version = rest.split_whitespace().next().unwrap_or_default();
        let key = (name.to_owned(), version.to_owned());
        if let Some(package) = known.remove(&key) {
            packages.insert(key, package);
        } else if !packages.contains_key(&key) {
            anyhow::bail!("cargo does not tell of {name} {version} what it is");
        }
    }
    Ok(packages.into_values().collect())
}

fn known(metadata: &str) -> Result<BTreeMap<(String, String), Package>> {
    let metadata: Value = serde_json::from_str(metadata).context("what `cargo metadata` printed")?;
    let packages = metadata["packages"].as_array().context("`cargo metadata` named no packages")?;
    Ok(packages.iter().map(package).map(|package| ((package.name.clone(), package.version.clone()), package)).collect())
}

fn package(value: &Value) -> Package {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let authors = value["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Package {
        name: text("name").unwrap_or_default(),
        version: text("version").unwrap_or_default(),
        licence: text("license").unwrap_or_default(),
        authors: authors.map(|author| author.split('<').next().unwrap_or(author).trim().to_owned()).collect(),
        repository: text("repository"),
        folder: text("manifest_path").and_then(|path| Path::new(&path).parent().map(Path::to_path_buf)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{"packages": [
        {"name": "a", "version": "1.0.0", "license": "MIT", "authors": ["Ada <ada@example.org>"], "repository": null, "manifest_path": "/r/a-1.0.0/Cargo.toml"},
        {"name": "a", "version": "2.0.0", "license": null, "authors": [], "repository": "https://a", "manifest_path": "/r/a-2.0.0/Cargo.toml"},
        {"name": "unused", "version": "1.0.0", "license": "GPL-3.0-only", "authors": [], "repository": null, "manifest_path": "/r/u/Cargo.toml"}
    ]}"#;

    #[test]
    fn what_is_in_the_tree_is_told_once_and_ours_is_left_out() {
        let tree = "glasses-page v0.1.0 (/somewhere/crate/page)\na v2.0.0\na v1.0.0\na v1.0.0 (*)\n\nglasses-x v0.1.0 (/somewhere) (*)\n";
        let packages = select(tree, known(METADATA).unwrap()).unwrap();
        let names: Vec<_> = packages.iter().map(|package| format!("{} {} `{}`", package.name, package.version, package.licence)).collect();
        assert_eq!(names, ["a 1.0.0 `MIT`", "a 2.0.0 ``"]);
        assert_eq!(packages[0].authors, ["Ada"]);
        assert_eq!(packages[0].folder, Path::new("/r/a-1.0.0"));
    }

    #[test]
    fn a_package_that_is_not_known_is_an_error() {
        assert!(select("b v1.0.0\n", known(METADATA).unwrap()).is_err());
    }
}
