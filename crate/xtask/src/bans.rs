//! Our own bans: rules that no lint of Rust's knows, read line by line over the whole project.
//!
//! A rule is a row in [`rules`]; what a row means is here.

mod rules;
mod shape;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use regex_lite::Regex;

use crate::files::project_files;
use rules::{Allowed, Extent, RULES, Rule};

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    path: String,
    /// Counted from 1.
    line: usize,
    rule: &'static str,
    reason: &'static str,
}

/// A text file of the project.
struct Text {
    path: String,
    content: String,
}

/// Prints every place that breaks a rule, and fails if there is one.
pub fn check(root: &Path) -> Result<()> {
    let texts = read_texts(root)?;
    let mut faults = shape::faults(&texts);
    for rule in RULES {
        faults.extend(rule.faults(&texts)?);
    }
    for fault in &faults {
        eprintln!("{}:{}: {}\n    {}", fault.path, fault.line, fault.rule, fault.reason);
    }
    match faults.len() {
        0 => Ok(()),
        1 => bail!("one place breaks a rule of this project"),
        count => bail!("{count} places break rules of this project"),
    }
}

/// All files that are text; the rules themselves hold what they forbid, and are left out.
fn read_texts(root: &Path) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for path in project_files(root)? {
        if path == rules::OWN_PATH {
            continue;
        }
        let bytes = fs::read(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        if let Ok(content) = String::from_utf8(bytes) {
            texts.push(Text { path, content });
        }
    }
    Ok(texts)
}

impl Rule {
    fn faults(&self, texts: &[Text]) -> Result<Vec<Fault>> {
        let pattern = Regex::new(self.pattern).with_context(|| format!("the pattern of the rule `{}`", self.name))?;
        let mut found = Vec::new();
        for text in texts.iter().filter(|text| self.looks_at(&text.path)) {
            for (index, line) in self.lines_of(text).enumerate() {
                if pattern.is_match(line) {
                    found.push((text.path.as_str(), index + 1));
                }
            }
        }
        let first_paths: Vec<&str> = self.first_paths(&found);
        found.retain(|(path, _)| !self.allows(path, &first_paths));
        let fault = |(path, line): (&str, usize)| Fault { path: path.to_owned(), line, rule: self.name, reason: self.reason };
        Ok(found.into_iter().map(fault).collect())
    }

    fn looks_at(&self, path: &str) -> bool {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        self.within.iter().any(|start| path.starts_with(start)) && (self.endings.is_empty() || self.endings.contains(&ending))
    }

    fn lines_of<'a>(&self, text: &'a Text) -> impl Iterator<Item = &'a str> {
        let stops_at_tests = self.extent == Extent::UpToTests;
        let lines = text.content.lines();
        lines.take_while(move |line| !(stops_at_tests && line.starts_with("mod tests")))
    }

    /// For rules that allow one file per folder: the first file found in each.
    fn first_paths<'a>(&self, found: &[(&'a str, usize)]) -> Vec<&'a str> {
        let Allowed::OneFilePer(folders) = self.allowed else {
            return Vec::new();
        };
        let first_in = |folder: &&str| {
            let mut paths = found.iter().map(|(path, _)| *path);
            paths.find(|path| path.starts_with(folder))
        };
        folders.iter().filter_map(first_in).collect()
    }

    fn allows(&self, path: &str, first_paths: &[&str]) -> bool {
        match self.allowed {
            Allowed::Nowhere => false,
            Allowed::In(starts) => starts.iter().any(|start| path.starts_with(start)),
            Allowed::OneFilePer(_) => first_paths.contains(&path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, content: &str) -> Text {
        Text { path: path.to_owned(), content: content.to_owned() }
    }

    /// A path that the rule looks at, and where what it forbids is not allowed.
    fn watched_path(rule: &Rule) -> String {
        let ending = rule.endings.first().unwrap_or(&"txt");
        format!("{}some/where.{ending}", rule.within[0])
    }

    #[test]
    fn every_rule_catches_its_example_and_spares_the_innocent_one() {
        for rule in RULES {
            // Two files, because some rules allow one.
            let in_two_files = |line: &str| {
                let path = watched_path(rule);
                let texts = [text(&path, line), text(&path.replace("where", "there"), line)];
                rule.faults(&texts).unwrap().len()
            };
            for example in rule.caught {
                assert!(in_two_files(example) > 0, "{}: {example}", rule.name);
            }
            for example in rule.spared {
                assert_eq!(in_two_files(example), 0, "{}: {example}", rule.name);
            }
        }
    }

    #[test]
    fn places_are_named_and_exceptions_hold() {
        let rule = Rule {
            name: "no cats",
            reason: "dogs",
            pattern: "cat",
            endings: &["rs"],
            within: &["crate/"],
            extent: Extent::UpToTests,
            allowed: Allowed::In(&["crate/house.rs"]),
            caught: &[],
            spared: &[],
        };
        let texts = [
            text("crate/house.rs", "cat"),
            text("crate/garden.rs", "dog\ncat\n#[cfg(test)]\nmod tests {\ncat"),
            text("crate/garden.md", "cat"),
            text("docs/garden.rs", "cat"),
        ];
        let faults = rule.faults(&texts).unwrap();
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].path.as_str(), faults[0].line), ("crate/garden.rs", 2));
    }

    #[test]
    fn one_file_per_folder_may_and_a_second_may_not() {
        let rule = Rule {
            name: "one cat a house",
            reason: "fights",
            pattern: "cat",
            endings: &[],
            within: &["crate/"],
            extent: Extent::WholeFile,
            allowed: Allowed::OneFilePer(&["crate/a/", "crate/b/"]),
            caught: &[],
            spared: &[],
        };
        let texts =
            [text("crate/a/1.rs", "cat\ncat"), text("crate/a/2.rs", "cat"), text("crate/b/1.rs", "cat"), text("crate/c/1.rs", "cat")];
        let faults = rule.faults(&texts).unwrap();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["crate/a/2.rs", "crate/c/1.rs"]);
    }
}
