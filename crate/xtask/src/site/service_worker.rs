//! The service worker, with the name and the SHA-256 of every file of the site in it: www/service-worker.js says what it does.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;

use super::sha256;
use crate::files::{all_files, fits};
use crate::workspace::Workspace;

/// Its name on the site, which no build changes: a browser asks for it again by that name.
pub const NAME: &str = "service-worker.js";

/// What waits, as the lists of the script have it; all else is there after the first visit. `*` stands for anything.
const WAITING: &[(&str, &[&str])] = &[
    ("IN_IDLE", &["weights/*", "gallery/*", "recorded/*", "icons/*", "licences.html"]),
    ("ON_DEMAND", &["worker_webgpu*", "preview.png"]),
];

/// The list of all else.
const AT_ONCE: &str = "AT_ONCE";

/// Writes it into dist/, whose files are final by now.
pub fn write(workspace: &Workspace) -> Result<()> {
    let dist = &workspace.dist;
    let mut lists: BTreeMap<&str, BTreeMap<String, String>> = WAITING.iter().map(|(list, _)| (*list, BTreeMap::new())).collect();
    for name in all_files(dist)?.into_iter().filter(|name| name != NAME) {
        if !name.chars().all(|character| character.is_ascii_alphanumeric() || "._-/".contains(character)) {
            bail!("`{name}` is no name for a file of the site: an address would write it in another way");
        }
        let content = fs::read(dist.join(&name)).with_context(|| format!("{name} cannot be read"))?;
        lists.entry(list_of(&name)).or_default().insert(name, HEXLOWER.encode(&sha256(&content)));
    }
    let template = super::read(&workspace.root.join("www").join(NAME))?;
    let script = lists.iter().try_fold(template, |script, (list, digests)| with_list(&script, list, digests))?;
    super::write(&dist.join(NAME), &script)
}

/// The list that a file stands in.
fn list_of(name: &str) -> &'static str {
    WAITING.iter().find(|(_, patterns)| patterns.iter().any(|pattern| fits(pattern, name))).map_or(AT_ONCE, |(list, _)| list)
}

/// The script with a list of names and digests in the place of its empty one.
fn with_list(script: &str, list: &str, digests: &BTreeMap<String, String>) -> Result<String> {
    let empty = format!("const {list} = {{}};");
    let Some((before, after)) = script.split_once(&empty) else {
        bail!("www/{NAME} has no `{empty}`");
    };
    let rows: String = digests.iter().map(|(name, digest)| format!("  '{name}': '{digest}',\n")).collect();
    Ok(format!("{before}const {list} = {{\n{rows}}};{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn site(name: &str) -> (Scratch, Workspace) {
        let scratch = Scratch::new(name);
        let workspace = scratch.workspace();
        scratch.write("www/service-worker.js", include_str!("../../../../www/service-worker.js"));
        scratch.write("dist/index.html", "abc");
        scratch.write("dist/weights/a.safetensors", "numbers");
        scratch.write("dist/worker_webgpu-0_bg.wasm", "code");
        (scratch, workspace)
    }

    fn written(workspace: &Workspace) -> String {
        write(workspace).unwrap();
        crate::site::read(&workspace.dist.join(NAME)).unwrap()
    }

    #[test]
    fn every_file_is_listed_once_with_its_digest() {
        let (_scratch, workspace) = site("worker");
        let script = written(&workspace);
        // FIPS 180-2, appendix B.1.
        let page = "const AT_ONCE = {\n  'index.html': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',\n};";
        assert!(script.contains(page), "{script}");
        assert!(script.contains("const IN_IDLE = {\n  'weights/a.safetensors': '"), "{script}");
        assert!(script.contains("const ON_DEMAND = {\n  'worker_webgpu-0_bg.wasm': '"), "{script}");
        assert_eq!(written(&workspace), script, "what it is itself does not matter");
    }

    #[test]
    fn another_content_is_another_version() {
        let (scratch, workspace) = site("versions");
        let first = written(&workspace);
        scratch.write("dist/weights/a.safetensors", "other numbers");
        assert_ne!(written(&workspace), first);
    }

    #[test]
    fn a_name_that_an_address_would_change_is_refused() {
        let (scratch, workspace) = site("names");
        scratch.write("dist/a b.js", "");
        assert!(write(&workspace).is_err());
    }
}
