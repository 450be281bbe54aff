//! What is written where a file is named: looked at before anything is computed, whole or not at all, and nothing else is touched.
#![cfg(unix)]

mod program;

use program::{SMALL, folder, names, outcome, program, run, without_room};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::Path;

/// Takes minutes to draw: what is refused before it is computed is refused at once.
const LARGE: &str = "v=1&n=1500&max=1500&layers=16&heads=1&d=512";

/// Each command that writes to a file, with a link.
fn commands(link: &str) -> [Vec<String>; 3] {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
    [
        texts(&["weights", link, "--out"]),
        texts(&["draw", link, "--figure", "distance-by-n", "--out"]),
        texts(&["train", &format!("{link}&tasks=ones&length=200&steps=1000000"), "--out"]),
    ]
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_anything_is_computed() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("dir")).expect("a folder");
    fs::write(at("file"), "kept").expect("a file");
    fs::write(at("read-only"), "kept").expect("a file");
    fs::set_permissions(at("read-only"), Permissions::from_mode(0o444)).expect("permissions");
    symlink("circle", at("circle")).expect("a link");
    symlink("nowhere/file", at("dangling")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    let before = names(folder.path());
    let long = "x".repeat(255);
    for (out, why) in [
        (".", "folder"),
        ("..", "folder"),
        ("dir", "folder"),
        ("dir/", "folder"),
        ("new/", "folder"),
        ("new/.", "folder"),
        ("nowhere/file", "nowhere does not exist"),
        ("file/file", "Not a directory"),
        ("read-only", "read-only"),
        ("circle", "circle"),
        ("dangling", "does not exist"),
        ("socket", "socket"),
        ("/proc/file", "/proc"),
        (&long, "too long"),
    ] {
        for arguments in commands(LARGE) {
            run(folder.path(), arguments.iter().map(String::as_str).chain([out])).refuses(&["can't be written", why]);
            assert_eq!(names(folder.path()), before, "{out} {arguments:?}");
        }
    }
    assert_eq!(fs::read_to_string(at("read-only")).expect("a file"), "kept");
    for (out, why) in [("file", "file"), ("file/folder", "Not a directory")] {
        run(folder.path(), ["gallery", out]).refuses(&["can't be written", why]);
    }
    // One picture of the gallery that can't be written is found before the first is drawn.
    fs::create_dir_all(at("gallery/1a-dark.svg")).expect("a folder");
    run(folder.path(), ["gallery", "gallery"]).refuses(&["1a-dark.svg", "folder"]);
    assert_eq!(names(&at("gallery")), ["1a-dark.svg"]);
}

#[test]
fn a_name_that_is_empty_is_a_mistake_in_the_arguments() {
    let folder = folder();
    for mut arguments in commands(LARGE).into_iter().chain([vec!["gallery".to_string()]]) {
        arguments.push(String::new());
        let outcome = run(folder.path(), &arguments);
        assert!(outcome.status.code() == Some(2) && outcome.noted.contains("a value is required"), "{outcome:?}");
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_name_that_is_no_text_is_a_name() {
    let folder = folder();
    let name = OsStr::from_bytes(b"\xff.svg");
    let arguments = ["draw", SMALL, "--figure", "next-tokens", "--out"].map(OsStr::new);
    run(folder.path(), arguments.into_iter().chain([name])).succeeds();
    assert!(folder.path().join(name).is_file());
    // A link is text; that one is not is a mistake in the arguments.
    let link = [OsStr::new("report"), OsStr::from_bytes(b"v=1\xff")];
    assert_eq!(run(folder.path(), link).status.code(), Some(2));
}

#[test]
fn permissions_and_links_stay_as_they_are() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("far")).expect("a folder");
    fs::write(at("far/file"), "before").expect("a file");
    fs::set_permissions(at("far/file"), Permissions::from_mode(0o640)).expect("permissions");
    symlink("far/file", at("link")).expect("a link");
    symlink("far/new", at("to-new")).expect("a link");
    for [mut arguments, out] in [["link", "far/file"], ["to-new", "far/new"]].map(|[out, file]| [vec![out], vec![file]]) {
        let name = arguments.remove(0);
        run(folder.path(), ["weights", SMALL, "--out", name]).succeeds();
        assert!(at(name).symlink_metadata().expect("a link").is_symlink());
        assert!(at(out[0]).metadata().expect("a file").len() > 1000);
    }
    assert_eq!(at("far/file").metadata().expect("a file").mode() & 0o7777, 0o640);
    // A new file has what the shell's mask leaves, as every program's has.
    fs::write(at("plain"), "").expect("a file");
    assert_eq!(at("far/new").metadata().expect("a file").mode(), at("plain").metadata().expect("a file").mode());
    assert_eq!(names(&at("far")), ["file", "new"]);
}

#[test]
fn a_device_or_a_pipe_is_written_to_and_stays_what_it_is() {
    let folder = folder();
    let null = Path::new("/dev/null");
    run(folder.path(), ["weights", SMALL, "--out", "/dev/null"]).succeeds();
    assert!(null.metadata().expect("a device").file_type().is_char_device());
    run(folder.path(), ["weights", SMALL, "--out", "/dev/full"]).refuses(&["/dev/full could not be written", "No space left"]);
    // Training writes more than one file.
    run(folder.path(), ["train", &program::recipe(1), "--out", "/dev/null"]).refuses(&["/dev/null can't be written", "beside"]);
    assert!(null.metadata().expect("a device").file_type().is_char_device());
    assert!(!Path::new("/dev/null.json").exists() && !Path::new("/dev/json").exists() && !Path::new("/dev/checkpoint").exists());

    let fifo = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    let reader = std::thread::spawn({
        let fifo = fifo.clone();
        move || {
            let mut text = String::new();
            fs::File::open(fifo).and_then(|mut file| file.read_to_string(&mut text)).expect("text");
            text
        }
    });
    run(folder.path(), ["draw", SMALL, "--figure", "next-tokens", "--out", "fifo"]).succeeds();
    assert!(reader.join().expect("text").starts_with("<svg "));
    assert!(fifo.metadata().expect("a pipe").file_type().is_fifo());
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = folder();
    let file = folder.path().join("file");
    for before in [None, Some("before")] {
        before.iter().for_each(|text| fs::write(&file, text).expect("a file"));
        for mut arguments in [vec!["weights", "v=1&layers=1&d=64"], vec!["draw", SMALL, "--figure", "sensitivity"]] {
            arguments.extend(["--out", "file"]);
            outcome(without_room(folder.path()).args(&arguments)).refuses(&["file could not be written", "too large"]);
            assert_eq!(fs::read_to_string(&file).ok().as_deref(), before, "{arguments:?}");
            assert_eq!(names(folder.path()), before.map_or(vec![], |_| vec!["file"]));
        }
    }
}

#[test]
fn a_model_is_not_written_over_itself() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    run(folder.path(), ["weights", SMALL, "--out", "model"]).succeeds();
    symlink("model", at("link")).expect("a link");
    symlink(".", at("here")).expect("a link");
    let before = fs::read(at("model")).expect("a file");
    for out in ["model", "./model", "link", "here/model", "MODEL"] {
        for model in ["model", "link"] {
            let own = format!("{LARGE}&weights=own");
            run(folder.path(), ["weights", &own, "--out", out, "--model", model]).refuses(&["--model"]);
            run(folder.path(), ["draw", &own, "--figure", "distance-by-n", "--out", out, "--model", model]).refuses(&["--model"]);
        }
    }
    assert!(fs::read(at("model")).expect("a file") == before);
    assert_eq!(names(folder.path()), ["here", "link", "model"]);
}

#[test]
fn a_model_that_is_no_file_is_refused_before_anything_is_computed() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    assert!(std::process::Command::new("mkfifo").arg(at("fifo")).status().expect("mkfifo").success());
    // It has no blocks on the disk, only a length.
    fs::File::create(at("huge")).and_then(|file| file.set_len(4 << 30)).expect("a file");
    let own = format!("{LARGE}&weights=own");
    for (model, why) in [
        (".", "folder"),
        ("missing", "No such file"),
        ("fifo", "pipe"),
        ("/dev/zero", "device"),
        ("/dev/null", "device"),
        ("huge", "4295 MB"),
    ] {
        for arguments in
            [&["report", &own][..], &["weights", &own, "--out", "out"], &["draw", &own, "--figure", "distance-by-n", "--out", "out"]]
        {
            run(folder.path(), arguments.iter().chain(&["--model", model])).refuses(&["can't be read", why]);
        }
    }
    assert_eq!(names(folder.path()), ["fifo", "huge"]);
}

#[test]
fn a_whole_address_is_a_link() {
    let folder = folder();
    let address = format!("https://example.org/glasses/#{SMALL}");
    let [address, link] = [address.as_str(), SMALL].map(|link| outcome(program(folder.path()).args(["report", link])).succeeds().said);
    assert_eq!(address, link);
}
