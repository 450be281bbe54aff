//! `cargo xtask size`: how much a reader downloads, held against a budget per part of the site.

mod compressed;

use anyhow::{Result, bail};

use crate::files::fits;
use crate::workspace::Workspace;
use compressed::{FileSize, sizes_of};

/// One part of the site, as a row in [`PARTS`].
struct Part {
    name: &'static str,
    /// A file belongs to the first part with a pattern that fits; `*` stands for anything.
    patterns: &'static [&'static str],
    /// Each must fit at least one file: a part that silently went missing is no saving.
    required: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part { name: "CPU engine", patterns: &["worker_cpu*"], required: &["worker_cpu*.wasm", "worker_cpu*.js"] },
    Part { name: "WebGPU engine", patterns: &["worker_webgpu*"], required: &["worker_webgpu*.wasm", "worker_webgpu*.js"] },
    Part { name: "first paint", patterns: &["index.html", "*.css"], required: &["index.html", "*.css"] },
    Part {
        name: "offline",
        patterns: &["service-worker.js", "offline-*.js", "manifest.webmanifest", "icon.svg"],
        required: &["service-worker.js", "offline-*.js", "manifest.webmanifest", "icon.svg"],
    },
    Part { name: "icons", patterns: &["icons/*"], required: &["icons/192.png", "icons/512.png"] },
    Part { name: "licences", patterns: &["licences.html"], required: &["licences.html"] },
    Part { name: "texts", patterns: &["*.tsv"], required: &["*.tsv"] },
    Part { name: "page", patterns: &["*.js", "*.wasm"], required: &["*.js", "*.wasm"] },
    Part { name: "on demand", patterns: &["*"], required: &[] },
];

/// What may be downloaded at the most, after brotli, before something works.
struct Budget {
    what: &'static str,
    parts: &'static [&'static str],
    brotli_bytes: u64,
}

const BUDGETS: &[Budget] = &[
    Budget {
        what: "first paint: all that a reader waits for before there is something to read",
        parts: &["first paint"],
        brotli_bytes: 23_400,
    },
    Budget {
        what: "page and CPU engine: all that the first number on the page waits for",
        parts: &["first paint", "page", "CPU engine"],
        brotli_bytes: 1_760_000,
    },
    Budget { what: "WebGPU engine: loaded behind the page, while it already works", parts: &["WebGPU engine"], brotli_bytes: 2_600_000 },
    Budget { what: "offline: what keeps the page in the browser, once it has started", parts: &["offline"], brotli_bytes: 8_000 },
    Budget { what: "icons: for whoever installs the page", parts: &["icons"], brotli_bytes: 60_000 },
    Budget { what: "licences: for whoever looks them up", parts: &["licences"], brotli_bytes: 60_000 },
];

/// What the catalogue of a language may take at the most, after brotli: nobody loads two.
const CATALOGUE_BROTLI_BYTES: u64 = 45_000;

/// Prints every file and every budget; fails when one is crossed or a part is missing.
pub fn size(workspace: &Workspace) -> Result<()> {
    let files = sizes_of(workspace)?;
    println!("{:>10} {:>10} {:>10}  file (bytes)", "raw", "gzip", "brotli");
    for part in PARTS {
        let total = total_of(&files, &[part.name]);
        println!("{}  = {}", columns(&total), part.name);
        for file in files.iter().filter(|file| part_of(&file.path) == part.name) {
            println!("{}    {}", columns(file), file.path);
        }
    }
    let mut faults = missing(&files);
    let catalogues = files.iter().filter(|file| part_of(&file.path) == "texts");
    let catalogues = catalogues.map(|file| (file.brotli, CATALOGUE_BROTLI_BYTES, format!("{}: for whoever reads it", file.path)));
    let budgets = BUDGETS.iter().map(|budget| (total_of(&files, budget.parts).brotli, budget.brotli_bytes, budget.what.to_owned()));
    for (used, most, what) in budgets.chain(catalogues) {
        println!("{used:>10} of {most:>10} ({} %)  {what}", used * 100 / most);
        if used > most {
            faults.push(format!("over budget: {what}"));
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("; "));
    }
    Ok(())
}

fn columns(size: &FileSize) -> String {
    format!("{:>10} {:>10} {:>10}", size.raw, size.gzip, size.brotli)
}

/// The last row of [`PARTS`] takes what no other row does.
fn part_of(path: &str) -> &'static str {
    let holds = |part: &&Part| part.patterns.iter().any(|pattern| fits(pattern, path));
    PARTS.iter().find(holds).map_or("", |part| part.name)
}

fn total_of(files: &[FileSize], parts: &[&str]) -> FileSize {
    let mut total = FileSize::default();
    for file in files.iter().filter(|file| parts.contains(&part_of(&file.path))) {
        total.raw += file.raw;
        total.gzip += file.gzip;
        total.brotli += file.brotli;
    }
    total
}

fn missing(files: &[FileSize]) -> Vec<String> {
    let mut faults = Vec::new();
    for part in PARTS {
        for pattern in part.required {
            let is_it = |file: &FileSize| part_of(&file.path) == part.name && fits(pattern, &file.path);
            if !files.iter().any(is_it) {
                faults.push(format!("missing from the {}: {pattern}", part.name));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(paths: &[&str]) -> Vec<FileSize> {
        let file = |path: &&str| FileSize { path: (*path).to_owned(), raw: 4, gzip: 2, brotli: 1 };
        paths.iter().map(file).collect()
    }

    const COMPLETE: &[&str] = &[
        "index.html",
        "offline-cdef.js",
        "service-worker.js",
        "manifest.webmanifest",
        "icon.svg",
        "icons/192.png",
        "icons/512.png",
        "licences.html",
        "zh-0123.tsv",
        "glasses-page-0123.js",
        "glasses-page-0123_bg.wasm",
        "page-4567.css",
        "worker_cpu.js",
        "worker_cpu_bg.wasm",
        "worker_cpu_loader.js",
        "worker_webgpu.js",
        "worker_webgpu_bg.wasm",
        "worker_webgpu_loader.js",
        "weights/tiny.safetensors",
    ];

    #[test]
    fn every_file_belongs_to_one_part() {
        let files = site(COMPLETE);
        let of = |part| total_of(&files, &[part]).brotli;
        assert_eq!(of("first paint"), 2);
        assert_eq!(of("page"), 2);
        assert_eq!(of("offline"), 4);
        assert_eq!((of("icons"), of("licences"), of("texts")), (2, 1, 1));
        assert_eq!(of("CPU engine"), 3);
        assert_eq!(of("WebGPU engine"), 3);
        assert_eq!(of("on demand"), 1);
        assert_eq!(total_of(&files, &["first paint", "page", "CPU engine"]).raw, 7 * 4);
    }

    #[test]
    fn a_missing_artefact_is_named() {
        assert_eq!(missing(&site(COMPLETE)), Vec::<String>::new());
        let without: Vec<&str> = COMPLETE.iter().copied().filter(|path| *path != "worker_cpu_bg.wasm").collect();
        assert_eq!(missing(&site(&without)), ["missing from the CPU engine: worker_cpu*.wasm"]);
    }

    #[test]
    fn budgets_name_parts_that_exist() {
        for name in BUDGETS.iter().flat_map(|budget| budget.parts) {
            assert!(PARTS.iter().any(|part| part.name == *name), "{name}");
        }
    }
}
