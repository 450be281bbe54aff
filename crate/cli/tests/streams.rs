//! Standard streams that are closed or full: a closed pipe ends the program as the system ends others, a full disk is said.
#![cfg(unix)]

mod program;

use program::{folder, outcome, program};
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

const SIGPIPE: i32 = 13;

/// Command lines that print.
const PRINTING: [&[&str]; 8] = [
    &["report", program::SMALL],
    &["report", program::SMALL, "--format", "json"],
    &["report", program::SMALL, "--format", "csv"],
    &["controls"],
    &["controls", "--format", "json"],
    &["--help"],
    &["--version"],
    &["weights", "--help"],
];

fn command(arguments: &[&str]) -> Command {
    let mut command = program(&std::env::temp_dir());
    command.args(arguments);
    command
}

/// The end of a pipe that nobody reads.
fn unread() -> Stdio {
    let (_, writer) = std::io::pipe().expect("a pipe");
    writer.into()
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("/dev/full").into()
}

/// The status of a command whose streams are given, and what it says where they are not.
fn status_with(mut command: Command, stdout: Stdio, stderr: Stdio) -> (Option<i32>, Option<i32>, String) {
    let outcome = program::end(command.stdout(stdout).stderr(stderr).spawn().expect("the program starts"));
    (outcome.status.code(), outcome.status.signal(), outcome.noted)
}

#[test]
fn a_closed_pipe_ends_the_program_by_its_signal_without_a_word() {
    for arguments in PRINTING {
        let ended = status_with(command(arguments), unread(), Stdio::piped());
        assert_eq!(ended, (None, Some(SIGPIPE), String::new()), "{arguments:?}");
    }
}

#[test]
fn a_full_disk_is_said_in_one_sentence() {
    for arguments in PRINTING {
        let (code, _, noted) = status_with(command(arguments), full(), Stdio::piped());
        assert_eq!(
            (code, noted.as_str()),
            (Some(1), "The standard output could not be written: No space left on device.\n"),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_work_goes_on_where_nobody_hears_the_notes() {
    let folder = folder();
    let notes = "v=1&layers=1&heads=1&d=8&n=3&max=4&nonsense=1";
    for stderr in [unread, full] {
        for arguments in [&["report", notes][..], &["weights", notes, "--out", "w"], &["train", &program::recipe(2), "--out", "m"]] {
            let mut command = program(folder.path());
            command.args(arguments);
            let (code, signal, _) = status_with(command, Stdio::null(), stderr());
            assert_eq!((code, signal), (Some(0), None), "{arguments:?}");
        }
        // What is refused is refused all the same.
        assert_eq!(status_with(command(&["weights", "", "--out", "."]), Stdio::null(), stderr()).0, Some(1));
        assert_eq!(status_with(command(&["--nonsense"]), Stdio::null(), stderr()).0, Some(2));
    }
}

#[test]
fn a_stream_as_the_file_to_write_is_written_to_where_it_stands() {
    let folder = folder();
    let path = folder.path().join("both");
    let both = || File::options().create(true).append(true).open(&path).expect("a file");
    let draw = ["draw", program::SMALL, "--figure", "distance-by-layer", "--out"];
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        std::fs::write(&path, "before\n").expect("a file");
        let mut command = program(folder.path());
        command.args(draw).arg(name).stdout(both()).stderr(Stdio::null());
        assert_eq!(program::status(&mut command.spawn().expect("the program starts")).code(), Some(0), "{name}");
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.starts_with("before\n<svg ") && text.ends_with("</svg>\n"), "{name}: {text}");
        let gone = status_with(draw_to(name), unread(), Stdio::piped());
        assert_eq!(gone, (None, Some(SIGPIPE), String::new()), "{name}");
    }
    let noted = outcome(draw_to("/dev/stderr").stdout(Stdio::null())).succeeds().noted;
    assert!(noted.starts_with("<svg "), "{noted}");
}

fn draw_to(name: &str) -> Command {
    command(&["draw", program::SMALL, "--figure", "distance-by-layer", "--out", name])
}
