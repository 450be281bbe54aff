//! `cargo xtask publish`: the site in a folder, ready for any static host.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::build::build_if_changed;
use crate::files::all_files;
use crate::model;
use crate::site::preview;
use crate::size::size;
use crate::workspace::Workspace;

/// Where to.
#[derive(Args)]
pub struct Options {
    /// A folder that is empty or not there yet; without it, dist/ in the repository
    folder: Option<PathBuf>,
    /// Where the site will stand, https://…: what shows a preview of a link asks for its picture by the whole address
    #[arg(long, requires = "folder", value_parser = site_address)]
    address: Option<String>,
    /// Put the language model there too, which adds 98 MB: without it, the page opens one from a reader's disk only
    #[arg(long)]
    with_model: bool,
}

/// Builds where needed, holds the site against its budgets, and puts it where it is wanted.
pub fn publish(workspace: &Workspace, options: &Options) -> Result<()> {
    // First, because it is better said before a long build than after it.
    if let Some(folder) = &options.folder {
        require_empty(folder)?;
    }
    build_if_changed(workspace)?;
    size(workspace)?;
    let folder = match &options.folder {
        Some(folder) => {
            copy(&workspace.dist, folder)?;
            folder.clone()
        }
        None => workspace.dist.clone(),
    };
    if let Some(address) = &options.address {
        preview::name_address(&Workspace { dist: folder.clone(), ..workspace.clone() }, address)?;
    }
    if options.with_model {
        model::publish(workspace, &folder)?;
    }
    println!("{} is the site: any host of static files will do, at its top or in a folder of it, best over https", folder.display());
    Ok(())
}

fn require_empty(folder: &Path) -> Result<()> {
    if folder.exists() && folder.read_dir().with_context(|| format!("{} cannot be read", folder.display()))?.next().is_some() {
        bail!("{} is not empty: name a folder that is, so that nothing of an older site stays in it", folder.display());
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for name in all_files(from)? {
        let target = to.join(&name);
        let unwritable = || format!("{} cannot be written", target.display());
        fs::create_dir_all(target.parent().unwrap_or(to)).with_context(unwritable)?;
        fs::copy(from.join(&name), &target).with_context(unwritable)?;
    }
    Ok(())
}

/// An address of a folder, as a value of an attribute.
fn site_address(text: &str) -> Result<String, String> {
    let is_plain = !text.chars().any(|character| character.is_whitespace() || "\"<>&?#".contains(character));
    match text.split_once("://") {
        Some(("http" | "https", host)) if is_plain && !host.is_empty() => Ok(format!("{}/", text.trim_end_matches('/'))),
        _ => Err("it is no address of a folder such as https://example.org/glasses/".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_site_is_copied_whole_and_never_over_something() {
        let scratch = Scratch::new("publish");
        scratch.write("dist/index.html", "page");
        scratch.write("dist/weights/a.json", "{}");
        let (dist, target) = (scratch.path().join("dist"), scratch.path().join("new/site"));
        require_empty(&target).unwrap();
        copy(&dist, &target).unwrap();
        assert_eq!(all_files(&target).unwrap(), all_files(&dist).unwrap());
        assert!(require_empty(&target).unwrap_err().to_string().contains("not empty"));
    }

    #[test]
    fn only_what_can_stand_in_an_attribute_is_an_address() {
        for (text, address) in [("https://a.b/c", "https://a.b/c/"), ("http://localhost:8080/", "http://localhost:8080/")] {
            assert_eq!(site_address(text).as_deref(), Ok(address));
        }
        for text in ["", "glasses", "ftp://a", "https://", "https://a\"b", "https://a/?b", "https://a b"] {
            assert!(site_address(text).is_err(), "{text}");
        }
    }
}
