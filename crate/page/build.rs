//! Puts the texts of www/locale that are whole files into the program: the list `TEXTS` that `src/i18n.rs` includes.

// Cargo reads what a build script prints.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // Relative, here and in what is written: checkouts that share a target folder must not look at each other's files.
    let locale = "../../www/locale";
    println!("cargo::rerun-if-changed={locale}");
    let mut files = Vec::new();
    for language in fs::read_dir(locale)? {
        let language = language?.path();
        if language.is_dir() {
            for text in fs::read_dir(&language)? {
                files.push(text?.path());
            }
        }
    }
    files.sort();
    let row = |path: &Path| {
        let name = path.strip_prefix(locale).ok()?.to_str()?.replace('\\', "/");
        let path = format!("/{locale}/{name}");
        Some(format!("    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),\n"))
    };
    let rows: String = files.iter().filter_map(|path| row(path)).collect();
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("texts.rs"), format!("const TEXTS: &[(&str, &str)] = &[\n{rows}];\n"))
}
