//! Reading a file that somebody names: only a regular one, and no more of it than can be meant.

use crate::failure::{Failure, words};
use glasses_contract::{hub_files, limits};
use glasses_engine::gguf::Unreadable;
use glasses_engine::language_model::{LanguageModel, MAX_BYTES, NoLanguageModel};
use glasses_engine::model_file::{Header, LENGTH_BYTES};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The bytes of a file, `most` at the most.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let too_large = |bytes: u64| (bytes > most).then(|| format!("it has {bytes} bytes, and there is no such file with more than {most}"));
    let (mut file, _) = open(path, too_large)?;
    let mut bytes = Vec::new();
    // What the system says of a file's length need not be so.
    take(&mut file, most + 1, &mut bytes).map_err(|error| refused(path, words(&error)))?;
    too_large(bytes.len() as u64).map_or(Ok(bytes), |why| Err(refused(path, why)))
}

/// What a model's file turned out to be.
pub enum Read {
    /// A model that was trained here, as the bytes of its file.
    Own(Vec<u8>),
    /// A language model.
    Language(Box<LanguageModel>),
}

/// Bytes in which a language model's header is looked for first; it may have more.
const BEGINNING: u64 = 4 << 20;

/// A model's file of either kind, which its first bytes tell; or the three of a hub in a folder, which is named by itself or by its weights.
pub fn read_any_model(path: &Path) -> Result<Read, Failure> {
    if let Some(folder) = hub_folder(path) {
        return read_hub_files(folder).map(|model| Read::Language(Box::new(model)));
    }
    let (mut file, size) = open(path, |_| None)?;
    let mut bytes = Vec::new();
    take(&mut file, 4, &mut bytes).map_err(|error| refused(path, words(&error)))?;
    if bytes != b"GGUF" {
        return read_model(path).map(Read::Own);
    }
    read_language_model(path, file, size, bytes).map(|model| Read::Language(Box::new(model)))
}

/// The folder of a language model in three files.
fn hub_folder(path: &Path) -> Option<&Path> {
    let [config, tokenizer, weights] = hub_files::NAMES;
    if path.is_dir() {
        return Some(path);
    }
    let folder = path.parent().filter(|_| path.file_name().is_some_and(|name| name == weights))?;
    [config, tokenizer].iter().all(|name| folder.join(name).is_file()).then_some(folder)
}

/// Every file that is read of a model that is named so.
pub fn files_of_model(path: &Path) -> Vec<PathBuf> {
    hub_folder(path).map_or_else(|| vec![path.to_path_buf()], |folder| hub_files::NAMES.map(|name| folder.join(name)).to_vec())
}

/// The three files of a folder, one behind the other as if they were one.
fn read_hub_files(folder: &Path) -> Result<LanguageModel, Failure> {
    let missing: Vec<&str> = hub_files::NAMES.into_iter().filter(|name| !folder.join(name).exists()).collect();
    if !missing.is_empty() {
        return Err(refused(
            folder,
            format!("it is a folder, and a model there has {}: {} is missing", hub_files::NAMES.join(", "), missing.join(", ")),
        ));
    }
    let [config, tokenizer, weights] = hub_files::NAMES.map(|name| open(&folder.join(name), |_| None));
    let ((config, of_config), (tokenizer, of_tokenizer), (weights, of_weights)) = (config?, tokenizer?, weights?);
    let lengths = [of_config, of_tokenizer, of_weights];
    let head = hub_files::head(lengths).to_vec();
    let size = lengths.into_iter().fold(head.len() as u64, u64::saturating_add);
    // What is written to one while it is read stays behind its own end.
    let files = config.take(of_config).chain(tokenizer.take(of_tokenizer)).chain(weights.take(of_weights));
    read_language_model(folder, files, size, head)
}

/// A language model: its size and its header are looked at first, so that of what is none nothing else is in memory.
fn read_language_model(path: &Path, mut file: impl io::Read, size: u64, mut bytes: Vec<u8>) -> Result<LanguageModel, Failure> {
    let refuse = |why: NoLanguageModel| refused(path, why.to_string());
    if size > MAX_BYTES {
        return Err(refuse(NoLanguageModel::Large(size)));
    }
    let mut next = |bytes: &mut Vec<u8>, most: u64| {
        let wanted = most.saturating_sub(bytes.len() as u64);
        take(&mut file, wanted, bytes).map_err(|error| refused(path, words(&error)))
    };
    let mut part = BEGINNING;
    loop {
        next(&mut bytes, part.min(size))?;
        match LanguageModel::check(&bytes, size) {
            Err(NoLanguageModel::File(Unreadable::Cut { .. })) if part < size => part *= 4,
            Err(why) => return Err(refuse(why)),
            Ok(()) => break,
        }
    }
    bytes.reserve_exact((size as usize).saturating_sub(bytes.len()));
    next(&mut bytes, size)?;
    LanguageModel::open(bytes).map_err(refuse)
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

fn take(file: &mut impl io::Read, count: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    file.take(count).read_to_end(bytes).map(drop)
}

fn refused(path: &Path, why: String) -> Failure {
    Failure::unreadable(path, why)
}
