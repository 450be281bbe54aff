//! `cargo xtask build`: the release site in dist/, and the stamp that says it is up to date.

pub mod quick;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::fingerprint;
use crate::site;
use crate::step::{run, say};
use crate::tools::{self, Toolbox};
use crate::workspace::Workspace;

/// Builds the site, whether something changed or not.
pub fn build(workspace: &Workspace) -> Result<()> {
    if !workspace.root.join("index.html").is_file() {
        bail!("there is no index.html to build a site from");
    }
    let tools = Toolbox::ready(workspace)?;
    // Taken before the build, so that what is edited meanwhile counts as a change.
    let sources = fingerprint::of_inputs(&workspace.root, &tools::versions(workspace)?)?;
    Stamp::remove(workspace)?;
    say("building the site: the page, the CPU engine, the WebGPU engine", "10 to 15 minutes the first time on two cores");
    trunk(workspace, &tools, "index.html")?;
    Stamp::write(workspace, &sources)
}

/// Has Trunk build what `index` lists, and makes a site of it.
fn trunk(workspace: &Workspace, tools: &Toolbox, index: &str) -> Result<()> {
    run(tools
        .command("trunk")
        .args(["build", index, "--release", "--dist"])
        .arg(&workspace.dist)
        .current_dir(&workspace.root)
        // Trunk reads NO_COLOR as a boolean and refuses the usual `NO_COLOR=1`.
        .env_remove("NO_COLOR"))?;
    site::finish(workspace)
}

/// Builds the site if its sources changed, or dist/ did, since the last finished build.
pub fn build_if_changed(workspace: &Workspace) -> Result<()> {
    if is_current(workspace)? {
        eprintln!("dist/ is up to date");
        return Ok(());
    }
    build(workspace)
}

/// Whether dist/ is the site of the sources as they are.
pub fn is_current(workspace: &Workspace) -> Result<bool> {
    let Some(stamp) = Stamp::read(workspace) else {
        return Ok(false);
    };
    Ok(workspace.dist.is_dir()
        && stamp.sources == fingerprint::of_inputs(&workspace.root, &tools::versions(workspace)?)?
        && stamp.site == fingerprint::of_folder(&workspace.dist)?)
}

/// What the last finished build read and wrote. The second half notices that somebody else wrote
/// to dist/ since, `trunk serve` for one.
struct Stamp {
    sources: String,
    site: String,
}

impl Stamp {
    fn path(workspace: &Workspace) -> PathBuf {
        workspace.target.join("xtask/site.stamp")
    }

    fn read(workspace: &Workspace) -> Option<Self> {
        let text = fs::read_to_string(Self::path(workspace)).ok()?;
        let (sources, site) = text.trim_end().split_once('\n')?;
        Some(Self { sources: sources.to_owned(), site: site.to_owned() })
    }

    fn write(workspace: &Workspace, sources: &str) -> Result<()> {
        let site = fingerprint::of_folder(&workspace.dist)?;
        let path = Self::path(workspace);
        let unwritable = || format!("{} cannot be written", path.display());
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).with_context(unwritable)?;
        fs::write(&path, format!("{sources}\n{site}\n")).with_context(unwritable)
    }

    fn remove(workspace: &Workspace) -> Result<()> {
        let path = Self::path(workspace);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_site_is_current_until_its_sources_or_its_files_change() {
        let scratch = Scratch::new("stamp");
        scratch.write(".gitignore", "/dist\n/target\n");
        scratch.write("index.html", "one");
        scratch.write("dist/index.html", "built");
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.1\"\n";
        scratch.write("Cargo.lock", lock);
        let workspace = scratch.workspace();
        let stamp = |workspace: &Workspace| {
            let tools = tools::versions(workspace).unwrap();
            Stamp::write(workspace, &fingerprint::of_inputs(&workspace.root, &tools).unwrap()).unwrap();
        };

        assert!(!is_current(&workspace).unwrap(), "never built");
        stamp(&workspace);
        assert!(is_current(&workspace).unwrap());
        scratch.write("dist/index.html", "by somebody else");
        assert!(!is_current(&workspace).unwrap(), "dist/ was written to");
        stamp(&workspace);
        scratch.write("index.html", "two");
        assert!(!is_current(&workspace).unwrap(), "a source changed");
        stamp(&workspace);
        Stamp::remove(&workspace).unwrap();
        assert!(!is_current(&workspace).unwrap(), "a build was interrupted");
    }
}
