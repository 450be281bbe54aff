//! The content's hash in the names of files that the page asks for by name, as Trunk writes it into its own: a host may let browsers
//! keep them for good, and an engine or a text is never of another version than its page.

use std::fs;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;

use super::sha256;
use crate::files::all_files;
use crate::workspace::Workspace;

/// Files whose names have one hash in common: that of all they hold.
struct Family {
    /// How their names begin, and what the page says of them in a `meta`.
    stem: &'static str,
    /// What stands behind the stem in the names of its files.
    endings: &'static [&'static str],
}

const FAMILIES: &[Family] = &[
    Family { stem: "engine", endings: &[".js"] },
    Family { stem: "worker_cpu", endings: &[".js", "_bg.wasm", "_loader.js"] },
    Family { stem: "worker_webgpu", endings: &[".js", "_bg.wasm", "_loader.js"] },
];

/// Renames the files in dist/, and writes the names where they are read.
pub fn write(workspace: &Workspace) -> Result<()> {
    for family in FAMILIES {
        if is_there(workspace, family)? {
            rename(workspace, family).with_context(|| format!("the name of {}", family.stem))?;
        }
    }
    copy_catalogues(workspace)
}

/// Where index.html is to say how the catalogues are called.
const CATALOGUES: &str = "<meta name=\"texts\"";

/// Copies the catalogues of www/locale into dist/, each under a name of its own, and says the names in index.html.
fn copy_catalogues(workspace: &Workspace) -> Result<()> {
    let locale = workspace.root.join("www/locale");
    let mut metas = String::new();
    for name in all_files(&locale)? {
        let Some(language) = name.strip_suffix(".tsv") else { continue };
        let content = fs::read(locale.join(&name)).with_context(|| format!("{name} cannot be read"))?;
        let named = format!("{language}-{}", hash(&content));
        fs::write(workspace.dist.join(format!("{named}.tsv")), content).with_context(|| format!("{named}.tsv cannot be written"))?;
        metas += &format!("<meta name=\"texts-{language}\" content=\"{named}\">");
    }
    let index = workspace.dist.join("index.html");
    let page = super::read(&index)?;
    let parts = page.split_once(CATALOGUES).and_then(|(before, rest)| Some((before, rest.split_once('>')?.1)));
    let Some((before, behind)) = parts else { bail!("index.html has no `{CATALOGUES}`") };
    super::write(&index, &format!("{before}{metas}{behind}"))
}

fn hash(content: &[u8]) -> String {
    HEXLOWER.encode(&sha256(content))[..16].to_owned()
}

/// Whether Trunk has built any of its files: a site may be built without the WebGPU engine.
fn is_there(workspace: &Workspace, family: &Family) -> Result<bool> {
    let names = family.endings.iter().map(|ending| format!("{}{ending}", family.stem));
    let page = super::read(&workspace.dist.join("index.html"))?;
    Ok(page.contains(&format!("content=\"{}\"", family.stem)) || names.into_iter().any(|name| workspace.dist.join(name).exists()))
}

fn rename(workspace: &Workspace, family: &Family) -> Result<()> {
    let dist = &workspace.dist;
    let path = |stem: &str, ending: &str| dist.join(format!("{stem}{ending}"));
    let mut content = Vec::new();
    for ending in family.endings {
        content.extend(fs::read(path(family.stem, ending)).with_context(|| format!("{}{ending} cannot be read", family.stem))?);
    }
    let named = format!("{}-{}", family.stem, hash(&content));
    for ending in family.endings {
        let to = path(&named, ending);
        fs::rename(path(family.stem, ending), &to).with_context(|| format!("{named}{ending} cannot be written"))?;
        if ending.ends_with(".js") {
            // Whole names only: that of the module which the wasm imports from stands in the wasm too.
            let rename = |script: String, ending: &&str| script.replace(&format!("{}{ending}", family.stem), &format!("{named}{ending}"));
            super::write(&to, &family.endings.iter().fold(super::read(&to)?, rename))?;
        }
    }
    let index = dist.join("index.html");
    let page = super::read(&index)?;
    let (old, new) = (format!("content=\"{}\"", family.stem), format!("content=\"{named}\""));
    if page.matches(&old).count() != 1 {
        bail!("index.html does not say `{old}` once");
    }
    super::write(&index, &page.replace(&old, &new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn site(name: &str) -> (Scratch, Workspace) {
        let scratch = Scratch::new(name);
        let workspace = scratch.workspace();
        scratch.write(
            "dist/index.html",
            r#"<meta name="engine-starter" content="engine" /><meta content="worker_cpu" /><meta content="worker_webgpu" /><meta name="texts" content="" />"#,
        );
        scratch.write("www/locale/zh.tsv", "a\tb\n");
        scratch.write("www/locale/zh/lesson.txt", "a\n");
        scratch.write("dist/engine.js", "import(`./${search}_loader.js`)");
        for stem in ["worker_cpu", "worker_webgpu"] {
            scratch.write(&format!("dist/{stem}.js"), &format!("fetch('{stem}_bg.wasm'); imports['./{stem}_bg.js']"));
            scratch.write(&format!("dist/{stem}_loader.js"), &format!("import init from './{stem}.js';await init();"));
            scratch.write(&format!("dist/{stem}_bg.wasm"), stem);
        }
        (scratch, workspace)
    }

    /// The name of the one file with this beginning and end.
    fn find(workspace: &Workspace, start: &str, end: &str) -> String {
        let names = all_files(&workspace.dist).unwrap();
        let found: Vec<_> = names.into_iter().filter(|name| name.starts_with(start) && name.ends_with(end)).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    #[test]
    fn every_file_is_found_under_the_name_that_another_one_says() {
        let (_scratch, workspace) = site("names-found");
        write(&workspace).unwrap();
        let read = |name: &str| crate::site::read(&workspace.dist.join(name)).unwrap();
        for stem in ["worker_cpu", "worker_webgpu"] {
            let code = find(&workspace, stem, "_bg.wasm");
            let named = code.strip_suffix("_bg.wasm").unwrap();
            assert!(read("index.html").contains(&format!("content=\"{named}\"")));
            assert_eq!(read(&format!("{named}_loader.js")), format!("import init from './{named}.js';await init();"));
            assert_eq!(read(&format!("{named}.js")), format!("fetch('{code}'); imports['./{stem}_bg.js']"));
        }
        let texts = find(&workspace, "zh-", ".tsv");
        let meta = format!("<meta name=\"texts-zh\" content=\"{}\">", texts.strip_suffix(".tsv").unwrap());
        assert!(read("index.html").ends_with(&meta), "{}", read("index.html"));
        let engine = find(&workspace, "engine", ".js");
        assert!(read("index.html").contains(&format!("content=\"{}\"", engine.strip_suffix(".js").unwrap())));
    }

    #[test]
    fn another_content_is_another_name_for_that_engine_alone() {
        let ((_one, before), (scratch, after)) = (site("names-before"), site("names-after"));
        scratch.write("dist/worker_cpu_bg.wasm", "other code");
        write(&before).unwrap();
        write(&after).unwrap();
        let name = |workspace: &Workspace, stem| find(workspace, stem, "_bg.wasm");
        assert_ne!(name(&before, "worker_cpu"), name(&after, "worker_cpu"));
        assert_eq!(name(&before, "worker_webgpu"), name(&after, "worker_webgpu"));
    }

    #[test]
    fn a_page_that_names_no_engine_is_refused() {
        let (scratch, workspace) = site("names-page");
        scratch.write("dist/index.html", "<body>");
        assert!(write(&workspace).is_err());
    }
}
