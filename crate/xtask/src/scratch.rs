//! A folder of its own for one test, gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::Workspace;

/// Removed when dropped.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// `name` keeps tests that run at the same time apart.
    pub fn new(name: &str) -> Self {
        let id = std::process::id();
        let folder = std::env::temp_dir().join(format!("glasses-xtask-{name}-{id}"));
        fs::create_dir_all(&folder).unwrap();
        Self { folder: folder.canonicalize().unwrap() }
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// A project in it, with a target and a cache of its own.
    pub fn workspace(&self) -> Workspace {
        let root = self.folder.clone();
        Workspace { target: root.join("target"), cache: root.join("cache"), dist: root.join("dist"), root }
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder left behind in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
