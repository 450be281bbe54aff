//! The header of a GGUF file, in which language models come: what the model is, in words and numbers, and where its arrays stand.
//!
//! ```text
//! "GGUF" │ version │ number of arrays │ number of entries │ entries: name, kind, value │ arrays: name, extents, type, place │ padding │ numbers
//! ```
//! Read are the versions 2 and 3 of the format (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>), little-endian. Files come from
//! elsewhere: every length is held against what is left of the file before anything is made of it, and nothing is kept that the file does not
//! hold. The header does not need the numbers behind it: it is read from the first part of a file, and tells how long the whole should be.

mod reader;
mod unreadable;
mod value;

pub use unreadable::Unreadable;
pub use value::{Kind, List, Value};

use crate::stored_array::StoredArray;
use glasses_contract::sentence;
use reader::Reader;
use std::collections::BTreeMap;

/// Entries or arrays that a header may have: some hundreds are usual.
const MAX_ENTRIES: u64 = 1 << 16;
/// Axes of an array.
const MAX_AXES: u32 = 4;
/// What the place of every array is a multiple of, where the header says nothing else.
const ALIGNMENT: u64 = 32;
/// The largest such number that makes sense.
const MAX_ALIGNMENT: u64 = 1 << 16;

/// What a file's header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The version of the format.
    pub version: u32,
    /// The entries, by their names.
    pub entries: BTreeMap<String, Value>,
    /// The arrays, by their names.
    pub arrays: BTreeMap<String, StoredArray>,
    /// Where the numbers begin, in bytes from the start of the file.
    pub start: u64,
}

impl Header {
    /// Reads the header of a file of `size` bytes from its first part.
    ///
    /// # Errors
    /// If it is none, does not tell where every byte of the numbers belongs, or goes on behind the part: [`Unreadable::Cut`].
    pub fn read(part: &[u8], size: u64) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(part);
        let version = reader.magic_and_version(size)?;
        let arrays = reader.count(sentence!("the number of its arrays"))?;
        let entries = reader.count(sentence!("the number of its entries"))?;
        let name_of = sentence!("the name of an entry");
        let mut read = BTreeMap::new();
        for _ in 0..entries {
            let name = reader.text(&name_of)?.to_string();
            let value = reader.value(&name)?;
            if read.contains_key(&name) {
                return Err(Unreadable::Twice(name));
            }
            read.insert(name, value);
        }
        let alignment = alignment(&read)?;
        let mut placed = Vec::new();
        for _ in 0..arrays {
            placed.push(reader.array()?);
        }
        let start = reader.at().next_multiple_of(alignment);
        let arrays = in_place(placed, start, alignment, size)?;
        Ok(Self { version, entries: read, arrays, start })
    }

    /// An entry that is a text; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Unreadable> {
        self.entry(name, Kind::Text, |value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// An entry that is a whole number, not below zero; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    pub fn whole(&self, name: &str) -> Result<Option<u64>, Unreadable> {
        self.entry(name, Kind::Unsigned, |value| match value {
            Value::Unsigned(number) => Some(*number),
            Value::Signed(number) => u64::try_from(*number).ok(),
            _ => None,
        })
    }

    /// An entry that is a finite number; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Unreadable> {
        self.entry(name, Kind::Float, |value| match value {
            Value::Float(number) => Some(*number).filter(|number| number.is_finite()),
            _ => None,
        })
    }

    /// An entry that is yes or no; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    pub fn truth(&self, name: &str) -> Result<Option<bool>, Unreadable> {
        self.entry(name, Kind::Truth, |value| match value {
            Value::Truth(truth) => Some(*truth),
            _ => None,
        })
    }

    /// An entry that is a list of texts; none where it is missing.
    ///
    /// # Errors
    /// If it is something else.
    pub fn texts(&self, name: &str) -> Result<Option<&List>, Unreadable> {
        self.entry(name, Kind::List, |value| match value {
            Value::List(list) if list.of == Kind::Text => Some(list),
            _ => None,
        })
    }

    fn entry<'a, T>(&'a self, name: &str, expected: Kind, take: impl Fn(&'a Value) -> Option<T>) -> Result<Option<T>, Unreadable> {
        let of = |value: &'a Value| take(value).ok_or_else(|| Unreadable::OtherKind { name: name.into(), found: value.kind(), expected });
        self.entries.get(name).map(of).transpose()
    }
}

fn alignment(entries: &BTreeMap<String, Value>) -> Result<u64, Unreadable> {
    match entries.get("general.alignment") {
        None => Ok(ALIGNMENT),
        Some(Value::Unsigned(number)) if number.is_power_of_two() && (8..=MAX_ALIGNMENT).contains(number) => Ok(*number),
        Some(_) => Err(Unreadable::Alignment),
    }
}

/// The arrays by their names, each with its place in the file. One begins where the one before it ends, at the next multiple of the alignment,
/// and the file ends with the last one or its padding.
fn in_place(
    mut arrays: Vec<(String, StoredArray)>,
    start: u64,
    alignment: u64,
    size: u64,
) -> Result<BTreeMap<String, StoredArray>, Unreadable> {
    arrays.sort_by_key(|(_, array)| (array.bytes.start, array.bytes.end));
    let (mut next, mut last) = (0_u64, 0_u64);
    let mut placed = BTreeMap::new();
    for (name, mut array) in arrays {
        if array.bytes.start != next {
            return Err(Unreadable::Place { name, found: array.bytes.start, expected: next });
        }
        last = array.bytes.end;
        next = last.checked_next_multiple_of(alignment).unwrap_or(u64::MAX);
        array.bytes = array.bytes.start.saturating_add(start)..last.saturating_add(start);
        if placed.contains_key(&name) {
            return Err(Unreadable::Twice(name));
        }
        placed.insert(name, array);
    }
    let ends = start.saturating_add(last)..=start.saturating_add(next);
    if placed.is_empty() || !ends.contains(&size) {
        return Err(Unreadable::End { found: size, expected: *ends.start() });
    }
    Ok(placed)
}
