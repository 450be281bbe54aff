//! Training by the program: what it refuses, where two runs meet, and what is left of one that is stopped, killed, or has no room.
#![cfg(unix)]
// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

mod program;

use program::{end, folder, names, outcome, program, recipe, run, without_room};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;
const SIGKILL: i32 = 9;

/// More steps than any test waits for.
const ENDLESS: usize = 1_000_000;

/// Starts a run and waits until it has kept a step.
fn start(folder: &Path, link: &str) -> Child {
    let mut command = program(folder);
    command.args(["train", link, "--out", "m.safetensors", "--save-every", "1"]).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stderr.as_mut().expect("an error stream")).lines();
    assert!(lines.any(|line| line.expect("a line").starts_with("step ")), "it ended before it kept a step");
    child
}

fn send(child: &Child, signal: i32) {
    let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn names_that_collide_are_refused_before_the_first_step() {
    let folder = folder();
    for out in ["m.checkpoint", "m.json", "m.svg", "m.JSON", "m.Svg", "./m.checkpoint"] {
        run(folder.path(), ["train", &recipe(ENDLESS), "--out", out]).refuses(&["can't be written", "at once"]);
        assert_eq!(names(folder.path()), [""; 0], "{out}");
    }
    // Names that a link makes one.
    fs::write(folder.path().join("real"), "").expect("a file");
    for link in ["m.json", "m.svg", "m.checkpoint"] {
        symlink("m.safetensors", folder.path().join(link)).expect("a link");
        run(folder.path(), ["train", &recipe(ENDLESS), "--out", "m.safetensors"]).refuses(&["at once"]);
        fs::remove_file(folder.path().join(link)).expect("it can be removed");
    }
    for name in ["m.json", "m.svg"] {
        symlink("real", folder.path().join(name)).expect("a link");
    }
    run(folder.path(), ["train", &recipe(ENDLESS), "--out", "m.safetensors"]).refuses(&["at once"]);
}

#[test]
fn what_stands_beside_and_is_of_no_training_is_not_replaced() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("package.json"), "{\"name\": \"mine\"}").expect("a file");
    fs::write(at("logo.svg"), "<svg/>").expect("a file");
    fs::write(at("yarn.checkpoint.lock"), "mine").expect("a file");
    fs::create_dir(at("dir.json")).expect("a folder");
    let before = names(folder.path());
    for (out, named) in
        [("package.st", "package.json"), ("logo.st", "logo.svg"), ("yarn.st", "yarn.checkpoint.lock"), ("dir.st", "dir.json")]
    {
        run(folder.path(), ["train", &recipe(ENDLESS), "--out", out]).refuses(&[named, "can't be written"]);
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(read(folder.path(), "package.json"), b"{\"name\": \"mine\"}");
    // What an earlier training wrote is.
    for steps in [1, 2] {
        run(folder.path(), ["train", &recipe(steps), "--out", "m.safetensors"]).succeeds();
        assert!(String::from_utf8_lossy(&read(folder.path(), "m.json")).contains(&format!("\"steps\": {steps},")));
    }
}

#[test]
fn a_second_run_in_the_same_place_is_told_of_the_first() {
    let folder = folder();
    let first = start(folder.path(), &recipe(ENDLESS));
    let process = format!("process {}", first.id());
    symlink(".", folder.path().join("here")).expect("a link");
    symlink("m.safetensors", folder.path().join("link")).expect("a link");
    // The same files, by other names, or only some of them.
    for out in ["m.safetensors", "m.other", "here/m.safetensors", "link"] {
        for link in [recipe(ENDLESS), recipe(7)] {
            let refused = run(folder.path(), ["train", &link, "--out", out]).refuses(&[&process, "second", &recipe(ENDLESS)]);
            assert!(refused.noted.contains("Another run is at work here"));
        }
    }
    run(folder.path(), ["train", &recipe(2), "--out", "elsewhere"]).succeeds();
    send(&first, SIGTERM);
    assert_eq!(end(first).status.signal(), Some(SIGTERM));
    assert_eq!(names(folder.path()), ["elsewhere", "elsewhere.json", "elsewhere.svg", "here", "link", "m.checkpoint"]);
}

#[test]
fn of_many_runs_at_once_one_goes_on_and_every_other_is_refused() {
    let folder = folder();
    // Again and again, for the file of the lock comes and goes.
    for _ in 0..5 {
        let begin = |_| {
            let mut command = program(folder.path());
            command.args(["train", &recipe(20), "--out", "m.safetensors"]).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("the program starts")
        };
        let runs: Vec<Child> = (0..4).map(begin).collect();
        let ended: Vec<_> = runs.into_iter().map(end).collect();
        let refused = ended.iter().filter(|outcome| outcome.status.code() == Some(1));
        assert!(refused.clone().all(|outcome| outcome.noted.contains("Another run is at work here: process ")), "{ended:?}");
        assert!(refused.count() + ended.iter().filter(|outcome| outcome.status.success()).count() == 4, "{ended:?}");
        assert!(ended.iter().any(|outcome| outcome.status.success()), "{ended:?}");
        assert_eq!(names(folder.path()), ["m.json", "m.safetensors", "m.svg"]);
    }
}

#[test]
fn a_run_that_was_killed_keeps_nobody_out_and_is_gone_on_with() {
    let folder = folder();
    let link = recipe(400);
    for _ in 0..3 {
        let killed = start(folder.path(), &link);
        send(&killed, SIGKILL);
        assert_eq!(end(killed).status.signal(), Some(SIGKILL));
        // Killed between the two steps that put a file in its place, it may leave one more, which the next run removes.
        let left = names(folder.path());
        assert!(left.iter().all(|name| name.contains("m.checkpoint")) && left.len() <= 3, "{left:?}");
    }
    fs::write(folder.path().join(".m.checkpoint.Ab3xYz"), "half").expect("a file");
    let noted = run(folder.path(), ["train", &link, "--out", "m.safetensors"]).succeeds().noted;
    assert!(noted.starts_with("going on behind step "), "{noted}");
    assert_eq!(names(folder.path()), ["m.json", "m.safetensors", "m.svg"]);
}

#[test]
fn a_run_that_is_asked_to_stop_is_kept_and_ends_in_the_same_files() {
    let [whole, stopped] = [folder(), folder()];
    let link = recipe(400);
    run(whole.path(), ["train", &link, "--out", "m.safetensors"]).succeeds();
    for signal in [SIGINT, SIGTERM] {
        let child = start(stopped.path(), &link);
        send(&child, signal);
        let outcome = end(child);
        assert_eq!(outcome.status.signal(), Some(signal), "{outcome:?}");
        assert!(outcome.noted.contains("The run is kept"), "{outcome:?}");
        assert_eq!(names(stopped.path()), ["m.checkpoint"]);
    }
    run(stopped.path(), ["train", &link, "--out", "m.safetensors"]).succeeds();
    for name in ["m.safetensors", "m.json", "m.svg"] {
        assert!(read(whole.path(), name) == read(stopped.path(), name), "{name}");
    }
}

/// Trains for a while, so that there is a checkpoint.
fn checkpoint(folder: &Path, link: &str) -> Vec<u8> {
    let child = start(folder, link);
    send(&child, SIGTERM);
    end(child);
    read(folder, "m.checkpoint")
}

#[test]
fn a_checkpoint_that_rotted_is_refused_and_kept() {
    let folder = folder();
    let link = recipe(ENDLESS);
    let good = checkpoint(folder.path(), &link);
    let header = u64::from_le_bytes(good[..8].try_into().expect("eight bytes")) as usize;
    let numbers = good.len() - header - 8;
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    // A bit in the numbers: the first byte is the lowest of a weight's, which nothing but a digest can tell.
    let mut rotten: Vec<_> = [0, 1, numbers / 3, numbers / 2, numbers - 1].map(|at| flipped(8 + header + at)).into();
    let text = String::from_utf8_lossy(&good[8..8 + header]).into_owned();
    // One in the link, in the digest, in the name of each.
    rotten.extend(["v=1", "sha256", "link", "losses"].map(|word| flipped(8 + text.find(word).expect(word))));
    rotten.extend([vec![], good[..good.len() / 2].to_vec(), good[..good.len() - 4].to_vec(), vec![0; 100], b"{}".to_vec()]);
    for bytes in rotten {
        fs::write(folder.path().join("m.checkpoint"), &bytes).expect("a file");
        run(folder.path(), ["train", &link, "--out", "m.safetensors"])
            .refuses(&["m.checkpoint: the file of a training run can't be read", "Delete that file"]);
        assert_eq!(read(folder.path(), "m.checkpoint"), bytes);
        assert_eq!(names(folder.path()), ["m.checkpoint"]);
    }
    fs::write(folder.path().join("m.checkpoint"), &good).expect("a file");
    run(folder.path(), ["train", &recipe(7), "--out", "m.safetensors"]).refuses(&["another recipe", "Delete that file"]);
    // It may not be a file at all, or one of 8 GiB without a block on the disk.
    fs::File::create(folder.path().join("m.checkpoint")).and_then(|file| file.set_len(8 << 30)).expect("a file");
    run(folder.path(), ["train", &link, "--out", "m.safetensors"]).refuses(&["m.checkpoint can't be read", "8589934592 bytes"]);
}

#[test]
fn without_room_the_last_state_is_kept() {
    let folder = folder();
    let link = recipe(ENDLESS);
    let first = outcome(without_room(folder.path()).args(["train", &link, "--out", "m.safetensors", "--save-every", "1"]));
    first.refuses(&["m.checkpoint could not be written", "Nothing of the run is kept"]);
    assert_eq!(names(folder.path()), [""; 0]);
    let good = checkpoint(folder.path(), &link);
    let again = outcome(without_room(folder.path()).args(["train", &link, "--out", "m.safetensors", "--save-every", "1"]));
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    assert!(again.noted.contains("The run is kept as it was behind step "), "{again:?}");
    assert!(read(folder.path(), "m.checkpoint") == good);
    assert_eq!(names(folder.path()), ["m.checkpoint"]);
}

#[test]
fn without_room_for_the_model_an_earlier_one_stays_whole() {
    let folder = folder();
    // Once the last step is kept, the disk is full: all is trained, and nothing of it can be written.
    let link = recipe(40);
    run(folder.path(), ["train", &recipe(3), "--out", "m.safetensors"]).succeeds();
    let before: Vec<_> = ["m.safetensors", "m.json", "m.svg"].map(|name| read(folder.path(), name)).into();
    fs::create_dir(folder.path().join("other")).expect("a folder");
    run(&folder.path().join("other"), ["train", &link, "--out", "m.safetensors"]).succeeds();
    let mut child = program(folder.path());
    child.args(["train", &link, "--out", "m.safetensors", "--save-every", "1"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = child.spawn().expect("the program starts");
    let lines = BufReader::new(child.stderr.as_mut().expect("an error stream")).lines();
    let judging = lines.map(|line| line.expect("a line")).find(|line| line == "judging the model");
    assert!(judging.is_some());
    send(&child, SIGKILL);
    end(child);
    let kept = read(folder.path(), "m.checkpoint");
    let full = outcome(without_room(folder.path()).args(["train", &link, "--out", "m.safetensors"]));
    assert_eq!(full.status.code(), Some(1), "{full:?}");
    assert!(full.noted.contains("The trained model is kept in"), "{full:?}");
    let after: Vec<_> = ["m.safetensors", "m.json", "m.svg"].map(|name| read(folder.path(), name)).into();
    assert!(before == after && read(folder.path(), "m.checkpoint") == kept);
    run(folder.path(), ["train", &link, "--out", "m.safetensors"]).succeeds();
    for name in ["m.safetensors", "m.json", "m.svg"] {
        assert!(read(folder.path(), name) == read(&folder.path().join("other"), name), "{name}");
    }
    assert_eq!(names(folder.path()), ["m.json", "m.safetensors", "m.svg", "other"]);
}

#[test]
fn a_model_keeps_its_permissions_and_a_link_to_it() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("far")).expect("a folder");
    symlink("far/model.st", at("latest")).expect("a link");
    run(folder.path(), ["train", &recipe(1), "--out", "latest"]).succeeds();
    assert_eq!(names(&at("far")), ["model.json", "model.st", "model.svg"]);
    for name in names(&at("far")) {
        let mut permissions = at("far").join(&name).metadata().expect("a file").permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
        fs::set_permissions(at("far").join(&name), permissions).expect("permissions");
    }
    run(folder.path(), ["train", &recipe(2), "--out", "latest"]).succeeds();
    for name in names(&at("far")) {
        assert_eq!(at("far").join(&name).metadata().expect("a file").mode() & 0o777, 0o600, "{name}");
    }
    assert!(at("latest").symlink_metadata().expect("a link").is_symlink());
}
