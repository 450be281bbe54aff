//! Where a browser is looked for, whichever it is.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::existing;
use crate::step::find_on_path;

/// A browser, by what systems call it.
pub struct Browser {
    /// The variable by which somebody chooses a program.
    pub variable: &'static str,
    /// Programs that are this browser.
    pub names: &'static [&'static str],
    /// Where applications lie that are on no PATH.
    pub applications: &'static [&'static str],
    /// What Debian calls it.
    pub package: &'static str,
}

impl Browser {
    /// What the variable says, which must be there.
    pub fn chosen(&self) -> Result<Option<PathBuf>> {
        let chosen = env::var_os(self.variable).map(PathBuf::from);
        if let Some(nowhere) = chosen.as_ref().filter(|chosen| !chosen.is_file()) {
            bail!("{} says {}, which is not there", self.variable, nowhere.display());
        }
        Ok(chosen)
    }

    /// On the PATH, then in the usual places.
    pub fn installed(&self) -> impl Iterator<Item = PathBuf> {
        let on_path = self.names.iter().filter_map(|name| find_on_path(name));
        on_path.chain(existing(self.applications.iter().map(PathBuf::from)))
    }
}
