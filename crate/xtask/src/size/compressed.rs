//! Sizes as a web host sends them. Node compresses, because a build needs Node anyway and it is
//! three times as fast at this as the Rust crate, which would also have to be compiled first.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{answer, is_on_path, say};
use crate::workspace::Workspace;

/// Prints `path raw gzip brotli`, separated by tabs, for each file below the folder it is given.
const SCRIPT: &str = include_str!("compressed.mjs");

/// One file's size in bytes, as it is and as it travels.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileSize {
    pub path: String,
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// All files of the built site.
pub fn sizes_of(workspace: &Workspace) -> Result<Vec<FileSize>> {
    let dist = &workspace.dist;
    if !dist.is_dir() {
        bail!("there is no dist/ to weigh: run `cargo xtask build` first");
    }
    if !is_on_path("node") {
        bail!("Node.js is missing: install version 20 or newer (nodejs.org)");
    }
    say("compressing every file of the site", "about a minute");
    let lines = answer(Command::new("node").args(["--input-type=module", "--eval", SCRIPT, "--"]).arg(dist))?;
    lines.lines().map(parse).collect()
}

fn parse(line: &str) -> Result<FileSize> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [path, raw, gzip, brotli] = columns[..] else {
        bail!("`{line}` is not a path and three sizes");
    };
    let number = |text: &str| {
        let parsed = text.parse::<u64>();
        parsed.with_context(|| format!("`{text}` is not a size in bytes"))
    };
    Ok(FileSize { path: path.to_owned(), raw: number(raw)?, gzip: number(gzip)?, brotli: number(brotli)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_site_is_weighed() {
        let scratch = Scratch::new("size");
        scratch.write("dist/a.txt", &"a".repeat(10_000));
        scratch.write("dist/sub/b.txt", "b");
        let workspace = scratch.workspace();
        let sizes = sizes_of(&workspace).unwrap();
        let paths: Vec<&str> = sizes.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a.txt", "sub/b.txt"]);
        let a = &sizes[0];
        assert!(a.raw == 10_000 && a.gzip < 100 && a.brotli < a.gzip, "{a:?}");
    }

    #[test]
    fn a_line_that_is_no_size_is_refused() {
        assert!(parse("a.txt\t1\t2\t3").is_ok());
        assert!(parse("a.txt\t1\t2").is_err());
        assert!(parse("a.txt\t1\t2\tmany").is_err());
    }
}
