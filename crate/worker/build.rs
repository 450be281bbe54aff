//! What the linker is told of the WebGPU engine, in the site and where it is measured (crate/bench).

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Crates below burn register what they have in functions that run before all else. Unless these are exported, the linker makes every call into
    // the module run them all anew, which takes longer than most of what is called. `constructors.rs` runs them once.
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") && env::var_os("CARGO_FEATURE_WEBGPU").is_some() {
        println!("cargo::rustc-link-arg-bins=--export=__wasm_call_ctors");
    }
}
