//! Who trains, or answers a study, here: a file that one run holds locked, with a few words about that run for the next that comes.

use crate::failure::{Failure, words};
use crate::print;
use glasses_contract::quote::visible;
use indicatif::HumanDuration;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// More than the words about a run take.
const MOST_BYTES: u64 = 64 << 10;

/// A place that this run has for itself until it is dropped.
///
/// The system frees the lock when a process ends, however it ends, so that the file of one that was killed keeps nobody out.
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// The run that holds a lock.
#[derive(Serialize, Deserialize)]
struct Holder {
    process: u32,
    /// When it began, in seconds since 1970.
    since: u64,
    /// What it is about: the link that it trains, or the name of its study.
    link: String,
}

impl Lock {
    /// Takes the place of a lock file, or says who has it. None where the file system has no locks.
    pub fn take(path: &Path, link: &str) -> Result<Option<Self>, Failure> {
        loop {
            refuse_foreign(path)?;
            let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
            let file = opened.map_err(|error| Failure::unwritable(path, words(&error)))?;
            match file.try_lock() {
                // Another run may have removed the file between the two calls: what is locked then is no file any more.
                Ok(()) if !is_at(&file, path) => {}
                Ok(()) => return Self { file, path: path.to_path_buf() }.sign(link).map(Some),
                Err(TryLockError::WouldBlock) => return Err(taken(file, path)),
                Err(TryLockError::Error(error)) => {
                    print::note(format!(
                        "note: {} can't be locked: {}. See to it that no second run writes here.",
                        path.display(),
                        words(&error)
                    ));
                    let _ = std::fs::remove_file(path);
                    return Ok(None);
                }
            }
        }
    }

    /// Says in the file who holds it.
    fn sign(mut self, link: &str) -> Result<Self, Failure> {
        let holder = Holder { process: std::process::id(), since: now(), link: link.into() };
        let text = serde_json::to_string(&holder)?;
        let written = self.file.set_len(0).and_then(|()| self.file.write_all(text.as_bytes()));
        written.map_err(|error| Failure::unwritten(self.path.display().to_string(), error))?;
        Ok(self)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked: who opens the file from now on finds it gone, and makes a new one.
        if is_at(&self.file, &self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Whether an open file is the one that a path names now.
fn is_at(file: &File, path: &Path) -> bool {
    let held = file.try_clone().and_then(same_file::Handle::from_file);
    matches!((held, same_file::Handle::from_path(path)), (Ok(held), Ok(there)) if held == there)
}

/// Who has a place.
fn taken(mut file: File, path: &Path) -> Failure {
    let mut holder = None;
    // A run signs in the moment after it has locked.
    for _ in 0..20 {
        holder = read(&mut file).ok().and_then(|text| serde_json::from_str::<Holder>(&text).ok());
        if holder.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let who = holder.map_or(String::new(), |Holder { process, since, link }| {
        // The file may be of anybody.
        let link: String = link.chars().map(visible).collect();
        let ago = HumanDuration(Duration::from_secs(now().saturating_sub(since)));
        format!(": process {process}, begun {ago} ago with “{link}”")
    });
    let lock = path.display();
    Failure::Answer(format!("Another run is at work here{who}. Wait for its end, or name another --out. ({lock} is its lock.)"))
}

/// Fails where something else has the name of the lock file: neither is a link followed nor a file of another program overwritten.
fn refuse_foreign(path: &Path) -> Result<(), Failure> {
    let refuse = |why: String| Failure::unwritable(path, why);
    match path.symlink_metadata() {
        Ok(found) if !found.is_file() => return Err(refuse("it is no file".into())),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(refuse(words(&error))),
    }
    let text = match File::open(path).and_then(|mut file| read(&mut file)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(refuse(words(&error))),
    };
    let is_ours = text.is_empty() || serde_json::from_str::<Holder>(&text).is_ok();
    if is_ours { Ok(()) } else { Err(refuse("there is a file of this name that is no lock of a run; move it away".into())) }
}

fn read(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
