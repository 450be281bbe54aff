//! Reading a file that somebody names: only a regular one, and no more of it than can be meant.

use crate::failure::{Failure, words};
use glasses_contract::limits;
use glasses_engine::model_file::{Header, LENGTH_BYTES};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a file, `most` at the most.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let too_large = |bytes: u64| (bytes > most).then(|| format!("it has {bytes} bytes, and there is no such file with more than {most}"));
    let (mut file, _) = open(path, too_large)?;
    let mut bytes = Vec::new();
    // What the system says of a file's length need not be so.
    take(&mut file, most + 1, &mut bytes).map_err(|error| refused(path, words(&error)))?;
    too_large(bytes.len() as u64).map_or(Ok(bytes), |why| Err(refused(path, why)))
}

/// The bytes of a model's file: its size and its header are looked at first, so that of what is no model nothing else is in memory.
pub fn read_model(path: &Path) -> Result<Vec<u8>, Failure> {
    let refuse = |why: &dyn std::fmt::Display| refused(path, why.to_string());
    let (mut file, size) = open(path, |bytes| limits::too_large_for_a_model(bytes).map(|why| why.to_string()))?;
    let mut bytes = Vec::new();
    let mut next = |count: u64, bytes: &mut Vec<u8>| take(&mut file, count, bytes).map_err(|error| refused(path, words(&error)));
    next(LENGTH_BYTES as u64, &mut bytes)?;
    let length = Header::length(&bytes, size).map_err(|why| refuse(&why))?;
    next(length as u64, &mut bytes)?;
    Header::read(&bytes[LENGTH_BYTES..], size).map_err(|why| refuse(&why))?;
    next(size, &mut bytes)?;
    Ok(bytes)
}

/// A file, and how many bytes it has. A pipe or a device is refused before it is opened: it may keep a program waiting for ever, or never end.
fn open(path: &Path, too_large: impl Fn(u64) -> Option<String>) -> Result<(File, u64), Failure> {
    let found = path.metadata().map_err(|error| refused(path, words(&error)))?;
    if found.is_dir() {
        return Err(refused(path, "it is a folder".into()));
    }
    if !found.is_file() {
        return Err(refused(path, "it is a pipe or a device, and not a file".into()));
    }
    match too_large(found.len()) {
        Some(why) => Err(refused(path, why)),
        None => File::open(path).map(|file| (file, found.len())).map_err(|error| refused(path, words(&error))),
    }
}

fn take(file: &mut File, count: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    file.take(count).read_to_end(bytes).map(drop)
}

fn refused(path: &Path, why: String) -> Failure {
    Failure::unreadable(path, why)
}
