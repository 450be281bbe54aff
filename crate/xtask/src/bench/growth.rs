//! `cargo xtask bench --growth`: how a forward's time and memory grow, and where they are stopped. docs/growth.md is made of what it measured, and a test
//! holds the page in the repository to its measurements.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::document::{list, numbers, quantile, significant, text};
use super::{CPU, document};
use crate::machine::chromium;
use crate::step::{run, say};
use crate::test::browser;
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// What every run took, from which the page is made.
const MEASURED: &str = "tests/bench/growth.json";
/// The page.
const PATH: &str = "docs/growth.md";

const MIB: f64 = 1_048_576.0;

/// What grows: its key, its heading, and how it grows by what is counted.
const AXES: &[(&str, &str, &str)] = &[
    ("n", "Tokens", "Products with weights grow with n, scores and weighted sums with n²."),
    ("d", "Width", "At 256 tokens. Products with weights grow with d², attention with d; exponentials do not grow."),
    ("layers", "Layers", "At 256 tokens."),
    ("heads", "Heads", "At 1,024 tokens. Heads share the width, so that products stay what they are; each has exponentials of its own."),
];

/// Measures, and writes the measurements and the page.
pub fn bench(workspace: &Workspace) -> Result<()> {
    let chrome = chromium::find()?;
    browser::install(workspace)?;
    let folder = workspace.target.join("xtask/growth");
    CPU.write(workspace, &Toolbox::ready(workspace)?, &folder)?;
    say("one size after the other, in a browser", "2 minutes");
    let measured = workspace.root.join(MEASURED);
    run(Command::new("node")
        .arg("growth.mjs")
        .args([&folder, &measured])
        .current_dir(workspace.root.join("tests/browser"))
        .env("CHROME", chrome))?;
    write(workspace)
}

/// The page, of what was measured last.
pub fn write(workspace: &Workspace) -> Result<()> {
    let page = workspace.root.join(PATH);
    fs::write(&page, of(&document::read(workspace, MEASURED)?)?).with_context(|| format!("{} cannot be written", page.display()))
}

/// The page in whole.
fn of(measured: &Value) -> Result<String> {
    let default = shape(&measured["default"]);
    let mut page = format!(
        "# How time and memory grow\n\n\
         `cargo xtask bench --growth` measured what stands here and wrote it, from `tests/bench/growth.json`; a test holds the two together.\n\n\
         A forward of the default model ({default}) with one number changed, on one thread of the processor, in WebAssembly: the least of all rounds \
         and their median, for other work on a machine only adds. An exponent is that of the least times in the step from the row before, log(t′/t) / log(x′/x): 1 is linear, 2 quadratic. Beside it stands that of the \
         floating-point operations as limits count them, so that a difference is what they leave out: exponentials, norms, and what a forward costs whatever its size. Memory is \
         all that the module of a fresh page has after one forward.\n\n\
         Measured on {}: {} cores ({}), Chromium {}, the engine of commit {}.\n",
        text(measured, "date")?,
        measured["cores"],
        text(measured, "processor")?,
        text(measured, "browser")?,
        text(measured, "engine")?,
    );
    for (axis, heading, how) in AXES {
        let rows: Vec<&Value> = list(measured, "rows")?.iter().filter(|row| row["axis"] == *axis).collect();
        write!(page, "\n## {heading}\n\n{how}\n\n{}", table(axis, &rows)?)?;
    }
    write!(page, "\n{}", stop(measured)?)?;
    Ok(page)
}

/// A row a size.
fn table(axis: &str, rows: &[&Value]) -> Result<String> {
    let mut table =
        format!("| {axis} | least, ms | median | exponent | of the operations | memory, MiB | load |\n|---|---|---|---|---|---|---|\n");
    let mut before: Option<[f64; 3]> = None;
    for row in rows {
        let number = |key: &str| row[key].as_f64().with_context(|| format!("no number `{key}`"));
        let times = numbers(&row["times"])?;
        let [least, median] = [0.0, 0.5].map(|share| quantile(&times, share));
        let size @ [value, _, flop] = [number("value")?, least, number("flop")?];
        let exponents = before.map(|[x, t, f]| [least / t, flop / f].map(|ratio| format!("{:.2}", ratio.ln() / (value / x).ln())));
        let [time, operations] = exponents.unwrap_or_else(|| ["–".to_owned(), "–".to_owned()]);
        let load = numbers(&row["load"])?;
        writeln!(
            table,
            "| {} | {} | {} | {time} | {operations} | {:.0} | {}–{} |",
            row["value"],
            significant(least),
            significant(median),
            number("bytes")? / MIB,
            significant(quantile(&load, 0.0)),
            significant(quantile(&load, 1.0)),
        )?;
        before = Some(size);
    }
    Ok(table)
}

/// Where growth ends, and what people read there.
fn stop(measured: &Value) -> Result<String> {
    let mut text = String::from(
        "## Where it stops\n\nLimits ([crate/contract/src/limits.rs](../crate/contract/src/limits.rs)) bound each number by itself and a forward by its floating-point \
         operations. What is left of the tokens then, asked of the engine:\n\n| model | most tokens |\n|---|---|\n",
    );
    for model in list(measured, "most")? {
        writeln!(text, "| {} | {} |", shape(model), model["tokens"])?;
    }
    let refused = &measured["refused"];
    write!(
        text,
        "\nA link that asks for more, `{}`, opens with what is possible, and says:\n\n> {}\n\nA text that is longer is not read, in a sentence under the figure that says how many \
         tokens are possible; while something is computed, every step asks whether it is still wanted (docs/decisions/0025-bounds-and-steps.md).\n",
        document::text(refused, "link")?,
        document::text(refused, "told")?,
    )?;
    Ok(text)
}

/// A model in words.
fn shape(model: &Value) -> String {
    format!("d = {}, {} layers, {} heads", model["d"], model["layers"], model["heads"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_was_measured() {
        let measured: Value = serde_json::from_str(include_str!("../../../../tests/bench/growth.json")).unwrap();
        let written = include_str!("../../../../docs/growth.md");
        assert!(written == of(&measured).unwrap(), "docs/growth.md is not edited: `cargo xtask bench --growth --page` writes it");
    }

    #[test]
    fn an_exponent_is_that_of_the_step_from_the_row_before() {
        let row = |n: u64, ms: f64| serde_json::json!({"value": n, "times": [9.0 * ms, ms, ms + 1.0], "flop": n * n * n, "bytes": 2 << 20, "load": [1.0, 2.0]});
        let rows = [row(10, 3.0), row(20, 12.0)];
        let table = table("n", &rows.iter().collect::<Vec<_>>()).unwrap();
        assert!(table.ends_with("| 20 | 12.0 | 13.0 | 2.00 | 3.00 | 2 | 1.00–2.00 |\n"), "{table}");
    }
}
