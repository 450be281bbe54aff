//! docs/performance.md, made of what `cargo xtask bench --peers` and `--language-model` measured. A test holds the page in the repository to its measurements.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::workspace::Workspace;

/// The page.
pub const PATH: &str = "docs/performance.md";

/// A runtime: its key, and its name in a table.
pub const RUNTIMES: &[(&str, &str)] = &[
    ("ours", "Glasses"),
    ("ort", "ONNX Runtime"),
    ("ort-fused", "ONNX Runtime, its own attention"),
    ("tfjs", "TensorFlow.js"),
    ("jax", "jax-js"),
    ("wllama", "llama.cpp"),
    ("torch", "PyTorch"),
    ("torch-graph", "PyTorch, as a CUDA graph"),
];

/// How to read the table of the language model.
const OF_LANGUAGE_MODEL: &str = "llama.cpp rounds what it multiplies with a block to 8 bits, and multiplies whole numbers; ours multiplies in f32, for what is \
     measured here are differences far smaller than such rounding. The text that is written has to be the same.";

/// How to read the table of a graphics processor.
const OF_HARDWARE: &str = "A number is read after each run, so that a run has at least the way to the graphics processor and back in it: some four milliseconds here, which \
     is nearly all that a short text takes.";

/// How to read the table beside PyTorch.
const OF_PYTORCH: &str = "PyTorch multiplies in f32 (no TF32) with its own attention; what it does operation by operation it also does as one recorded graph, which saves \
     the starting of kernels. In each run tokens go to the card, and the last token's output comes back. PyTorch's kernels are made for this card; ours are those of the page, which \
     run on any. A sweep is as above: ours makes the curves of all layers and heads.";

/// A device: its key, its heading, and how to read its table.
const ENGINES: &[(&str, &str, &str)] = &[
    (
        "cpu",
        "One thread of the processor, in WebAssembly",
        "A sweep is one forward for the others, whose rows a script compares; ours makes the curves of all layers and heads, too. The Jacobian is the full one, by \
         all d cotangents; ONNX Runtime has no gradients, and jax-js is left out of it.",
    ),
    (
        "webgpu",
        "WebGPU, on an adapter made of software (SwiftShader)",
        "Such an adapter computes on the processor, where sharing memory in a workgroup and waiting for each other cost far more than on a graphics processor: of other \
         adapters these ratios say nothing. The calls below are the same on all.",
    ),
];

/// Calls that are counted in one forward.
const CALLS: &[&str] = &["dispatches", "submits", "maps", "buffers"];

/// What the page tells of, a file of tests/bench each.
pub struct Measured {
    /// The tiny models.
    pub tiny: Value,
    /// The same on a graphics processor.
    pub hardware: Value,
    /// The same natively, beside PyTorch.
    pub native: Value,
    /// The section on starts from an empty cache, which [`starts`](super::starts) writes.
    pub starts: String,
    /// A language model.
    pub language: Value,
}

/// The page in whole.
pub fn of(Measured { tiny: measured, hardware, native, starts, language }: &Measured) -> Result<String> {
    let version = |key| text(&measured["versions"], key);
    let models = list(measured, "models")?;
    let mut page = format!(
        "# Performance beside other runtimes\n\n\
         `cargo xtask bench --peers` measured what stands here and wrote it, from `tests/bench/peers.json`; a test holds the two together. \
         [Decision 38](decisions/0038-beside-other-runtimes.md) says why these runtimes, and what is left out.\n\n\
         The same decoder with the same weights (`glasses-cli weights`) runs in onnxruntime-web {}, @tensorflow/tfjs {} and @jax-js/jax {}, each in a page of \
         its own of one browser, in turns: one sample of each, then the next round. A sample is as many runs as fill {} ms. What is shown is the ratio of \
         the other's time to ours within a round, so that **above 1 ours is faster**: the median of all rounds (the 10th to the 90th percentile). \
         The load is that of the whole machine while a row was measured; where it is above the number of cores, absolute times are a busy machine's.\n\n\
         Measured on {}: {} cores ({}), Chromium {} at niceness {}, the engine of commit {}.\n",
        version("ort")?,
        version("tfjs")?,
        version("jax")?,
        measured["least_ms"],
        text(measured, "date")?,
        measured["cores"],
        text(measured, "processor")?,
        text(measured, "browser")?,
        measured["niceness"],
        version("ours")?,
    );
    for (engine, heading, how) in ENGINES {
        let rows: Vec<&Value> = list(measured, "rows")?.iter().filter(|row| row["engine"] == *engine).collect();
        write!(page, "\n## {heading}\n\n{how}\n\n{}", times(&rows, models)?)?;
        if rows.iter().any(|row| !row["runtimes"]["ours"]["counts"].is_null()) {
            write!(page, "\n{}", counts(&rows, models)?)?;
        }
    }
    write!(page, "\n{}", on_hardware(hardware)?)?;
    write!(page, "\n{}", beside_pytorch(native)?)?;
    write!(page, "\n{starts}")?;
    write!(page, "\n{}", agreement(&[measured, hardware, native])?)?;
    write!(page, "\n{}", of_language_model(language)?)?;
    Ok(page)
}

/// What a browser's pages take on a graphics processor.
fn on_hardware(measured: &Value) -> Result<String> {
    let rows: Vec<&Value> = list(measured, "rows")?.iter().collect();
    Ok(format!(
        "## WebGPU, on a graphics processor\n\n\
         `cargo xtask bench --peers --hardware` measured it in the same way on {}: {} by the driver's Vulkan, {} cores ({}), Chromium {}, the engine of commit {}. {OF_HARDWARE}\n\n{}\n{}",
        text(measured, "date")?,
        text(measured, "adapter")?,
        measured["cores"],
        text(measured, "processor")?,
        text(measured, "browser")?,
        text(&measured["versions"], "ours")?,
        times(&rows, list(measured, "models")?)?,
        counts(&rows, list(measured, "models")?)?,
    ))
}

/// What the engine takes natively, on the card that PyTorch has, too.
fn beside_pytorch(measured: &Value) -> Result<String> {
    let rows: Vec<&Value> = list(measured, "rows")?.iter().collect();
    Ok(format!(
        "## Natively, beside PyTorch on the same card\n\n\
         `cargo xtask bench --pytorch` measured it on {}: {}, PyTorch {}, our engine of commit {} by Vulkan. {OF_PYTORCH}\n\n{}",
        text(measured, "date")?,
        text(measured, "card")?,
        text(&measured["versions"], "torch")?,
        text(&measured["versions"], "ours")?,
        times(&rows, list(measured, "models")?)?,
    ))
}

/// What a language model takes beside llama.cpp.
fn of_language_model(measured: &Value) -> Result<String> {
    let models = list(measured, "models")?;
    let rows: Vec<&Value> = list(measured, "rows")?.iter().collect();
    Ok(format!(
        "## A language model, on one thread of the processor\n\n\
         `cargo xtask bench --language-model` measured it in the same way, from `{}`, in llama.cpp compiled to WebAssembly (@wllama/wllama {}), on {}: {} cores ({}), \
         Chromium {} at niceness {}, the engine of commit {}. {OF_LANGUAGE_MODEL}\n\n{}",
        text(models.first().context("no model")?, "file")?,
        text(&measured["versions"], "wllama")?,
        text(measured, "date")?,
        measured["cores"],
        text(measured, "processor")?,
        text(measured, "browser")?,
        measured["niceness"],
        text(&measured["versions"], "ours")?,
        times(&rows, models)?,
    ))
}

/// Ratios, a row a job.
fn times(rows: &[&Value], models: &[Value]) -> Result<String> {
    let columns = &asked(rows)[1..];
    let mut table = String::from("| what | ours, ms |");
    columns.iter().try_for_each(|(_, name)| write!(table, " {name} |"))?;
    writeln!(table, " rounds | load |\n|---|---|{}---|---|", "---|".repeat(columns.len()))?;
    for row in rows {
        let ours = numbers(&row["runtimes"]["ours"]["times"])?;
        write!(table, "| {} | {} |", what(row, models)?, significant(quantile(&ours, 0.5)))?;
        for (key, _) in columns {
            let runtime = &row["runtimes"][*key];
            let cell = match numbers(&runtime["times"]) {
                Err(_) => "–".to_owned(),
                Ok(theirs) if theirs.is_empty() && !runtime["failed"].is_null() => "failed".to_owned(),
                Ok(theirs) if theirs.is_empty() => "other numbers".to_owned(),
                Ok(theirs) => {
                    let ratios: Vec<f64> = theirs.iter().zip(&ours).map(|(theirs, ours)| theirs / ours).collect();
                    let [low, median, high] = [0.1, 0.5, 0.9].map(|share| significant(quantile(&ratios, share)));
                    format!("{median} ({low}–{high})")
                }
            };
            write!(table, " {cell} |")?;
        }
        let load = numbers(&row["load"])?;
        writeln!(table, " {} | {}–{} |", ours.len(), significant(quantile(&load, 0.0)), significant(quantile(&load, 1.0)))?;
    }
    Ok(table)
}

/// The runtimes that some row asks, ours first.
fn asked(rows: &[&Value]) -> Vec<(&'static str, &'static str)> {
    RUNTIMES.iter().filter(|(key, _)| rows.iter().any(|row| !row["runtimes"][*key].is_null())).copied().collect()
}

/// What a run asks of WebGPU.
fn counts(rows: &[&Value], models: &[Value]) -> Result<String> {
    let mut table = String::from(
        "Calls in one run of a runtime that is warm; a map is a read of a buffer:\n\n| what | runtime | dispatches | submits | maps | new buffers |\n\
         |---|---|---|---|---|---|\n",
    );
    for row in rows {
        for (key, name) in RUNTIMES {
            let counts = &row["runtimes"][*key]["counts"];
            if counts.is_object() {
                write!(table, "| {} | {name} |", what(row, models)?)?;
                CALLS.iter().try_for_each(|call| write!(table, " {} |", counts[*call]))?;
                table.push('\n');
            }
        }
    }
    Ok(table)
}

/// How far numbers are from ours.
fn agreement(sets: &[&Value]) -> Result<String> {
    let tolerance = sets.first().and_then(|measured| measured["tolerance"].as_f64()).context("no tolerance")?;
    let mut text = format!(
        "## Agreement\n\nThe greatest difference from the numbers of our engine on the processor, and beside PyTorch from those on the card: of a forward, of the coordinates \
         of the last token's output, whose size is 1; of a sweep, of the L2 distances; of a Jacobian, of its blocks' norms, as a share of the greatest. A runtime \
         that is off by more than {} is not timed.\n\n| what | device |",
        power(tolerance)
    );
    let rows = sets.iter().map(|measured| list(measured, "rows")).collect::<Result<Vec<_>>>()?.concat();
    let rows: Vec<&Value> = rows.iter().collect();
    let runtimes = asked(&rows);
    runtimes.iter().try_for_each(|(_, name)| write!(text, " {name} |"))?;
    writeln!(text, "\n|---|---|{}", "---|".repeat(runtimes.len()))?;
    for (measured, row) in
        sets.iter().flat_map(|measured| measured["rows"].as_array().into_iter().flatten().map(move |row| (measured, row)))
    {
        let device = match (row["engine"].as_str(), measured["adapter"].as_str()) {
            (Some("cpu"), _) => "processor",
            (Some("webgpu"), Some(adapter)) if !adapter.contains("swiftshader") => "WebGPU, hardware",
            (Some("webgpu"), _) => "WebGPU, software",
            _ => "native, hardware",
        };
        write!(text, "| {} | {device} |", what(row, list(measured, "models")?)?)?;
        for (key, _) in &runtimes {
            let runtime = &row["runtimes"][*key];
            let cell = match (runtime["difference"].as_f64(), runtime["failed"].as_str()) {
                (Some(difference), _) => power(difference),
                (None, Some(_)) => "failed".to_owned(),
                (None, None) if runtime.is_null() => "–".to_owned(),
                (None, None) => "not a number".to_owned(),
            };
            write!(text, " {cell} |")?;
        }
        text.push('\n');
    }
    Ok(text)
}

/// A job in words.
fn what(row: &Value, models: &[Value]) -> Result<String> {
    let (n, job) = (row["n"].as_u64().context("no n")?, text(row, "job")?);
    match job {
        "prompt" => return Ok(format!("a prompt of {} tokens, and the token behind it", row["tokens"])),
        "written" => return Ok(format!("{n} tokens, one by one, behind a prompt of {}", row["tokens"])),
        _ => {}
    }
    let name = text(row, "model")?;
    if name == "language" {
        return Ok(format!("sweep to {n} ones behind a question, every length from 1 on"));
    }
    let model = models.iter().find(|model| model["name"] == name).with_context(|| format!("no model {name}"))?;
    let shape = format!("d = {}, {} layers, {} heads", model["d"], model["layers"], model["heads"]);
    Ok(match job {
        "forward" => format!("forward, {n} tokens; {shape}"),
        "sweep" => format!("sweep to {n}; {shape}"),
        "jacobian" => format!("exact Jacobian, {n} tokens; {shape}"),
        other => other.to_owned(),
    })
}

/// The value below which this share lies, between the two nearest.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = share * sorted.len().saturating_sub(1) as f64;
    let [below, above] = [at.floor(), at.ceil()].map(|index| sorted.get(index as usize).copied().unwrap_or(f64::NAN));
    below + (above - below) * at.fract()
}

/// Two decimals below 10, one below 100.
pub fn significant(value: f64) -> String {
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$}")
}

/// One digit and a power of ten.
fn power(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let written = format!("{value:.1e}");
    let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    format!("{digits} · 10<sup>{}</sup>", exponent.replace('-', "−"))
}

/// A file of JSON in the repository.
pub fn read(workspace: &Workspace, path: &str) -> Result<Value> {
    let text = fs::read_to_string(workspace.root.join(path)).with_context(|| format!("{path} cannot be read"))?;
    serde_json::from_str(&text).with_context(|| format!("{path} is no JSON"))
}

/// A field that is text.
pub fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().with_context(|| format!("no text `{key}`"))
}

/// A field that is a list.
pub fn list<'a>(value: &'a Value, key: &str) -> Result<&'a [Value]> {
    Ok(value[key].as_array().with_context(|| format!("no list `{key}`"))?)
}

/// A list of numbers.
pub fn numbers(value: &Value) -> Result<Vec<f64>> {
    value.as_array().context("no list of numbers")?.iter().map(|number| number.as_f64().context("no number")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_lies_between_the_nearest_values() {
        let values = [4.0, 1.0, 3.0, 2.0];
        for (share, expected) in [(0.0, 1.0), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)] {
            assert!((quantile(&values, share) - expected).abs() < 1e-12, "{share}");
        }
    }
}
