//! Runs the real program and waits for its end, for so long as a slow machine takes and no longer.

// Each file of tests uses its part of this, and ends with a panic where something is wrong.
#![allow(dead_code, clippy::panic)]

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Longer than anything here takes: what goes on for longer hangs, or computes what should have been refused.
const PATIENCE: Duration = Duration::from_secs(120);

/// A model that is drawn and asked in milliseconds.
pub const SMALL: &str = "v=1&n=3&max=4&layers=1&heads=1&d=8";

/// A recipe of so many small steps, as the program writes it: counting is what is learned where nothing else is asked for.
pub fn recipe(steps: usize) -> String {
    format!("v=1&layers=1&heads=1&d=8&length=3&steps={steps}&batch=2")
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: ExitStatus,
    /// The standard output.
    pub said: String,
    /// The error stream.
    pub noted: String,
}

/// The program, to be run in a folder.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glasses-cli"));
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// The program by a shell that gives it no room on the disk: no file can become larger than a few KiB, and a write beyond that fails.
#[cfg(unix)]
pub fn without_room(folder: &Path) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_glasses-cli")]);
    shell.current_dir(folder).stdin(Stdio::null());
    shell
}

/// Runs the program in a folder with these arguments.
pub fn run<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Outcome {
    outcome(program(folder).args(arguments))
}

/// Runs a command to its end.
pub fn outcome(command: &mut Command) -> Outcome {
    end(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts"))
}

/// What a program that runs comes to.
pub fn end(mut child: Child) -> Outcome {
    let said = child.stdout.take().map(gather);
    let noted = child.stderr.take().map(gather);
    let status = status(&mut child);
    let text = |reader: Option<std::thread::JoinHandle<String>>| reader.map_or(String::new(), |it| it.join().expect("text"));
    Outcome { status, said: text(said), noted: text(noted) }
}

/// How a program that runs ends.
pub fn status(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a status") {
            return status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().expect("it can be ended");
            panic!("still running after {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn gather(mut stream: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("output");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

impl Outcome {
    /// Holds that the program did what it should.
    pub fn succeeds(self) -> Self {
        assert_eq!(self.status.code(), Some(0), "{self:?}");
        self
    }

    /// Holds that it ended with status 1 and one line that says all of this.
    pub fn refuses(self, words: &[&str]) -> Self {
        assert_eq!(self.status.code(), Some(1), "{self:?}");
        assert!(self.noted.trim_end().lines().count() == 1 && !self.noted.contains("panicked"), "{self:?}");
        words.iter().for_each(|words| assert!(self.noted.contains(words), "“{words}” is missing in {self:?}"));
        self
    }
}

/// The names in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// An empty folder that is gone with the value.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}
