//! The header of a model's file: which arrays it has and where, and what is said of them in words.

use super::LENGTH_BYTES;
use super::json::{self, Fault};
use super::numbers::Number;
use super::unreadable::{Names, Shape, Unreadable};
use crate::transformer::parameters;
use crate::weights::{Array, Weights};
use glasses_contract::config::Model;
use glasses_contract::limits::MAX_HEADER_BYTES;
use glasses_contract::{Sentence, sentence};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a model's file says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its arrays, in the order in which they stand in the file.
    pub arrays: Vec<Stored>,
    /// Its words by their names.
    pub words: BTreeMap<String, String>,
}

/// An array as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// The type of its numbers.
    pub number: Number,
    /// Its extent along each axis.
    pub shape: Vec<usize>,
    /// Where its bytes are, from the beginning of the file.
    pub bytes: Range<u64>,
}

/// Bytes of a file that are looked at at once.
const PIECE: u64 = 1 << 20;

/// The name of the words among the arrays.
const WORDS: &str = "__metadata__";

impl Header {
    /// Reads the header of a whole file.
    ///
    /// # Errors
    /// As [`Header::length`] and [`Header::read`].
    pub fn of(file: &[u8]) -> Result<Self, Unreadable> {
        let size = file.len() as u64;
        let length = Self::length(file, size)?;
        // No longer than the file: its length was held against it.
        Self::read(file.get(LENGTH_BYTES..LENGTH_BYTES + length).unwrap_or_default(), size)
    }

    /// Bytes of the header that follows a file's first [`LENGTH_BYTES`]; `size` is that of the whole file.
    ///
    /// # Errors
    /// If a file of this size can't have such a header.
    pub fn length(first: &[u8], size: u64) -> Result<usize, Unreadable> {
        let Some(length) = first.first_chunk::<LENGTH_BYTES>() else { return Err(Unreadable::Short { bytes: size }) };
        let header = u64::from_le_bytes(*length);
        // The shortest object is “{}”.
        if header < 2 || header > size.saturating_sub(LENGTH_BYTES as u64) {
            return Err(Unreadable::NoHeader { header, bytes: size });
        }
        match usize::try_from(header) {
            Ok(length) if header <= MAX_HEADER_BYTES => Ok(length),
            _ => Err(Unreadable::LongHeader { header, most: MAX_HEADER_BYTES }),
        }
    }

    /// Reads a header, the `json` of a file of `size` bytes.
    ///
    /// # Errors
    /// If it is no header, names something twice, or does not tell where every byte of the file belongs.
    pub fn read(json: &[u8], size: u64) -> Result<Self, Unreadable> {
        let mut entries = json::object(json).map_err(|fault| match fault {
            Fault::Json(why) => Unreadable::Header(why),
            Fault::Twice(name) => Unreadable::Twice(name),
        })?;
        let words = match entries.remove(WORDS) {
            None => BTreeMap::new(),
            Some(Value::Object(words)) => words.into_iter().map(word).collect::<Result<_, _>>()?,
            Some(_) => return Err(Unreadable::NoWord(WORDS.into())),
        };
        let start = (LENGTH_BYTES + json.len()) as u64;
        let mut arrays: Vec<Stored> = entries.into_iter().map(|(name, entry)| Stored::read(name, &entry)).collect::<Result<_, _>>()?;
        arrays.sort_by_key(|array| (array.bytes.start, array.bytes.end));
        let mut end = 0;
        for array in &mut arrays {
            if array.bytes.start != end {
                return Err(Unreadable::Place { name: array.name.clone(), found: array.bytes.start, expected: end });
            }
            end = array.bytes.end;
            array.bytes = array.bytes.start.saturating_add(start)..end.saturating_add(start);
        }
        let expected = end.saturating_add(start);
        if expected != size {
            return Err(Unreadable::End { found: size, expected });
        }
        Ok(Self { arrays, words })
    }

    /// The numbers of a whole file, whose header this is, each as the nearest f32.
    ///
    /// # Errors
    /// If one is no finite number.
    pub fn weights(&self, file: &[u8]) -> Result<Weights, Unreadable> {
        let array = |stored: &Stored| {
            // Within the file: every place was held against its length.
            let bytes = stored.bytes.start as usize..stored.bytes.end as usize;
            let values = stored.values(file.get(bytes).unwrap_or_default(), 0)?;
            Ok((stored.name.clone(), Array { shape: stored.shape.clone(), values }))
        };
        Ok(Weights::from_arrays(self.arrays.iter().map(array).collect::<Result<Vec<_>, _>>()?))
    }

    /// Whether the arrays are those of a model: no other, none missing, each of its shape.
    ///
    /// # Errors
    /// If they are those of another model: the first of another shape, or which are missing and which are left over.
    pub fn fit(&self, model: &Model) -> Result<(), Unreadable> {
        let found: BTreeMap<&str, &Stored> = self.arrays.iter().map(|array| (array.name.as_str(), array)).collect();
        let mut asked: BTreeMap<String, Vec<usize>> = parameters(model).into_iter().map(|asked| (asked.name, asked.shape)).collect();
        for (name, shape) in &asked {
            if let Some(array) = found.get(name.as_str()).filter(|array| array.shape != *shape) {
                let (found, expected) = (Shape(array.shape.clone()), Shape(shape.clone()));
                return Err(Unreadable::OtherShape { name: name.clone(), found, expected });
            }
        }
        let surplus = found.keys().filter(|name| !asked.contains_key(**name)).map(|name| (*name).to_string()).collect();
        asked.retain(|name, _| !found.contains_key(name.as_str()));
        let (missing, surplus) = (Names(asked.into_keys().collect()), Names(surplus));
        match (missing.0.is_empty(), surplus.0.is_empty()) {
            (true, true) => Ok(()),
            (false, true) => Err(Unreadable::Missing(missing)),
            (true, false) => Err(Unreadable::Surplus(surplus)),
            (false, false) => Err(Unreadable::OtherArrays { missing, surplus }),
        }
    }

    /// What becomes of numbers that are not of f32: a sentence for each other type.
    pub fn notes(&self) -> Vec<Sentence> {
        let of = |number| self.arrays.iter().filter(|array| array.number == number).count();
        let note = |number: Number| {
            let (count, all, dtype) = (of(number), self.arrays.len(), number.dtype());
            match number {
                _ if count == 0 => None,
                Number::F32 => None,
                Number::F16 | Number::Bf16 => Some(sentence!(
                    "{} of the {} arrays of the model's file are of {}: read as fp32, which holds each number exactly.",
                    count,
                    all,
                    dtype
                )),
                Number::F64 => Some(sentence!(
                    "{} of the {} arrays of the model's file are of {}: each number is rounded to the nearest of fp32.",
                    count,
                    all,
                    dtype
                )),
            }
        };
        Number::ALL.into_iter().filter_map(note).collect()
    }
}

fn word((name, value): (String, Value)) -> Result<(String, String), Unreadable> {
    match value {
        Value::String(word) => Ok((name, word)),
        _ => Err(Unreadable::NoWord(name)),
    }
}

impl Stored {
    /// Reads an entry of the header. Its place counts from behind the header until all entries are known.
    fn read(name: String, entry: &Value) -> Result<Self, Unreadable> {
        let nothing = Map::new();
        let entry = entry.as_object().unwrap_or(&nothing);
        let fault = |field, expected| Unreadable::Field { name: name.clone(), field, expected };
        let dtype = entry.get("dtype").and_then(Value::as_str).ok_or_else(|| fault("dtype", sentence!("the name of a type of numbers")))?;
        let shape = entry.get("shape").and_then(whole_numbers).ok_or_else(|| fault("shape", sentence!("a list of whole numbers")))?;
        let place = entry.get("data_offsets").and_then(whole_numbers);
        let place = place.and_then(|place| <[u64; 2]>::try_from(place).ok()).filter(|[start, end]| start <= end);
        let [start, end] = place.ok_or_else(|| fault("data_offsets", sentence!("where it begins and where it ends")))?;
        let number = Number::ALL.into_iter().find(|number| number.dtype() == dtype);
        let number = number.ok_or_else(|| Unreadable::Dtype { name: name.clone(), dtype: dtype.into() })?;
        let shape: Vec<usize> = shape.into_iter().map(|extent| usize::try_from(extent).unwrap_or(usize::MAX)).collect();
        let bytes = shape.iter().try_fold(number.bytes() as u64, |bytes, &extent| bytes.checked_mul(extent as u64));
        if bytes != Some(end - start) {
            return Err(Unreadable::Extent { name, dtype: dtype.into(), shape: Shape(shape), bytes: end - start });
        }
        Ok(Self { name, number, shape, bytes: start..end })
    }

    /// The places in the file of this array's numbers, a piece at a time, each with how many numbers stand before it.
    pub fn pieces(&self) -> impl Iterator<Item = (Range<u64>, usize)> {
        let Range { start, end } = self.bytes;
        let number = self.number.bytes() as u64;
        // No number is cut: every width divides a piece.
        (start..end).step_by(PIECE as usize).map(move |at| (at..end.min(at + PIECE), ((at - start) / number) as usize))
    }

    /// Numbers of this array, of which `before` stand in front of these bytes: f16 and bf16 are f32 too, f64 is rounded to the nearest, a tie
    /// to the even one.
    ///
    /// # Errors
    /// If one is no finite number, or out of the range of f32.
    pub fn values(&self, bytes: &[u8], before: usize) -> Result<Vec<f32>, Unreadable> {
        let rounded = |(at, value): (usize, f64)| {
            let single = value as f32;
            let fault = || Unreadable::NotFinite { name: self.name.clone(), value, place: before + at + 1 };
            if single.is_finite() { Ok(single) } else { Err(fault()) }
        };
        self.number.read(bytes).into_iter().enumerate().map(rounded).collect()
    }
}

fn whole_numbers(list: &Value) -> Option<Vec<u64>> {
    list.as_array()?.iter().map(Value::as_u64).collect()
}
