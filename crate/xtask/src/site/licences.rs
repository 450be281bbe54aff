//! licences.html: whose work is compiled into the site, under which licences, with their texts; none that is not allowed here.

mod packages;
mod texts;

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use spdx::{Expression, LicenseReq, ParseMode};

use crate::files::{all_files, fits};
use crate::workspace::Workspace;
use packages::Package;
use texts::{Texts, standard};

/// What may be compiled into the site: licences that ask for a notice, and one (MPL) for the source of the files under it, which
/// is on crates.io, unchanged. Where a package leaves the choice, the first of these is taken.
const ALLOWED: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "Apache-2.0 WITH LLVM-exception",
    "Zlib",
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "CC0-1.0",
    "Unlicense",
    "Unicode-3.0",
    "MPL-2.0",
];

/// The name of the page on the site.
const NAME: &str = "licences.html";

/// The page's stylesheets that it shares.
const STYLESHEETS: &[&str] = &["tokens-*.css", "base-*.css"];

/// Writes the page.
pub fn write(workspace: &Workspace) -> Result<()> {
    let packages = packages::compiled_in(workspace)?;
    let taken = all_taken(&packages)?;
    let is_needed = |name: &String| STYLESHEETS.iter().any(|pattern| fits(pattern, name));
    let stylesheets = all_files(&workspace.dist)?.into_iter().filter(is_needed).collect();
    super::write(&workspace.dist.join(NAME), &document(&packages, &taken, stylesheets)?)
}

/// Fails where a licence is not allowed, without a site.
pub fn check(workspace: &Workspace) -> Result<()> {
    all_taken(&packages::compiled_in(workspace)?).map(drop)
}

/// The licences under which each package is used, in the packages' order.
fn all_taken(packages: &[Package]) -> Result<Vec<Vec<&'static str>>> {
    let mut faults = Vec::new();
    let mut all = Vec::new();
    for package in packages {
        match taken(&package.licence) {
            Ok(licences) => all.push(licences),
            Err(error) => faults.push(format!("{} {}: {error:#}", package.name, package.version)),
        }
    }
    if !faults.is_empty() {
        bail!("not under a licence that crate/xtask/src/site/licences.rs allows: {}", faults.join("; "));
    }
    Ok(all)
}

/// The first licences of [`ALLOWED`] that are enough for an expression.
fn taken(expression: &str) -> Result<Vec<&'static str>> {
    // As older packages write it: `MIT/Apache-2.0`.
    let parsed = Expression::parse_mode(expression, ParseMode::LAX).with_context(|| format!("`{expression}` is no licence expression"))?;
    let is = |asked: &LicenseReq, allowed: &str| asked.to_string() == allowed;
    let suffices = |licences: &[&str]| parsed.evaluate(|asked| licences.iter().any(|allowed| is(asked, allowed)));
    if !suffices(ALLOWED) {
        bail!("`{expression}`");
    }
    // Dropped from the end of the list for as long as the rest is enough.
    let mut licences = ALLOWED.to_vec();
    for dispensable in ALLOWED.iter().rev() {
        let rest: Vec<_> = licences.iter().copied().filter(|licence| licence != dispensable).collect();
        if suffices(&rest) {
            licences = rest;
        }
    }
    Ok(licences)
}

/// Packages with a text of their own stand above it; those without one, below the standard text of their licence.
fn document(packages: &[Package], taken: &[Vec<&'static str>], stylesheets: Vec<String>) -> Result<String> {
    let mut texts = Texts::default();
    let mut without: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for (package, taken) in packages.iter().zip(taken) {
        if !texts.add_all_of(package)? {
            taken.iter().for_each(|licence| without.entry(licence).or_default().push(package));
        }
    }
    let mut page = head(stylesheets);
    for package in packages {
        let (name, version) = (escaped(&package.name), escaped(&package.version));
        let authors = if package.authors.is_empty() { String::new() } else { format!(", by {}", escaped(&package.authors.join(", "))) };
        let home = package.repository.as_ref().map_or_else(String::new, |home| format!(", <a href=\"{0}\">{0}</a>", escaped(home)));
        let licence = escaped(&package.licence);
        writeln!(page, "<li><a href=\"https://crates.io/crates/{name}/{version}\">{name} {version}</a>: {licence}{authors}{home}</li>")?;
    }
    page += "</ul>\n";
    for (licence, packages) in &without {
        let holders = packages.iter().map(|package| {
            let authors = if package.authors.is_empty() { format!("the authors of {}", package.name) } else { package.authors.join(", ") };
            format!("{} (Copyright © {authors})", package.name)
        });
        section(&mut page, licence, holders, &standard(licence)?)?;
    }
    for (text, owners) in texts.all() {
        section(&mut page, "Licence", owners.iter().cloned(), text)?;
    }
    Ok(page + "</main>\n</body>\n</html>\n")
}

fn head(stylesheets: Vec<String>) -> String {
    let sheet = |name: String| format!("<link rel=\"stylesheet\" href=\"{}\" />\n", escaped(&name));
    let sheets: String = stylesheets.into_iter().map(sheet).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\" />\n\
         <title>Glasses: licences</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n{sheets}</head>\n\
         <body>\n<main class=\"licences\">\n<h1>Licences</h1>\n\
         <p><a href=\"./\">Glasses</a> is under MIT or Apache-2.0, at your choice. Compiled into it are Rust’s standard library (MIT OR \
         Apache-2.0, by the Rust Project) and these packages, unchanged; the source of each is where its name leads.</p>\n<ul>\n"
    )
}

fn section(page: &mut String, title: &str, owners: impl Iterator<Item = String>, text: &str) -> Result<()> {
    let owners: Vec<_> = owners.map(|owner| escaped(&owner)).collect();
    writeln!(page, "<h2>{}</h2>\n<p>{}</p>\n<pre>{}</pre>", escaped(title), owners.join(", "), escaped(text.trim()))?;
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn of_a_choice_one_licence_is_taken_and_of_a_sum_all() {
        for (expression, expected) in [
            ("MIT", vec!["MIT"]),
            ("MIT OR Apache-2.0", vec!["Apache-2.0"]),
            ("MIT/Apache-2.0", vec!["Apache-2.0"]),
            ("GPL-3.0-only OR Zlib", vec!["Zlib"]),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", vec!["Apache-2.0", "Unicode-3.0"]),
            ("Apache-2.0 WITH LLVM-exception", vec!["Apache-2.0 WITH LLVM-exception"]),
        ] {
            assert_eq!(taken(expression).unwrap(), expected, "{expression}");
        }
    }

    #[test]
    fn what_is_not_allowed_is_refused_with_the_package() {
        for expression in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "", "as you like"] {
            let packages = [Package { name: "theirs".into(), licence: expression.into(), ..Package::default() }];
            let error = all_taken(&packages).unwrap_err();
            assert!(error.to_string().contains("theirs"), "{error}");
        }
    }

    #[test]
    fn every_licence_that_is_allowed_has_a_standard_text() {
        for licence in ALLOWED {
            assert!(standard(licence).unwrap().len() > 300, "{licence}");
        }
    }

    #[test]
    fn the_page_names_all_packages_and_each_text_once() {
        let scratch = Scratch::new("licences");
        for package in ["one", "two"] {
            scratch.write(&format!("{package}/LICENSE"), &format!("Be  kind & careful.{}", "\n".repeat(package.len())));
        }
        scratch.write("bare/Cargo.toml", "");
        let package = |name: &str| Package {
            name: name.into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            authors: vec!["Ada & Co".into()],
            folder: scratch.path().join(name),
            ..Package::default()
        };
        let packages = ["bare", "one", "two"].map(package);
        let page = document(&packages, &all_taken(&packages).unwrap(), vec!["a.css".into()]).unwrap();
        assert_eq!(page.matches("<pre>Be  kind &amp; careful.</pre>").count(), 1);
        assert!(page.contains("<p>one 1.0.0, two 1.0.0</p>"));
        assert!(page.contains("bare (Copyright © Ada &amp; Co)"));
        assert!(page.contains("Permission is hereby granted, free of charge"), "bare has no text of its own");
    }
}
