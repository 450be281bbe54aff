//! The texts of licences: those that packages carry, each once, and the standard ones for packages that carry none.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::Package;

/// How the names of files with licences begin, in small letters.
const NAMES: &[&str] = &["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// Texts with the packages that carry them. Two that differ only in white space are one.
#[derive(Default)]
pub struct Texts {
    by_words: BTreeMap<String, (String, Vec<String>)>,
}

impl Texts {
    /// Adds the texts that lie beside a package's manifest. Returns whether there was one.
    pub fn add_all_of(&mut self, package: &Package) -> Result<bool> {
        let unreadable = || format!("the licences of {} in {}", package.name, package.folder.display());
        let mut paths = Vec::new();
        for entry in fs::read_dir(&package.folder).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let is_source = name.ends_with(".rs") || name.ends_with(".toml");
            if entry.path().is_file() && !is_source && NAMES.iter().any(|start| name.starts_with(start)) {
                paths.push(entry.path());
            }
        }
        for path in &paths {
            let bytes = fs::read(path).with_context(unreadable)?;
            self.add(String::from_utf8_lossy(&bytes).into_owned(), format!("{} {}", package.name, package.version));
        }
        Ok(!paths.is_empty())
    }

    fn add(&mut self, text: String, owner: String) {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, owners) = self.by_words.entry(words).or_insert_with(|| (text, Vec::new()));
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }

    /// All of them; those that most packages carry come first.
    pub fn all(&self) -> Vec<(&str, &[String])> {
        let mut all: Vec<_> = self.by_words.values().map(|(text, owners)| (text.as_str(), owners.as_slice())).collect();
        all.sort_by_key(|(text, owners)| (usize::MAX - owners.len(), *text));
        all
    }
}

/// The text of a licence, and of an exception to it, as SPDX has it.
pub fn standard(licence: &str) -> Result<String> {
    let (name, exception) = licence.split_once(" WITH ").map_or((licence, None), |(name, exception)| (name, Some(exception)));
    let unknown = || format!("SPDX has no text for {licence}");
    let text = spdx::license_id(name).with_context(unknown)?.text();
    let exception = exception.map(|exception| spdx::exception_id(exception).with_context(unknown)).transpose()?;
    Ok(exception.map_or_else(|| text.to_owned(), |exception| format!("{text}\n\n{}", exception.text())))
}
