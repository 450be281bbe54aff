//! Every command line that the README promises, with the smallest settings that still do it.

mod program;

use program::{folder, names, run};
use std::path::Path;

/// What makes a link of the README quick to answer.
const QUICK: &str = "&layers=1&heads=1&d=8&max=8&length=3&batch=2&steps=3";

/// The command lines of the section, each as its arguments.
fn command_lines() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(path).expect("the README");
    let section = text.split("## The same numbers without a browser").nth(1).expect("the section");
    let block = section.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of commands");
    block.lines().map(arguments).collect()
}

/// The arguments of the program in a line of a shell, as far as the README uses a shell: quotes, and a comment at the end.
fn arguments(line: &str) -> Vec<String> {
    let line = line.strip_prefix("cargo run --release -p glasses-cli -- ").expect("a command line of the program");
    let (mut arguments, mut quoted) = (Vec::new(), false);
    for part in line.split('\'') {
        if quoted {
            arguments.push(part.to_string());
        } else {
            let plain = part.split(" #").next().unwrap_or_default();
            arguments.extend(plain.split_whitespace().map(String::from));
        }
        quoted = !quoted;
    }
    arguments
}

#[test]
fn every_command_line_of_the_readme_does_what_it_says() {
    let folder = folder();
    let lines = command_lines();
    let commands: Vec<&str> = lines.iter().map(|line| line[0].as_str()).collect();
    assert_eq!(commands, ["report", "weights", "train", "draw", "controls"]);
    for mut line in lines {
        if let Some(link) = line.iter_mut().find(|argument| argument.starts_with("v=1")) {
            *link = link.replace("&length=16", "").replace("&n=40", "") + QUICK;
        }
        let outcome = run(folder.path(), &line).succeeds();
        match line.iter().position(|argument| argument == "--out") {
            Some(at) => {
                let file = folder.path().join(&line[at + 1]);
                assert!(file.metadata().is_ok_and(|found| found.len() > 100), "{line:?}");
                assert_eq!(outcome.said, "", "{line:?}");
            }
            None => assert!(outcome.said.lines().count() > 10, "{outcome:?}"),
        }
    }
    assert_eq!(names(folder.path()), ["m.json", "m.safetensors", "m.svg", "s.svg"]);
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
