//! No circle of imports between the files of a crate: whoever opens one need not have read another that leads back to it.
//!
//! Read from the sources: a file imports another where it names a path through `crate` or `super` that leads there. A module and the
//! modules below it are one thing in several files, so what passes between a file and its own ancestors is left out, and so are tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

type Module = Vec<String>;

#[test]
fn no_file_imports_another_that_leads_back_to_it() -> io::Result<()> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crate");
    let (mut wrong, mut found) = (Vec::new(), 0);
    for name in fs::read_dir(&crates)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
        let imports = imports(&crates.join(&name).join("src"))?;
        found += imports.values().map(BTreeSet::len).sum::<usize>();
        let pairs = imports.iter().flat_map(|(module, targets)| targets.iter().map(move |target| (module, target)));
        let back = pairs.filter_map(|(module, target)| Some((module, way(&imports, target, module)?)));
        wrong.extend(back.map(|(module, back)| format!("crate/{name}: {} → {}", module.join("::"), back.join(" → "))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(found > 500, "only {found} imports were found");
    Ok(())
}

/// The way from one module to another along imports, if there is one.
fn way(imports: &BTreeMap<Module, BTreeSet<Module>>, from: &Module, to: &Module) -> Option<Vec<String>> {
    let mut seen = BTreeSet::from([from]);
    let mut ways = vec![vec![from]];
    while let Some(way) = ways.pop() {
        let last = way[way.len() - 1];
        if last == to {
            return Some(way.into_iter().map(|module| module.join("::")).collect());
        }
        for next in imports.get(last).into_iter().flatten() {
            if seen.insert(next) {
                ways.push([way.as_slice(), &[next]].concat());
            }
        }
    }
    None
}

/// What every module of a crate imports.
fn imports(sources: &Path) -> io::Result<BTreeMap<Module, BTreeSet<Module>>> {
    let mut files = BTreeMap::new();
    collect(sources, &mut Vec::new(), &mut files)?;
    let modules: BTreeSet<Module> = files.keys().cloned().collect();
    let imports = files.iter().map(|(module, file)| {
        let text = fs::read_to_string(file)?;
        let targets = paths(without_tests(&text), module).into_iter().filter_map(|path| longest(&modules, path));
        let is_kin = |target: &Module| target.starts_with(module) || module.starts_with(target);
        Ok((module.clone(), targets.filter(|target| !is_kin(target)).collect()))
    });
    imports.collect()
}

fn collect(folder: &Path, above: &mut Module, files: &mut BTreeMap<Module, PathBuf>) -> io::Result<()> {
    for path in fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() {
            above.push(stem);
            collect(&path, above, files)?;
            above.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") && stem != "tests" {
            let is_root = above.is_empty() && (stem == "lib" || stem == "main");
            let module = if is_root { Vec::new() } else { above.iter().cloned().chain([stem]).collect() };
            files.insert(module, path);
        }
    }
    Ok(())
}

/// Tests stand at the end of a file.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]").or_else(|| text.find("#[cfg(all(test")).map_or(text, |tests| &text[..tests])
}

/// Every path through `crate` or `super` in a text, from the crate's root; lists in braces are taken apart.
fn paths(text: &str, module: &Module) -> Vec<Module> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (start, root) in ["crate::", "super::"].iter().flat_map(|root| code.match_indices(root)) {
        let is_whole = !code[..start].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':' || before == '$');
        if !is_whole {
            continue;
        }
        let mut base = if root == "crate::" { Vec::new() } else { module[..module.len().saturating_sub(1)].to_vec() };
        let mut rest = &code[start + root.len()..];
        while let Some(further) = rest.strip_prefix("super::") {
            base.pop();
            rest = further;
        }
        take(rest, &base, &mut found);
    }
    found
}

/// Reads what follows `base::`; returns what stands behind it.
fn take<'a>(text: &'a str, base: &Module, found: &mut Vec<Module>) -> &'a str {
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = take(rest.trim_start(), base, found).trim_start();
            match rest.strip_prefix(',') {
                Some(further) => rest = further,
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let path: Module = base.iter().cloned().chain((end > 0).then(|| text[..end].to_owned())).collect();
    let rest = &text[end..];
    match rest.strip_prefix("::") {
        Some(further) => take(further, &path, found),
        None => {
            found.push(path);
            // `as other` in a list.
            rest.find([',', '}', ';', '\n']).filter(|_| rest.starts_with(" as ")).map_or(rest, |end| &rest[end..])
        }
    }
}

/// The module that a path leads to: the longest of its beginnings that is one.
fn longest(modules: &BTreeSet<Module>, mut path: Module) -> Option<Module> {
    while !path.is_empty() && !modules.contains(&path) {
        path.pop();
    }
    (!path.is_empty()).then_some(path)
}

#[test]
fn paths_are_read_as_rust_means_them() {
    let module = ["a", "b"].map(String::from).to_vec();
    let text =
        "use crate::x::{self, y::Z, w};\nuse super::c::D;\nfn f() { crate::q::g(super::super::e::h()) } // crate::no\nuse $crate::not;";
    let read: Vec<String> = paths(text, &module).iter().map(|path| path.join("::")).collect();
    assert_eq!(read, ["x::self", "x::y::Z", "x::w", "q::g", "a::c::D", "e::h"]);
}
