//! What a study asks: a link, axes of values that change it, and questions.

use crate::failure::Failure;
use crate::shipped::Shipped;
use crate::{input, report};
use glasses_contract::config::Which;
use glasses_contract::controls::{self, CONTROLS};
use glasses_contract::question::Topic;
use glasses_contract::sequence::Sequences;
use glasses_contract::{Config, limits, open};
use glasses_engine::Progress;
use glasses_plots::table::csv_line;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

/// More than anybody writes about a study.
const MOST_BYTES: u64 = 1 << 20;

/// The greatest number of points: more are no study but a mistake in a range.
const MOST_POINTS: usize = 1_000_000;

/// The file, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    link: String,
    /// The parts of a report that are asked for.
    #[serde(default)]
    ask: Vec<String>,
    #[serde(default)]
    axes: toml::Table,
}

/// A study that can be answered.
pub struct Plan {
    /// What it is called where somebody is told of it.
    name: String,
    link: String,
    asked: Vec<Topic>,
    axes: Vec<Axis>,
}

/// A control and its values, as a link writes them.
struct Axis {
    key: &'static str,
    values: Vec<String>,
}

/// One configuration of a study.
pub struct Point {
    /// Where it stands among all points: the last axis varies fastest.
    pub index: usize,
    /// Its link.
    pub link: String,
    /// Its value on each axis, as a link writes it.
    pub values: Vec<String>,
}

impl Plan {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence, if it can't be read or is no study.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let text = String::from_utf8(input::read(path, MOST_BYTES)?).map_err(|_| Failure::unreadable(path, "it is not text"))?;
        let plan = Self::read(&text).map_err(|why| Failure::unreadable(path, why))?;
        Ok(Self { name: path.display().to_string(), ..plan })
    }

    /// Reads a study; all of its values are looked at before anything is computed.
    ///
    /// # Errors
    /// Why it is none, as half a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::of(toml::from_str(text).map_err(|error| format!("it is no study: {}", error.to_string().trim()))?)
    }

    /// Reads a study that is written in JSON, with the same names.
    ///
    /// # Errors
    /// As [`Plan::read`].
    pub fn read_json(text: &str) -> Result<Self, String> {
        Self::of(serde_json::from_str(text).map_err(|error| format!("it is no study: {error}"))?)
    }

    fn of(file: File) -> Result<Self, String> {
        let (.., warnings) = open::admitted(&file.link);
        if let Some(warning) = warnings.first() {
            return Err(format!("its link says something else than it means: {warning}"));
        }
        let asked = file.ask.iter().map(|word| topic(word)).collect::<Result<_, _>>()?;
        let axes = file.axes.iter().map(|(key, value)| Axis::read(&file.link, key, value)).collect::<Result<Vec<_>, _>>()?;
        let plan = Self { name: "the study".into(), link: file.link, asked, axes };
        match plan.axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len())) {
            Some(count) if count <= MOST_POINTS => Ok(plan),
            _ => Err(format!("it has more than {MOST_POINTS} points")),
        }
    }

    /// What it is called where somebody is told of it: its file, if it is of one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its axes: the key of a control, and the values as a link writes them.
    pub fn axes(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.axes.iter().map(|axis| (axis.key, axis.values.as_slice()))
    }

    /// How many points there are.
    pub fn count(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The questions; all that apply, where there are none.
    pub fn asked(&self) -> &[Topic] {
        &self.asked
    }

    /// All points in their order.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        (0..self.count()).map(|index| {
            let mut left = index;
            let mut values: Vec<String> = Vec::with_capacity(self.axes.len());
            for axis in self.axes.iter().rev() {
                values.push(axis.values[left % axis.values.len()].clone());
                left /= axis.values.len();
            }
            values.reverse();
            let settings = self.axes.iter().zip(&values).map(|(axis, value)| (axis.key, value.as_str()));
            Point { index, link: changed(&self.link, settings), values }
        })
    }

    /// In a line: how many values each axis has, and what is asked.
    pub fn describe(&self) -> String {
        let axes: Vec<String> = self.axes.iter().map(|axis| format!("{} ({})", axis.key, axis.values.len())).collect();
        let asked: Vec<&str> = self.asked.iter().map(|topic| topic.part()).collect();
        let asked = if asked.is_empty() { "everything that applies".into() } else { asked.join(", ") };
        format!("{} points over {}; asked: {asked}", self.count(), if axes.is_empty() { "no axis".into() } else { axes.join(" × ") })
    }

    /// Tells this study from every other: what it means, not how its file is written.
    pub fn identity(&self) -> String {
        let mut text = format!("{}\n{}\n{:?}\n", env!("CARGO_PKG_VERSION"), self.link, self.asked);
        for axis in &self.axes {
            let _ = writeln!(text, "{} {:?}", axis.key, axis.values);
        }
        Sha256::digest(text).iter().take(16).fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        })
    }

    /// The first line of the CSV.
    pub fn header(&self) -> String {
        let axes = self.axes.iter().map(|axis| axis.key);
        let cells = ["point", "link"].into_iter().chain(axes).chain(["quantity", "stage", "place", "metric", "value", "note"]);
        csv_line(cells.map(String::from), "\n")
    }
}

impl Point {
    /// Its rows in CSV: one a number, and one for each sentence about what has no answer.
    pub fn rows(&self, asked: &[Topic], library: Result<Shipped, Failure>, progress: &impl Progress) -> String {
        let before = || [self.index.to_string(), self.link.clone()].into_iter().chain(self.values.iter().cloned());
        let mut text = String::new();
        let mut row = |cells: [&str; 6]| text += &csv_line(before().chain(cells.map(String::from)), "\n");
        match library.and_then(|library| report::answer_to(&self.link, asked, library.of_point(&self.link), 1, progress)) {
            Ok(report) => {
                for cells in report::long(&report).body() {
                    if let [quantity, stage, place, metric, value] = cells.as_slice() {
                        row([quantity, stage, place, metric, value, ""]);
                    }
                }
                for warning in &report.warnings {
                    row(["note", "", "", "", "", &warning.to_string()]);
                }
            }
            Err(failure) => row(["failed", "", "", "", "", &failure.to_string()]),
        }
        text
    }

    /// About how many floating-point operations it takes to answer the pair, the sweep and the sensitivity, as far as they are asked for.
    pub fn flop(&self, asked: &[Topic]) -> u64 {
        let (config, ..) = open::admitted(&self.link);
        let is_asked = |topic| asked.is_empty() || asked.contains(&topic);
        let Ok(sequences) = Sequences::parse(&config.input) else { return 0 };
        let length = sequences.len(Which::B, config.input.n).min(limits::MAX_TOKENS as u64) as usize;
        let one = limits::forward_flop(&config, length);
        // A cotangent for each coordinate of the output goes back through the forward pass, twice: attention moves, and is frozen.
        let backward = 4 * config.model.width as u64;
        [
            (Topic::Pair, 2 * one),
            (Topic::Sweep, limits::sweep_flop(&config, &sequences, config.input.max_n)),
            (Topic::Sensitivity, one.saturating_mul(backward)),
        ]
        .into_iter()
        .filter(|(topic, _)| is_asked(*topic))
        .fold(0, |sum: u64, (_, flop)| sum.saturating_add(flop))
    }
}

impl Axis {
    fn read(link: &str, key: &str, value: &toml::Value) -> Result<Self, String> {
        let control = controls::find(key).ok_or_else(|| {
            let known: Vec<&str> = CONTROLS.iter().map(|control| control.key).collect();
            format!("there is no control “{key}”; there are {}", known.join(", "))
        })?;
        let values = values(key, value)?;
        if values.is_empty() {
            return Err(format!("the axis “{key}” has no values"));
        }
        for value in &values {
            control.read(&mut Config::default(), value).map_err(|why| format!("{key} can’t be {value}: {why}"))?;
            let (.., warnings) = open::admitted(&changed(link, [(control.key, value.as_str())]));
            if let Some(warning) = warnings.iter().find(|warning| warning.key == control.key) {
                return Err(format!("{key} can’t be {value}: {}", warning.sentence));
            }
        }
        Ok(Self { key: control.key, values })
    }
}

/// A list of values, or a range of whole numbers with both ends: `{ from = 8, to = 64, step = 8 }`.
fn values(key: &str, value: &toml::Value) -> Result<Vec<String>, String> {
    let single = |value: &toml::Value| match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        _ => Err(format!("a value of “{key}” is neither a text nor a number")),
    };
    match value {
        toml::Value::Array(values) => values.iter().map(single).collect(),
        toml::Value::Table(range) => {
            let end = |name: &str| range.get(name).and_then(toml::Value::as_integer);
            let step = end("step").unwrap_or(1);
            let names_are_known = range.keys().all(|name| ["from", "to", "step"].contains(&name.as_str()));
            match (end("from"), end("to")) {
                (Some(from), Some(to)) if names_are_known && step > 0 && from <= to && (to - from) / step < MOST_POINTS as i64 => {
                    Ok((from..=to).step_by(step as usize).map(|number| number.to_string()).collect())
                }
                _ => Err(format!("the range of “{key}” is no {{ from = 1, to = 9, step = 2 }} of whole numbers")),
            }
        }
        value => single(value).map(|value| vec![value]),
    }
}

/// A link with some of its settings changed, in its shortest form.
fn changed<'a>(link: &str, settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let (experiment, frame, _) = open::admitted(link);
    let mut config = Config { experiment: experiment.into_inner(), frame };
    for (key, value) in settings {
        // A value that its control refuses was found out when the study was read.
        if let Some(control) = controls::find(key) {
            let _ = control.read(&mut config, value);
        }
    }
    open::encode(&config)
}

/// A topic by the name that its part of a report has.
///
/// # Errors
/// If a report has no such part.
pub fn topic(asked: &str) -> Result<Topic, String> {
    // Two parts were called by their questions once, and studies that say so are still read.
    let is_meant = |topic: &Topic| topic.part() == asked || format!("{topic:?}").to_lowercase() == asked;
    Topic::ALL.iter().copied().find(is_meant).ok_or_else(|| {
        let parts: Vec<&str> = Topic::ALL.iter().map(|topic| topic.part()).collect();
        format!("a report has no part “{asked}”; it has {}", parts.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_axis_varies_fastest() {
        let plan =
            Plan::read("link = 'v=1&layers=1'\nask = ['sweep']\n[axes]\nn = { from = 4, to = 8, step = 2 }\npos = ['rotary', 'alibi']\n");
        let plan = plan.unwrap();
        let values: Vec<_> = plan.points().map(|point| point.values.join(" ")).collect();
        assert_eq!(values, ["4 rotary", "4 alibi", "6 rotary", "6 alibi", "8 rotary", "8 alibi"]);
        assert!(plan.points().all(|point| point.link.contains("layers=1")));
        assert_eq!(plan.asked(), [Topic::Sweep]);
        assert_eq!(plan.header(), "point,link,n,pos,quantity,stage,place,metric,value,note\n");
    }

    #[test]
    fn mistakes_are_found_before_anything_is_computed() {
        for (text, says) in [
            ("lnk = ''", "unknown field"),
            ("[axes]\nposition = ['rotary']", "no control “position”"),
            ("[axes]\npos = ['rotari']", "pos can’t be rotari"),
            ("[axes]\nlayers = [99]", "layers can’t be 99"),
            ("[axes]\nn = []", "no values"),
            ("[axes]\nn = { from = 5, to = 1 }", "range of “n”"),
            ("[axes]\nn = { from = 1, until = 4 }", "range of “n”"),
            ("[axes]\nseed = { from = 0, to = 4000000 }", "range of “seed”"),
            ("ask = ['sweeep']", "no part “sweeep”"),
            ("link = 'v=1&nonsense=1'", "nonsense"),
        ] {
            let refused = Plan::read(text).err().unwrap_or_default();
            assert!(refused.contains(says), "{text}: {refused}");
        }
    }

    #[test]
    fn a_study_is_what_it_means_and_not_how_it_is_written() {
        let identity = |text: &str| Plan::read(text).unwrap().identity();
        assert_eq!(identity("[axes]\nn = [4, 5, 6]"), identity("# A comment.\n[axes.n]\nfrom = 4\nto = 6"));
        assert_ne!(identity("[axes]\nn = [4, 5, 6]"), identity("[axes]\nn = [4, 5]"));
    }
}
