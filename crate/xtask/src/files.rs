//! The files of the project: everything in the repository that git is not told to ignore.
//!
//! Read from `.gitignore` rather than asked of git, so that an unpacked source archive works too.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::relative;

/// All files of the project as (path relative to `root`), sorted.
pub fn project_files(root: &Path) -> Result<Vec<String>> {
    let ignore_file = root.join(".gitignore");
    let text = fs::read_to_string(&ignore_file).with_context(|| format!("{} cannot be read", ignore_file.display()))?;
    let ignored = Ignored::parse(&text)?;
    let mut found = Vec::new();
    walk(root, root, &|path| !ignored.holds(path), &mut found)?;
    found.sort();
    Ok(found)
}

/// All files under `folder`, relative to it, sorted.
pub fn all_files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    walk(folder, folder, &|_| true, &mut found)?;
    found.sort();
    Ok(found)
}

/// Whether `path` fits `pattern`, which holds one `*` at the most.
pub fn fits(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, end)) => path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end),
    }
}

/// The two forms of a `.gitignore` line that this project uses.
struct Ignored {
    /// `/dist`: this path, counted from the top.
    paths: Vec<String>,
    /// `__pycache__`: a file or folder of this name, anywhere.
    names: Vec<String>,
}

impl Ignored {
    fn parse(text: &str) -> Result<Self> {
        let mut ignored = Self { paths: Vec::new(), names: vec![".git".to_owned()] };
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.contains(['*', '!', '?', '[']) {
                bail!("`{line}` in .gitignore: crate/xtask/src/files.rs only reads /path and name");
            }
            let line = line.trim_end_matches('/');
            match line.strip_prefix('/') {
                Some(path) => ignored.paths.push(path.to_owned()),
                None => ignored.names.push(line.to_owned()),
            }
        }
        Ok(ignored)
    }

    fn holds(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.paths.iter().any(|ignored| ignored == path) || self.names.iter().any(|ignored| ignored == name)
    }
}

/// Depth first; links are not followed, for what they point at is no part of the project.
fn walk(root: &Path, folder: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<String>) -> Result<()> {
    let unreadable = || format!("{} cannot be read", folder.display());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let path: PathBuf = entry.path();
        let name = relative(root, &path);
        if !wanted(&name) {
            continue;
        }
        let kind = entry.file_type().with_context(unreadable)?;
        if kind.is_dir() {
            walk(root, &path, wanted, found)?;
        } else if kind.is_file() {
            found.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_ignoring_are_read() {
        let ignored = Ignored::parse("# a comment\n/dist\n__pycache__\n\n/tests/browser/results/\n");
        let ignored = ignored.unwrap();
        for (path, expected) in [
            ("dist", true),
            ("www/dist", false),
            ("tests/reference/__pycache__", true),
            ("tests/browser/results", true),
            (".git", true),
            ("crate", false),
        ] {
            assert_eq!(ignored.holds(path), expected, "{path}");
        }
    }

    #[test]
    fn a_form_that_is_not_understood_is_refused() {
        assert!(Ignored::parse("*.log").is_err());
    }
}
