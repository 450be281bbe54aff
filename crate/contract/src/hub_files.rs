//! A language model as hubs hold it, in three files: which of some files they are, and how they become one file that is opened and kept as one.
//!
//! ```text
//! "glasses3" │ bytes of config.json │ of tokenizer.json │ of model.safetensors │ the three files, one behind the other
//! ```
//! Numbers have eight bytes, little-endian. Only page, worker and command line write and read this; a reader has the three files.

use crate::quote::quote;
use crate::{Sentence, sentence};

/// The files, in their order. Together, one behind the other, they are what a link's hash is of.
pub const NAMES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// Bytes in front of the first file.
pub const HEAD_BYTES: usize = 32;

const MAGIC: &[u8; 8] = b"glasses3";

/// What stands in front of files of so many bytes.
pub fn head(bytes: [u64; 3]) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(MAGIC);
    for (place, bytes) in head[8..].as_chunks_mut().0.iter_mut().zip(bytes) {
        *place = bytes.to_le_bytes();
    }
    head
}

/// How many bytes each of the files has, where this is the beginning of three.
pub fn lengths(part: &[u8]) -> Option<[u64; 3]> {
    let numbers = part.get(..HEAD_BYTES)?.strip_prefix(MAGIC)?;
    <[[u8; 8]; 3]>::try_from(numbers.as_chunks().0).ok().map(|numbers| numbers.map(u64::from_le_bytes))
}

/// Which of some files, by what they are called, are the three; none where they are not of that kind. What else is among them is left alone.
///
/// # Errors
/// If one is missing, or there twice.
pub fn choose(called: &[String]) -> Result<Option<[usize; 3]>, Incomplete> {
    let is_of = |called: &str| NAMES.iter().position(|name| plain(called) == *name);
    let found =
        NAMES.map(|name| called.iter().enumerate().filter(|(_, called)| plain(called) == name).map(|(at, _)| at).collect::<Vec<_>>());
    let is_weights = |called: &String| called.ends_with(".safetensors");
    if called.iter().all(|called| is_of(called).is_none() && !is_weights(called)) {
        return Ok(None);
    }
    if let Some(at) = found.iter().position(|found| found.len() > 1) {
        return Err(Incomplete::Twice(NAMES[at]));
    }
    let missing: Vec<&str> = NAMES.iter().zip(&found).filter(|(_, found)| found.is_empty()).map(|(name, _)| *name).collect();
    match missing.is_empty() {
        true => Ok(Some(found.map(|found| found.first().copied().unwrap_or_default()))),
        false => Err(Incomplete::Missing { missing, found: called.to_vec() }),
    }
}

/// A name as it was before a browser that had a file of this name already put a number behind it: `config (1).json`.
fn plain(called: &str) -> String {
    let Some((stem, end)) = called.rsplit_once('.') else { return called.into() };
    let numbered = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once('('));
    match numbered.filter(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        Some((stem, _)) => format!("{}.{end}", stem.trim_end()),
        None => called.into(),
    }
}

/// Why some files are not the three of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// Some are not there.
    Missing {
        /// Which.
        missing: Vec<&'static str>,
        /// Those that are there.
        found: Vec<String>,
    },
    /// More than one of a name.
    Twice(&'static str),
}

impl Incomplete {
    /// A whole sentence.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Missing { missing, found } => sentence!(
                "A model has three files here, {}. Missing is {}; chosen was {}.",
                NAMES.join(", "),
                missing.join(", "),
                found.iter().map(|found| quote(found)).collect::<Vec<_>>().join(", ")
            ),
            Self::Twice(name) => sentence!("A model has three files here, {}, each once: “{}” was chosen twice.", NAMES.join(", "), *name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(called: &str) -> Result<Option<[usize; 3]>, Incomplete> {
        choose(&called.split(' ').map(|called| called.replace('_', " ")).collect::<Vec<_>>())
    }

    #[test]
    fn the_three_are_found_among_others_whatever_their_order() {
        assert_eq!(chosen("model.safetensors README.md config.json tokenizer.json"), Ok(Some([2, 3, 0])));
        assert_eq!(chosen("config_(1).json tokenizer(12).json model.safetensors"), Ok(Some([0, 1, 2])));
        assert_eq!(chosen("SmolLM2.gguf"), Ok(None));
        assert_eq!(chosen("other.json"), Ok(None));
    }

    #[test]
    fn what_is_missing_or_twice_is_named() {
        let missing = |called| match chosen(called) {
            Err(Incomplete::Missing { missing, .. }) => missing.join(" "),
            other => format!("{other:?}"),
        };
        assert_eq!(missing("config.json"), "tokenizer.json model.safetensors");
        assert_eq!(missing("model.safetensors tokenizer.json"), "config.json");
        assert_eq!(missing("model-00001-of-00002.safetensors config.json tokenizer.json"), "model.safetensors");
        assert_eq!(chosen("config.json config_(1).json tokenizer.json model.safetensors"), Err(Incomplete::Twice("config.json")));
        let said = chosen("model.safetensors").expect_err("two are missing").sentence().to_string();
        assert!(said.contains("Missing is config.json, tokenizer.json; chosen was model.safetensors."), "{said}");
    }

    #[test]
    fn a_head_says_how_long_the_files_are() {
        let head = head([7, 300, 1 << 40]);
        assert_eq!(lengths(&head), Some([7, 300, 1 << 40]));
        assert_eq!(lengths(&[&head[..], &[1; 9]].concat()), Some([7, 300, 1 << 40]));
        assert_eq!(lengths(&head[..31]), None);
        assert_eq!(lengths(&[b'G'; 32]), None);
    }
}
