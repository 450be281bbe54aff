//! Puts the trained models of www/weights into the program: the list `FILES` that `src/shipped.rs` includes.

// Cargo reads what a build script prints.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // Relative: checkouts that share a target folder must not look at each other's files.
    let folder = Path::new("../../www/weights");
    println!("cargo::rerun-if-changed={}", folder.display());
    let folder = folder.canonicalize()?;
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "safetensors") {
            files.push(path);
        }
    }
    files.sort();
    let rows = files.iter().filter_map(|path| Some(format!("    ({:?}, include_bytes!({path:?})),\n", path.file_name()?.to_str()?)));
    let list = format!("const FILES: &[(&str, &[u8])] = &[\n{}];\n", rows.collect::<String>());
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("weights.rs"), list)
}
