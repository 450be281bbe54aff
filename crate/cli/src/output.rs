//! Where a result is written: looked at before anything is computed, and written whole or not at all.

use crate::failure::{Failure, words};
use crate::input::files_of_model;
use crate::print;
use atomic_write_file::AtomicWriteFile;
use std::ffi::{OsStr, OsString};
use std::fs::{Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Links that are followed before they are taken for a circle, as many as Linux follows.
const MOST_LINKS: usize = 40;

/// What new content is called until it takes its place is the file's name between “.” and “.” and so many letters and digits.
const RANDOM: &str = "xxxxxx";

/// Where a result is written.
#[derive(Debug)]
pub enum Output {
    /// A regular file, that is there or not yet.
    File(OutputFile),
    /// A device, a pipe, or a stream that the shell has opened: written to as it is, and never replaced.
    Device(PathBuf),
    /// The standard output, by one of its names in /dev or /proc.
    Stdout,
    /// The error stream, likewise.
    Stderr,
}

/// A regular file to write.
#[derive(Clone, Debug)]
pub struct OutputFile {
    /// Where it is, every link followed.
    path: PathBuf,
}

/// New content of a file that is safe on the disk, beside what the file has been so far.
#[must_use = "nothing is written until it is committed"]
pub struct Staged {
    content: AtomicWriteFile,
    file: OutputFile,
}

impl Output {
    /// Looks where a path leads, and whether it can be written.
    ///
    /// Links are followed, so that one stays a link and what it names is written.
    pub fn at(path: &Path) -> Result<Self, Failure> {
        Self::find(path).map_err(|why| Failure::unwritable(path, why))
    }

    fn find(path: &Path) -> Result<Self, String> {
        named(path)?;
        let mut place = path.to_path_buf();
        for _ in 0..MOST_LINKS {
            let found = match place.symlink_metadata() {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::NotFound => return OutputFile::find(&place).map(Self::File),
                Err(error) => return Err(words(&error)),
            };
            if found.is_dir() {
                return Err("it is a folder; name a file in it".into());
            } else if found.is_symlink() {
                let folder = folder(&place).canonicalize().map_err(|error| words(&error))?;
                if let Some(stream) = Self::of_process(&folder, &place) {
                    return Ok(stream);
                }
                place = folder.join(place.read_link().map_err(|error| words(&error))?);
            } else if found.permissions().readonly() {
                return Err("it is read-only".into());
            } else if found.is_file() {
                return OutputFile::find(&place).map(Self::File);
            } else if is_socket(&found) {
                return Err("it is a socket".into());
            } else {
                return Ok(Self::Device(place));
            }
        }
        Err("its links lead round in a circle".into())
    }

    /// A stream that is open already, where the folder is the one in which Linux lists those of a process. Such an entry looks like a link,
    /// but what it names need not be what is open.
    fn of_process(folder: &Path, place: &Path) -> Option<Self> {
        if !folder.starts_with("/proc") || !folder.ends_with("fd") {
            return None;
        }
        let own = Path::new("/proc").join(std::process::id().to_string());
        let stream = place.file_name()?;
        Some(match stream.to_str() {
            Some("1") if folder.starts_with(&own) => Self::Stdout,
            Some("2") if folder.starts_with(&own) => Self::Stderr,
            _ => Self::Device(folder.join(stream)),
        })
    }

    /// Fails where the output would replace this input.
    pub fn apart_from(&self, input: Option<&Path>) -> Result<(), Failure> {
        let (Self::File(file), Some(input)) = (self, input) else { return Ok(()) };
        let is_one = files_of_model(input).iter().any(|input| input.canonicalize().is_ok_and(|input| are_one_file(&file.path, &input)));
        if is_one { Err(Failure::unwritable(&file.path, "it is the file of --model")) } else { Ok(()) }
    }

    /// Writes all of it.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout => print::to(io::stdout().lock(), "The standard output", bytes),
            Self::Stderr => print::to(io::stderr().lock(), "The error stream", bytes),
            Self::Device(path) => {
                // A file that the shell has opened keeps what is in it.
                let opened = OpenOptions::new().append(true).open(path);
                let name = path.display().to_string();
                opened.map_err(|error| Failure::unwritten(&name, error)).and_then(|device| print::to(device, &name, bytes))
            }
        }
    }
}

impl OutputFile {
    /// Looks whether a file can be written here: tries to, and leaves everything as it was.
    fn find(place: &Path) -> Result<Self, String> {
        let folder = folder(place);
        let name = place.file_name().ok_or("it names no file")?;
        let folder = folder.canonicalize().map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("the folder {} does not exist", folder.display()),
            _ => words(&error),
        })?;
        let path = folder.join(name);
        let longer: OsString = [OsStr::new("."), name, OsStr::new("."), OsStr::new(RANDOM)].into_iter().collect();
        match folder.join(longer).symlink_metadata() {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(words(&error)),
            _ => {}
        }
        match OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(words(&error)),
            _ => {}
        }
        let beside = AtomicWriteFile::open(&path).and_then(AtomicWriteFile::discard);
        beside.map_err(|error| format!("nothing can be written in the folder {}: {}", folder.display(), words(&error)))?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the same name but for its extension, if it can be written and is a regular one too.
    pub fn beside(&self, extension: &str) -> Result<Self, Failure> {
        let path = self.path.with_extension(extension);
        match Output::at(&path)? {
            Output::File(file) => Ok(file),
            _ => Err(Failure::unwritable(&path, "it is no file")),
        }
    }

    /// Whether both are one file.
    pub fn is(&self, other: &Self) -> bool {
        are_one_file(&self.path, &other.path)
    }

    /// Writes new content beside the file and sees it onto the disk.
    pub fn stage(&self, bytes: &[u8]) -> Result<Staged, Failure> {
        let staged = AtomicWriteFile::open(&self.path).and_then(|mut content| {
            content.write_all(bytes)?;
            content.sync_all()?;
            Ok(Staged { content, file: self.clone() })
        });
        staged.map_err(|error| self.unwritten(error))
    }

    fn unwritten(&self, error: io::Error) -> Failure {
        Failure::unwritten(self.path.display().to_string(), error)
    }

    /// Removes new content that never took its place, because the process was killed just then. For one who has the file for itself.
    pub fn clear(&self) {
        let (Some(name), Ok(entries)) = (self.path.file_name(), folder(&self.path).read_dir()) else { return };
        let start = [b".", name.as_encoded_bytes(), b"."].concat();
        for entry in entries.flatten() {
            let rest = entry.file_name().as_encoded_bytes().strip_prefix(start.as_slice()).map(<[u8]>::to_vec);
            if rest.is_some_and(|rest| rest.len() == RANDOM.len() && rest.iter().all(u8::is_ascii_alphanumeric)) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Writes all of it, or leaves what was there.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.stage(bytes)?.commit()
    }
}

impl Staged {
    /// Puts the new content in the place of the old, in one step.
    pub fn commit(self) -> Result<(), Failure> {
        let Self { content, file } = self;
        content.commit().map_err(|error| {
            // The library leaves it where it could not be put in its place.
            file.clear();
            file.unwritten(error)
        })
    }
}

/// Fails where a path ends as only a folder's does: the library would take “new/” and “new/.” for “new”.
fn named(path: &Path) -> Result<(), String> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    match bytes.rsplit(is_separator).next() {
        None | Some(b"" | b"." | b"..") => Err("it is a folder; name a file in it".into()),
        Some(_) => Ok(()),
    }
}

#[cfg(unix)]
fn is_socket(found: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_socket(&found.file_type())
}

#[cfg(not(unix))]
fn is_socket(_: &Metadata) -> bool {
    false
}

/// The folder that a path is in.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Whether two paths whose links are followed name one file. Names that differ by case only are taken for one, for on some disks they are,
/// unless both files are there and two. (Another name that a file has by a hard link is not harmed by writing this one.)
fn are_one_file(one: &Path, other: &Path) -> bool {
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    one == other || (lower(one) == lower(other) && !matches!(same_file::is_same_file(one, other), Ok(false)))
}
