//! What becomes of a site after Trunk has built it: one file a step. What is tested is what is published.

mod comments;
pub mod licences;
mod names;
mod policy;
pub mod preview;
mod service_worker;
mod tokens;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workspace::Workspace;

/// One step, on the repository and the site in dist/.
type Step = fn(&Workspace) -> Result<()>;

/// In order: the policy is about the page as it is then, and the service worker about every file under its last name.
const STEPS: &[Step] = &[comments::write, tokens::write, names::write, licences::write, policy::write, service_worker::write];

/// Makes what Trunk left in dist/ the site that is published.
pub fn finish(workspace: &Workspace) -> Result<()> {
    STEPS.iter().try_for_each(|step| step(workspace))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
