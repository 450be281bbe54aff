//! Where things are: the repository, cargo's target folder, and the cache for tools.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that every command works with.
#[derive(Clone)]
pub struct Place {
    /// The repository's top folder.
    pub root: PathBuf,
    /// Cargo's target folder, where this crate keeps its stamps too.
    pub target: PathBuf,
    /// Holds `<tool>-<version>` folders; shared by all checkouts of one user.
    pub cache: PathBuf,
    /// The site that is worked on; [`Place::find`] says the published one.
    pub dist: PathBuf,
}

impl Place {
    /// Looks upwards from the current folder, so that every command works in every subfolder.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("crate/xtask/Cargo.toml").is_file())
            .context("this is no checkout of Glasses: crate/xtask was not found here or above")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        let cache = user_cache()?.join("glasses");
        Ok(Self { dist: root.join("dist"), root, target, cache })
    }
}

/// The folder in which the operating system expects caches.
fn user_cache() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    let home = home()?;
    Ok(if cfg!(target_os = "macos") { home.join("Library/Caches") } else { home.join(".cache") })
}

/// The user's home folder.
pub fn home() -> Result<PathBuf> {
    env::home_dir().context("there is no home folder: set HOME")
}

/// `path` as people write it in this project: relative to the repository, with forward slashes.
pub fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
