//! Puts the trained models of www/weights into the program: the list `FILES` that `src/shipped.rs` includes.

// Cargo reads what a build script prints.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // Relative, here and in what is written: checkouts that share a target folder must not look at each other's files.
    let folder = "../../www/weights";
    println!("cargo::rerun-if-changed={folder}");
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "safetensors") {
            names.extend(path.file_name().and_then(|name| name.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    let row = |name: &String| {
        let path = format!("/{folder}/{name}");
        format!("    ({name:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),\n")
    };
    let list = format!("const FILES: &[(&str, &[u8])] = &[\n{}];\n", names.iter().map(row).collect::<String>());
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("weights.rs"), list)
}
