//! The site that is there first: the page and the CPU engine, hardly optimised, without the WebGPU engine, which takes longest to build.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::step::say;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// What Trunk builds it from. It stands at the top, because Trunk reads all paths from there, while it is needed.
const INDEX: &str = "index.quick.html";

/// Builds it into a folder of its own, and says where that is. What has not changed is not built again.
pub fn build(workspace: &Workspace) -> Result<Workspace> {
    let tools = Toolbox::ready(workspace)?;
    let quick = Workspace {
        root: workspace.root.clone(),
        target: workspace.target.clone(),
        cache: workspace.cache.clone(),
        dist: workspace.target.join("xtask/quick"),
    };
    let source = workspace.root.join("index.html");
    let index = fs::read_to_string(&source).with_context(|| format!("{} cannot be read", source.display()))?;
    let temporary = workspace.root.join(INDEX);
    fs::write(&temporary, of(&index)?).with_context(|| format!("{} cannot be written", temporary.display()))?;
    say("building the page and the CPU engine, hardly optimised", "5 minutes the first time on two cores");
    let built = super::trunk(&quick, &tools, INDEX);
    fs::remove_file(&temporary).with_context(|| format!("{} cannot be removed", temporary.display()))?;
    built.map(|()| quick)
}

/// An index.html that lists no WebGPU engine, and asks for no optimisation that takes minutes.
fn of(index: &str) -> Result<String> {
    let mut quick = String::new();
    for line in index.lines() {
        if line.contains("data-bin=\"worker_webgpu\"") {
            continue;
        }
        let line = if line.contains("data-trunk rel=\"rust\"") {
            in_profile(line)?
        } else {
            line.replace("content=\"worker_webgpu\"", "content=\"\"")
        };
        quick += &line;
        quick.push('\n');
    }
    if quick.contains("worker_webgpu") {
        bail!("index.html names the WebGPU engine where it is not expected");
    }
    Ok(quick)
}

/// An artefact in the profile `quick`, left as the compiler writes it.
fn in_profile(line: &str) -> Result<String> {
    let line = without(line, "data-cargo-profile")?;
    let line = without(&line, "data-wasm-opt")?;
    Ok(line.replacen("rel=\"rust\"", "rel=\"rust\" data-cargo-profile=\"quick\" data-wasm-opt=\"0\"", 1))
}

/// A line without an attribute, whether it has it or not.
fn without(line: &str, attribute: &str) -> Result<String> {
    let Some((before, rest)) = line.split_once(&format!(" {attribute}=\"")) else { return Ok(line.to_owned()) };
    let (_, behind) = rest.split_once('"').with_context(|| format!("{attribute} has no end in `{line}`"))?;
    Ok(format!("{before}{behind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_webgpu_engine_is_built_quickly() {
        let quick = of(include_str!("../../../../index.html")).unwrap();
        let artefacts: Vec<_> = quick.lines().filter(|line| line.contains("data-trunk rel=\"rust\"")).collect();
        assert_eq!(artefacts.len(), 2, "{artefacts:?}");
        for artefact in artefacts {
            assert_eq!(artefact.matches("data-cargo-profile=").count(), 1, "{artefact}");
            assert!(artefact.contains("data-cargo-profile=\"quick\""), "{artefact}");
            assert_eq!(artefact.matches("data-wasm-opt=").count(), 1, "{artefact}");
            assert!(artefact.contains("data-wasm-opt=\"0\""), "{artefact}");
        }
        assert!(quick.contains("<meta name=\"engine-webgpu\" content=\"\" />"));
        assert!(quick.contains("<meta name=\"engine-cpu\" content=\"worker_cpu\" />"));
    }
}
