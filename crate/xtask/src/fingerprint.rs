//! Whether the site in dist/ is what the sources say: one number over all that goes into a build.
//!
//! The standard library's hasher may change with a new compiler; all that costs is one more build.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

use crate::files;

/// What can change the site: files, and folders with everything in them. Manifests and settings
/// stand here too, and the versions of the tools are added by the caller.
const INPUTS: &[&str] = &[
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/",
    "crate/contract/",
    "crate/engine/",
    "crate/plots/",
    "crate/worker/",
    "crate/page/",
    "crate/xtask/src/site.rs",
    "crate/xtask/src/site/",
    "www/",
];

/// The number over everything a build reads: [`INPUTS`] and `extra` (versions of tools).
pub fn of_inputs(root: &Path, extra: &[String]) -> Result<String> {
    let inputs = files::project_files(root)?;
    let inputs = inputs.into_iter().filter(|path| is_input(path));
    let mut hasher = DefaultHasher::new();
    for text in extra {
        feed(&mut hasher, text.as_bytes());
    }
    of_files(hasher, root, inputs)
}

/// The number over everything that lies in `folder`.
pub fn of_folder(folder: &Path) -> Result<String> {
    of_files(DefaultHasher::new(), folder, files::all_files(folder)?)
}

fn is_input(path: &str) -> bool {
    INPUTS.iter().any(|input| match input.strip_suffix('/') {
        Some(_) => path.starts_with(input),
        None => path == *input,
    })
}

fn of_files(mut hasher: DefaultHasher, root: &Path, paths: impl IntoIterator<Item = String>) -> Result<String> {
    for path in paths {
        let content = fs::read(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        feed(&mut hasher, path.as_bytes());
        feed(&mut hasher, &content);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// The length goes first, so that "ab" + "c" and "a" + "bc" differ.
fn feed(hasher: &mut DefaultHasher, bytes: &[u8]) {
    hasher.write_usize(bytes.len());
    hasher.write(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn fingerprint(scratch: &Scratch, tools: &str) -> String {
        of_inputs(scratch.path(), &[tools.to_owned()]).unwrap()
    }

    #[test]
    fn inputs_and_tools_count_and_nothing_else_does() {
        let scratch = Scratch::new("inputs");
        scratch.write(".gitignore", "/dist\n");
        scratch.write("www/a.css", "a {}");
        let before = fingerprint(&scratch, "trunk 1");

        scratch.write("docs/story.md", "a story");
        assert_eq!(fingerprint(&scratch, "trunk 1"), before, "docs are no input");
        assert_ne!(fingerprint(&scratch, "trunk 2"), before, "another tool");

        scratch.write("www/a.css", "b {}");
        assert_ne!(fingerprint(&scratch, "trunk 1"), before, "another content");
        scratch.write("www/a.css", "a {}");
        assert_eq!(fingerprint(&scratch, "trunk 1"), before, "the first content again");

        fs::remove_file(scratch.path().join("www/a.css")).unwrap();
        scratch.write("www/b.css", "a {}");
        assert_ne!(fingerprint(&scratch, "trunk 1"), before, "another name");
    }

    #[test]
    fn folders_are_matched_by_whole_names() {
        assert!(is_input("crate/page/src/main.rs"));
        assert!(is_input("Cargo.lock"));
        assert!(is_input("crate/xtask/src/site/policy.rs"));
        assert!(!is_input("crate/pages/src/main.rs"));
        assert!(!is_input("tests/Cargo.toml"));
        assert!(!is_input("crate/xtask/src/main.rs"));
    }
}
