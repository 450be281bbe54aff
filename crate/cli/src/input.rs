//! Reading a file that somebody names: only a regular one, and no more of it than can be meant.

use crate::failure::{Failure, words};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The bytes of a file, `most` at the most.
///
/// A pipe or a device is refused before it is opened: it may keep a program waiting for ever, or never end.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let refuse = |why: String| Failure::unreadable(path, why);
    let found = path.metadata().map_err(|error| refuse(words(&error)))?;
    if found.is_dir() {
        return Err(refuse("it is a folder".into()));
    }
    if !found.is_file() {
        return Err(refuse("it is a pipe or a device, and not a file".into()));
    }
    let too_large = |bytes: u64| refuse(format!("it has {bytes} bytes, and there is no such file with more than {most}"));
    if found.len() > most {
        return Err(too_large(found.len()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| refuse(words(&error)))?;
    // What the system says of a file's length need not be so.
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| refuse(words(&error)))?;
    if bytes.len() as u64 > most { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}
