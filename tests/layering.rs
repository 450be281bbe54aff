//! The architecture, held by a test: which crate may know which, read from cargo's own answer.
//!
//! `cargo tree --locked` needs no network once the crates are fetched. Each rule says what must be
//! absent, and most also what must be present, so that none can hold by looking in the wrong place.

use std::collections::BTreeSet;
use std::process::Command;

/// The crates that one build of one of our crates is made of.
struct Tree {
    package: &'static str,
    /// What else cargo is told: features, platform, depth.
    settings: &'static str,
}

/// What a tree must hold and must not hold. `burn*` stands for `burn` and all `burn-…`.
struct Rule {
    tree: Tree,
    present: &'static [&'static str],
    absent: &'static [&'static str],
    because: &'static str,
}

/// As the browser gets it.
const WASM: &str = "--target wasm32-unknown-unknown";
const WASM_CPU: &str = "--target wasm32-unknown-unknown --features cpu";
const WASM_WEBGPU: &str = "--target wasm32-unknown-unknown --features webgpu";
/// All that is ever linked in, on any platform, with any feature.
const EVERYWHERE: &str = "--target all --all-features";
/// Only what the crate's own manifest lists.
const LISTED: &str = "--target all --all-features --depth 1";

const RULES: &[Rule] = &[
    Rule {
        tree: Tree { package: "glasses-contract", settings: EVERYWHERE },
        present: &["serde"],
        absent: &["burn*", "cubecl*", "plotters*", "web-sys", "js-sys", "wasm-bindgen*", "leptos*"],
        because: "the words that both sides speak belong to neither side",
    },
    Rule {
        tree: Tree { package: "glasses-engine", settings: LISTED },
        present: &["burn", "glasses-contract"],
        absent: &["web-sys", "js-sys", "wasm-bindgen*", "plotters*", "leptos*", "glasses-plots", "glasses-worker", "glasses-page"],
        because: "the engine computes numbers, natively as in a browser, and draws nothing",
    },
    Rule {
        tree: Tree { package: "glasses-plots", settings: LISTED },
        present: &["plotters", "glasses-contract"],
        absent: &[
            "web-sys",
            "js-sys",
            "wasm-bindgen*",
            "plotters-canvas",
            "burn*",
            "leptos*",
            "glasses-engine",
            "glasses-worker",
            "glasses-page",
        ],
        because: "pictures are drawn from a report, on whatever backend they are given",
    },
    Rule {
        tree: Tree { package: "glasses-cli", settings: LISTED },
        present: &["clap", "glasses-engine", "glasses-plots"],
        absent: &["burn*", "plotters*", "web-sys", "js-sys", "wasm-bindgen*", "leptos*", "glasses-worker", "glasses-page"],
        because: "the command line asks the engine and has the plots draw, and does neither itself",
    },
    Rule {
        tree: Tree { package: "glasses-python", settings: LISTED },
        present: &["pyo3", "glasses-cli"],
        absent: &["burn*", "plotters*", "web-sys", "js-sys", "wasm-bindgen*", "leptos*", "glasses-worker", "glasses-page"],
        because: "the package says what the command line says, and computes and draws nothing itself",
    },
    Rule {
        tree: Tree { package: "glasses-page", settings: WASM },
        present: &["leptos", "plotters-canvas", "glasses-plots"],
        absent: &["burn*", "cubecl*", "wgpu*", "glasses-engine", "glasses-worker"],
        because: "the page is there at once because the engine is loaded behind it",
    },
    Rule {
        tree: Tree { package: "glasses-worker", settings: WASM_CPU },
        present: &["burn-flex", "glasses-engine"],
        absent: &["wgpu*", "naga", "burn-wgpu", "cubecl-wgpu", "plotters*", "leptos*", "glasses-plots", "glasses-page"],
        because: "the CPU engine stays small: the GPU has an artefact of its own",
    },
    Rule {
        tree: Tree { package: "glasses-worker", settings: WASM_WEBGPU },
        present: &["wgpu", "burn-wgpu", "glasses-engine"],
        absent: &["ash", "plotters*", "leptos*", "glasses-plots", "glasses-page"],
        because: "a worker computes and draws nothing, and native graphics drivers do not compile for a browser",
    },
];

#[test]
fn each_crate_knows_what_it_may_and_no_more() {
    let faults: Vec<String> = RULES.iter().flat_map(faults_of).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_star_stands_for_a_family() {
    for (pattern, name, expected) in [
        ("burn", "burn", true),
        ("burn", "burn-flex", false),
        ("burn*", "burn", true),
        ("burn*", "burn-flex", true),
        ("burn*", "burner", false),
        ("wasm-bindgen*", "wasm-bindgen-futures", true),
    ] {
        assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
    }
}

fn faults_of(rule: &Rule) -> Vec<String> {
    let Tree { package, settings } = rule.tree;
    let crates = crates_in(&rule.tree);
    let missing = rule.present.iter().filter(|wanted| !crates.contains(**wanted));
    let missing = missing.map(|name| format!("{package} ({settings}) lacks {name}"));
    let forbidden = crates.iter().filter(|name| rule.absent.iter().any(|ban| fits(ban, name)));
    let forbidden = forbidden.map(|name| format!("{package} ({settings}) must not know {name}: {}", rule.because));
    missing.chain(forbidden).collect()
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        None => pattern == name,
        Some(family) => match name.strip_prefix(family) {
            Some(rest) => rest.is_empty() || rest.starts_with('-'),
            None => false,
        },
    }
}

/// Names of all crates that are linked in; what only builds or tests them does not count.
fn crates_in(tree: &Tree) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--locked", "--quiet", "--prefix", "none", "--format", "{p}"])
        .args(["--edges", "normal,no-proc-macro", "--package", tree.package])
        .args(tree.settings.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree for {}: {errors}", tree.package);
    let lines = String::from_utf8(output.stdout).expect("cargo prints text");
    let names = lines.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}
