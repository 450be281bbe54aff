//! `cargo xtask build`: the release site in dist/, and the stamp that says it is up to date.

pub mod quick;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::fingerprint;
use crate::place::Place;
use crate::site;
use crate::step::{run, say};
use crate::tools::{self, Toolbox};

/// Builds the site, whether something changed or not.
pub fn build(place: &Place) -> Result<()> {
    if !place.root.join("index.html").is_file() {
        bail!("there is no index.html to build a site from");
    }
    let tools = Toolbox::ready(place)?;
    // Taken before the build, so that what is edited meanwhile counts as a change.
    let sources = fingerprint::of_inputs(&place.root, &tools::versions(place)?)?;
    Stamp::remove(place)?;
    say("building the site: the page, the CPU engine, the WebGPU engine", "10 to 15 minutes the first time on two cores");
    trunk(place, &tools, "index.html")?;
    Stamp::write(place, &sources)
}

/// Has Trunk build what `index` lists, and makes a site of it.
fn trunk(place: &Place, tools: &Toolbox, index: &str) -> Result<()> {
    run(tools
        .command("trunk")
        .args(["build", index, "--release", "--dist"])
        .arg(&place.dist)
        .current_dir(&place.root)
        // Trunk reads NO_COLOR as a boolean and refuses the usual `NO_COLOR=1`.
        .env_remove("NO_COLOR"))?;
    site::finish(place)
}

/// Builds the site if its sources changed, or dist/ did, since the last finished build.
pub fn build_if_changed(place: &Place) -> Result<()> {
    if is_current(place)? {
        eprintln!("dist/ is up to date");
        return Ok(());
    }
    build(place)
}

/// Whether dist/ is the site of the sources as they are.
pub fn is_current(place: &Place) -> Result<bool> {
    let Some(stamp) = Stamp::read(place) else {
        return Ok(false);
    };
    Ok(place.dist.is_dir()
        && stamp.sources == fingerprint::of_inputs(&place.root, &tools::versions(place)?)?
        && stamp.site == fingerprint::of_folder(&place.dist)?)
}

/// What the last finished build read and wrote. The second half notices that somebody else wrote
/// to dist/ since, `trunk serve` for one.
struct Stamp {
    sources: String,
    site: String,
}

impl Stamp {
    fn path(place: &Place) -> PathBuf {
        place.target.join("xtask/site.stamp")
    }

    fn read(place: &Place) -> Option<Self> {
        let text = fs::read_to_string(Self::path(place)).ok()?;
        let (sources, site) = text.trim_end().split_once('\n')?;
        Some(Self { sources: sources.to_owned(), site: site.to_owned() })
    }

    fn write(place: &Place, sources: &str) -> Result<()> {
        let site = fingerprint::of_folder(&place.dist)?;
        let path = Self::path(place);
        let unwritable = || format!("{} cannot be written", path.display());
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).with_context(unwritable)?;
        fs::write(&path, format!("{sources}\n{site}\n")).with_context(unwritable)
    }

    fn remove(place: &Place) -> Result<()> {
        let path = Self::path(place);
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
        let place = scratch.place();
        let stamp = |place: &Place| {
            let tools = tools::versions(place).unwrap();
            Stamp::write(place, &fingerprint::of_inputs(&place.root, &tools).unwrap()).unwrap();
        };

        assert!(!is_current(&place).unwrap(), "never built");
        stamp(&place);
        assert!(is_current(&place).unwrap());
        scratch.write("dist/index.html", "by somebody else");
        assert!(!is_current(&place).unwrap(), "dist/ was written to");
        stamp(&place);
        scratch.write("index.html", "two");
        assert!(!is_current(&place).unwrap(), "a source changed");
        stamp(&place);
        Stamp::remove(&place).unwrap();
        assert!(!is_current(&place).unwrap(), "a build was interrupted");
    }
}
