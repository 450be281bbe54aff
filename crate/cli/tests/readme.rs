//! Every command line that the README promises, with what it says and writes held by a transcript in `tests/readme`.
//!
//! `UPDATE=1 cargo test -p glasses-cli --test readme` writes the transcripts anew, for a person to look at.

mod program;
mod transcript;

use program::{folder, names, run};
use std::path::Path;

/// A command line of the README.
struct Line {
    /// As the README has it, behind the name of the program.
    shown: &'static str,
    /// What replaces a part of its link, so that it is answered in seconds: a smaller model, or fewer steps.
    quick: (&'static str, &'static str),
    /// The files that it leaves.
    leaves: &'static [&'static str],
}

const LINES: &[Line] = &[
    Line { shown: "report 'v=1&pos=rotary&n=40' --format table", quick: ("&n=40", "&n=4&max=8&layers=2&heads=2&d=8"), leaves: &[] },
    Line {
        shown: "weights 'v=1&pos=rotary' --out m.safetensors",
        quick: ("&pos=rotary", "&pos=rotary&layers=1&heads=2&d=8"),
        leaves: &["m.safetensors"],
    },
    Line {
        shown: "train 'v=1&tasks=ones&length=16' --out m.safetensors",
        quick: ("&length=16", "&length=3&layers=1&heads=1&d=8&batch=2&steps=3"),
        leaves: &["m.json", "m.safetensors", "m.svg"],
    },
    Line { shown: "draw 'v=1&n=40' --figure sensitivity --out s.svg", quick: ("&n=40", "&n=4&layers=1&heads=1&d=8"), leaves: &["s.svg"] },
    Line { shown: "archive 'v=1&n=40' --out all.zip", quick: ("&n=40", "&n=4&max=8&layers=1&heads=2&d=8"), leaves: &["all.zip"] },
    Line { shown: "controls", quick: ("", ""), leaves: &[] },
];

/// The command lines of the README, without the name of the program and the comment at the end.
fn shown() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(path).expect("the README");
    let commands = text.lines().filter_map(|line| line.strip_prefix("cargo run --release -p glasses-cli -- "));
    commands.map(|line| line.split(" #").next().unwrap_or(line).trim_end().to_string()).collect()
}

/// The arguments in a line of a shell, as far as the README uses a shell: words, and quotes around one.
fn arguments(line: &str) -> Vec<String> {
    line.split_whitespace().map(|word| word.trim_matches('\'').to_string()).collect()
}

#[test]
fn every_command_line_of_the_readme_is_held_here() {
    assert_eq!(shown(), LINES.iter().map(|line| line.shown).collect::<Vec<_>>());
}

#[test]
fn every_command_line_of_the_readme_does_what_its_transcript_says() {
    for line in LINES {
        let folder = folder();
        let (long, short) = line.quick;
        assert!(line.shown.contains(long), "{}: “{long}”", line.shown);
        let command = line.shown.replace(long, short);
        let outcome = run(folder.path(), arguments(&command)).succeeds();
        assert_eq!(names(folder.path()), line.leaves, "{command}");
        let mut text = format!("$ glasses-cli {command}\n{}{}", outcome.said, outcome.noted);
        for name in line.leaves {
            let bytes = std::fs::read(folder.path().join(name)).expect(name);
            text += &format!("\n== {name}\n{}", transcript::of_file(name, &bytes));
        }
        let name = line.shown.split(' ').next().unwrap_or_default();
        transcript::hold(&format!("{name}.txt"), &text);
    }
}

#[test]
fn the_other_forms_of_an_answer_are_for_programs() {
    let folder = folder();
    let report = run(folder.path(), ["report", program::SMALL, "--format", "json"]).succeeds().said;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["link"], program::SMALL);
    let table = run(folder.path(), ["report", program::SMALL, "--format", "csv"]).succeeds().said;
    let (head, rows) = table.split_once('\n').expect("rows");
    assert_eq!(head, "quantity,stage,place,metric,value");
    let is_number = |row: &str| row.rsplit(',').next().is_some_and(|value| value.parse::<f64>().is_ok());
    assert!(rows.lines().count() > 100 && rows.lines().all(is_number), "{rows}");
    let controls = run(folder.path(), ["controls", "--format", "json"]).succeeds().said;
    let controls: serde_json::Value = serde_json::from_str(&controls).expect("JSON");
    assert!(controls["controls"].as_array().is_some_and(|rows| rows.len() > 20));
}

#[test]
fn a_report_says_whether_the_numbers_of_its_link_are_the_same() {
    let folder = folder();
    let report = |link: &str, format: &str| run(folder.path(), ["report", link, "--format", format]).succeeds().said;
    let json = |link: &str| serde_json::from_str::<serde_json::Value>(&report(link, "json")).expect("JSON");
    let plain = json(program::SMALL);
    assert!(plain["sees"].is_null());
    // What is seen, read off the report's own numbers.
    let output = plain["pair"]["stages"].as_array().and_then(|stages| stages.last()).expect("an output");
    let distance = output["distances"]["linf"].as_f64().expect("a number");
    let likeliest = |which: &str| {
        let next: Vec<f64> = serde_json::from_value(plain["pair"][which]["next"].clone()).expect("numbers");
        (0..next.len()).max_by(|&i, &j| next[i].total_cmp(&next[j])).expect("tokens")
    };
    let (a, b) = (likeliest("a"), likeliest("b"));
    let same = format!("{}&sees={distance:.4},{a},{b}", program::SMALL);
    let seen = &json(&same)["sees"];
    assert_eq!(
        (&seen["distance"]["agreement"], &seen["next_a"]["agreement"], &seen["next_b"]["agreement"]),
        (&"same".into(), &"same".into(), &"same".into())
    );
    assert_eq!((seen["metric"].as_str(), seen["distance"]["here"].as_f64()), (Some("linf"), Some(distance)));
    assert_eq!(json(&same)["link"], program::SMALL, "a report's link claims nothing");
    assert!(report(&same, "table").contains("\nthe link's numbers: the same here\n"));
    let other = format!("{}&sees={:.4},{a},{}", program::SMALL, 2.0 * distance, b + 1);
    let seen = &json(&other)["sees"];
    assert_eq!(
        (&seen["distance"]["agreement"], &seen["next_a"]["agreement"], &seen["next_b"]["agreement"]),
        (&"different".into(), &"same".into(), &"different".into())
    );
    let said = report(&other, "table");
    assert!(
        said.contains("The distance (L∞) was ") && said.contains("The next token of B was ") && !said.contains("The next token of A"),
        "{said}"
    );
}

#[test]
fn a_trained_model_is_used_by_every_command_that_takes_one() {
    let folder = folder();
    let recipe = program::recipe(3);
    run(folder.path(), ["train", &recipe, "--out", "m.safetensors"]).succeeds();
    let own = format!("{recipe}&weights=own&n=3&max=4");
    let model = ["--model", "m.safetensors"];
    run(folder.path(), ["report", &own].iter().chain(&model)).succeeds();
    run(folder.path(), ["draw", &own, "--figure", "loss-by-step", "--out", "loss.svg"].iter().chain(&model)).succeeds();
    run(folder.path(), ["weights", &own, "--out", "copy.safetensors"].iter().chain(&model)).succeeds();
    // The curve that training writes is the figure that is drawn of its file.
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect(name);
    assert!(read("loss.svg") == read("m.svg"));
    assert!(read("copy.safetensors") != read("m.safetensors"), "another header");
    run(folder.path(), ["report", &own]).refuses(&["--model"]);
    // Arrays fit a model of other positions too.
    let notes = |link: &str| run(folder.path(), ["report", link].iter().chain(&model)).succeeds().noted;
    assert_eq!(notes(&own), "");
    assert!(notes(&format!("{own}&pos=alibi")).contains("trained with another “pos”"));
}
