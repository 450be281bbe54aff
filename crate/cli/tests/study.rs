//! A study: its rows are those of the reports of its links, whatever interrupts it.

mod program;

use program::{folder, run};
use std::fs;
use std::path::Path;

const STUDY: &str = "\
link = 'v=1&layers=1&heads=1&d=8&max=4'
ask = ['sweep']
[axes]
pos = ['rotary', 'alibi']
seed = { from = 1, to = 3 }
";

/// The lines of a study's rows but for the header, sorted: threads finish in any order.
fn rows(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("the rows");
    let mut lines: Vec<String> = text.lines().skip(1).map(String::from).collect();
    lines.sort();
    lines
}

#[test]
fn rows_are_those_of_each_links_report_and_shards_are_the_whole() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("study.toml"), STUDY).expect("a study");
    let told = run(folder.path(), ["study", "study.toml", "--out", "all.csv"]);
    assert!(told.status.success(), "{told:?}");
    let all = rows(&path("all.csv"));
    // Three stages, their four distances and the likeness to the first token, at four lengths, for six points.
    assert_eq!(all.len(), 6 * 3 * (4 + 1) * 4);

    let mut shards = Vec::new();
    for part in ["1/2", "2/2"] {
        let out = format!("part-{}.csv", &part[..1]);
        assert!(run(folder.path(), ["study", "study.toml", "--out", out.as_str(), "--shard", part]).status.success());
        shards.extend(rows(&path(&out)));
    }
    shards.sort();
    assert_eq!(shards, all);

    let first: Vec<&str> = all[0].split(',').collect();
    let link = first[1];
    let report = run(folder.path(), ["report", link, "--format", "csv"]);
    let report = report.said;
    let of_point = all.iter().filter(|row| row.split(',').nth(1) == Some(link));
    for row in of_point {
        let cells: Vec<&str> = row.split(',').collect();
        let line = cells[4..9].join(",");
        assert!(report.lines().any(|known| known == line), "{line}");
    }
}

#[test]
fn what_was_cut_off_goes_on_and_says_what_it_can_not_do() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("study.toml"), STUDY).expect("a study");
    let study = || run(folder.path(), ["study", "study.toml", "--out", "s.csv"]);
    assert!(study().status.success());
    let whole = rows(&path("s.csv"));
    // As if the machine had stopped while the last two points were written.
    let points = fs::read_to_string(path("s.points")).expect("the list");
    let kept: Vec<&str> = points.lines().take(5).collect();
    fs::write(path("s.points"), format!("{}\n9", kept.join("\n"))).expect("written");
    let text = fs::read(path("s.csv")).expect("rows");
    fs::write(path("s.csv"), &text[..text.len() - 7]).expect("written");
    assert!(study().status.success());
    assert_eq!(rows(&path("s.csv")), whole);

    fs::write(path("study.toml"), STUDY.replace("to = 3", "to = 2")).expect("a study");
    let other = study();
    assert!(!other.status.success() && other.noted.contains("of another study"), "{other:?}");
    assert_eq!(rows(&path("s.csv")), whole);
    // A point that has no answer is a row, and not the end.
    fs::write(path("fail.toml"), "link = 'v=1&layers=1&heads=1&d=8&max=2'\nask = ['pair']\n[axes]\na = ['1^', '1']\n").expect("a study");
    assert!(run(folder.path(), ["study", "fail.toml", "--out", "f.csv"]).status.success());
    let failed = rows(&path("f.csv"));
    assert!(failed.iter().any(|row| row.starts_with("0,") && row.contains(",failed,")), "{failed:?}");
    assert!(failed.iter().any(|row| row.starts_with("1,") && row.contains(",pair distance,output,")), "{failed:?}");
}

#[test]
fn every_part_of_a_report_is_asked_for_by_its_name_there() {
    let folder = folder();
    let report = run(folder.path(), ["report", "v=1&layers=1&heads=1&d=8&max=4", "--format", "json"]).succeeds().said;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let answered = report.as_object().expect("an object").keys();
    let parts: Vec<&String> =
        answered.filter(|part| !["version", "link", "engine", "model", "warnings", "sees"].contains(&part.as_str())).collect();
    assert!(parts.len() > 10, "{parts:?}");
    // Two were called otherwise in the studies of earlier versions.
    for part in parts.into_iter().map(String::as_str).chain(["search", "lengthgeneralization"]) {
        fs::write(folder.path().join("study.toml"), format!("ask = ['{part}']\n[axes]\nseed = [1]\n")).expect("a study");
        run(folder.path(), ["study", "study.toml", "--out", "s.csv", "--dry-run"]).succeeds();
    }
}

#[test]
fn what_a_study_costs_is_said_before_it_begins() {
    let folder = folder();
    let gflop = |seeds: &str| {
        fs::write(folder.path().join("study.toml"), format!("link = 'v=1&max=64'\nask = ['sweep']\n[axes]\nseed = {seeds}\n"))
            .expect("a study");
        let noted = run(folder.path(), ["study", "study.toml", "--out", "s.csv", "--dry-run"]).succeeds().noted;
        let (before, _) = noted.split_once(" GFLOP").expect("a cost");
        before.rsplit(' ').next().and_then(|number| number.parse::<f64>().ok()).expect("a number")
    };
    let (one, four) = (gflop("[1]"), gflop("[1, 2, 3, 4]"));
    assert!(one > 0.0 && (four / one - 4.0).abs() < 0.05, "{one} {four}");
}

#[test]
fn a_model_of_ones_own_may_stand_beside_others_and_has_to_stand_somewhere() {
    let folder = folder();
    let study = |axis: &str| {
        fs::write(folder.path().join("study.toml"), format!("{STUDY}{axis}\n")).expect("a study");
        run(folder.path(), ["study", "study.toml", "--out", &format!("{}.csv", axis.len()), "--model", "m.safetensors"])
    };
    let model = "v=1&layers=1&heads=1&d=8";
    run(folder.path(), ["train", &format!("{model}&steps=1&length=4"), "--out", "m.safetensors"]).succeeds();
    study("").refuses(&["not asked", "weights=own"]);
    study("weights = ['seed', 'own']").succeeds();
    run(folder.path(), ["report", model, "--model", "m.safetensors"]).refuses(&["not asked", "weights=own into the link"]);
    run(folder.path(), ["weights", model, "--out", "w.safetensors", "--model", "m.safetensors"]).refuses(&["weights=own into the link"]);
    run(folder.path(), ["report", &format!("{model}&weights=own&max=4"), "--model", "m.safetensors"]).succeeds();
}
