//! The part of docs/performance.md on starts: what a runtime takes from an empty cache to its first number, and what it fetches and holds by then.

use std::fmt::Write;

use anyhow::{Context, Result};
use serde_json::Value;

use super::document::{RUNTIMES, list, numbers, quantile, significant, text};

/// The devices as they are measured, in words.
const DEVICES: &[(&str, &str)] = &[("cpu", "processor"), ("webgpu", "WebGPU, software")];

/// Made of tests/bench/starts.json.
pub fn section(measured: &Value) -> Result<String> {
    let mut page = format!(
        "## From nothing to the first number\n\n\
         `cargo xtask bench --starts` measured it on {}: {} cores ({}), Chromium {}, the engine of commit {}. Each start is that of a browser of its own, without anything kept of \
         code or kernels, to the output of a first forward pass over {} tokens of the smaller model, in {} rounds. A line of 20 Mbit/s takes 20 ms there and back. All files \
         are compressed (brotli, quality 5) as a host does while it sends; the weights, {} kB before that, are among them for the others, while ours draws its own. It is the engine alone, without the page around it.\n\n\
         | what | ours, ms |",
        text(measured, "date")?,
        measured["cores"],
        text(measured, "processor")?,
        text(measured, "browser")?,
        text(&measured["versions"], "ours")?,
        measured["n"],
        measured["rounds"],
        measured["weights_kb"],
    );
    let rows = list(measured, "rows")?;
    let first = rows.first().context("no rows")?;
    let others: Vec<_> = RUNTIMES[1..].iter().filter(|(key, _)| !first["runtimes"][*key].is_null()).collect();
    others.iter().try_for_each(|(_, name)| write!(page, " {name} |"))?;
    writeln!(page, " load |\n|---|---|{}---|", "---|".repeat(others.len()))?;
    for row in rows {
        let ours = numbers(&row["runtimes"]["ours"]["times"])?;
        write!(page, "| {}, {} | {} |", device(row)?, text(row, "line")?, significant(quantile(&ours, 0.5)))?;
        for (key, _) in &others {
            let theirs = numbers(&row["runtimes"][*key]["times"])?;
            let ratios: Vec<f64> = theirs.iter().zip(&ours).map(|(theirs, ours)| theirs / ours).collect();
            let [low, median, high] = [0.1, 0.5, 0.9].map(|share| significant(quantile(&ratios, share)));
            write!(page, " {median} ({low}–{high}) |")?;
        }
        let load = numbers(&row["load"])?;
        writeln!(page, " {}–{} |", significant(quantile(&load, 0.0)), significant(quantile(&load, 1.0)))?;
    }
    write!(
        page,
        "\nWhat came over the line by then, and what the browser\u{2019}s processes hold that they did not with an empty page (of their own, in megabytes; the median):\n\n\
         | device | runtime | MB fetched | MB held |\n|---|---|---|---|\n"
    )?;
    for row in rows.iter().filter(|row| row["line"] == "local") {
        for (key, name) in std::iter::once(&RUNTIMES[0]).chain(others.iter().copied()) {
            let runtime = &row["runtimes"][*key];
            let fetched = runtime["bytes"].as_f64().context("no bytes")? / 1e6;
            let held = quantile(&numbers(&runtime["megabytes"])?, 0.5);
            writeln!(page, "| {} | {name} | {} | {} |", device(row)?, significant(fetched), significant(held))?;
        }
    }
    Ok(page)
}

fn device(row: &Value) -> Result<&'static str> {
    let key = text(row, "engine")?;
    DEVICES.iter().find(|(known, _)| *known == key).map(|(_, name)| *name).with_context(|| format!("no device {key}"))
}
