//! Reading a header from its bytes, one thing after the other; whatever would go on behind the end is refused first.

use super::value::{Kind, List, Value};
use super::{MAX_AXES, MAX_ENTRIES, Unreadable};
use crate::block::BlockType;
use crate::stored_array::StoredArray;
use glasses_contract::quote::quote;
use glasses_contract::{Sentence, sentence};

const MAGIC: &[u8] = b"GGUF";
const VERSIONS: [u32; 2] = [2, 3];

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(super) fn at(&self) -> u64 {
        self.at as u64
    }

    pub(super) fn magic_and_version(&mut self, size: u64) -> Result<u32, Unreadable> {
        if !self.bytes.starts_with(MAGIC) {
            return Err(Unreadable::Magic { bytes: size });
        }
        self.at = MAGIC.len();
        let version = self.u32(&sentence!("its version"))?;
        if VERSIONS.contains(&version.swap_bytes()) {
            return Err(Unreadable::BigEndian);
        }
        if VERSIONS.contains(&version) { Ok(version) } else { Err(Unreadable::Version(version)) }
    }

    /// A number of entries or arrays.
    pub(super) fn count(&mut self, what: Sentence) -> Result<u64, Unreadable> {
        let count = self.u64(&what)?;
        if count > MAX_ENTRIES { Err(Unreadable::Count { what, found: count, most: MAX_ENTRIES }) } else { Ok(count) }
    }

    pub(super) fn text(&mut self, what: &Sentence) -> Result<&'a str, Unreadable> {
        let length = self.u64(what)?;
        let bytes = self.take(length, what)?;
        std::str::from_utf8(bytes).map_err(|_| Unreadable::NoText { what: what.clone() })
    }

    pub(super) fn value(&mut self, name: &str) -> Result<Value, Unreadable> {
        let what = sentence!("the entry “{}”", quote(name));
        let kind = self.u32(&what)?;
        let of = Kind::of(kind).ok_or_else(|| Unreadable::Kind { name: name.into(), found: kind })?;
        match of {
            Kind::Text => Ok(Value::Text(self.text(&what)?.into())),
            Kind::List => self.list(name, &what),
            _ => {
                let bytes = self.take(Kind::bytes(kind), &what)?;
                Value::number(kind, bytes).ok_or_else(|| Unreadable::Kind { name: name.into(), found: kind })
            }
        }
    }

    /// A list stays where it lies: it is gone through once, to find its end.
    fn list(&mut self, name: &str, what: &Sentence) -> Result<Value, Unreadable> {
        let kind = self.u32(what)?;
        let of = Kind::of(kind).filter(|&of| of != Kind::List).ok_or_else(|| Unreadable::Kind { name: name.into(), found: kind })?;
        let count = self.u64(what)?;
        let start = self.at;
        if of == Kind::Text {
            for _ in 0..count {
                self.text(what)?;
            }
        } else {
            let bytes = count.saturating_mul(Kind::bytes(kind));
            self.take(bytes, what)?;
        }
        Ok(Value::List(List { of, count: count as usize, bytes: start..self.at }))
    }

    /// An array, and its place from where the numbers begin.
    pub(super) fn array(&mut self) -> Result<(String, StoredArray), Unreadable> {
        let name = self.text(&sentence!("the name of an array"))?.to_string();
        let what = sentence!("the array “{}”", quote(&name));
        let axes = self.u32(&what)?;
        if axes == 0 || axes > MAX_AXES {
            return Err(Unreadable::Axes { name, found: axes, most: MAX_AXES });
        }
        let mut extents = Vec::new();
        for _ in 0..axes {
            extents.push(self.u64(&what)?);
        }
        let id = self.u32(&what)?;
        let of = BlockType::ALL.into_iter().find(|of| of.id() == id).ok_or_else(|| Unreadable::Type { name: name.clone(), found: id })?;
        let start = self.u64(&what)?;
        let row = extents[0];
        let values = extents.iter().try_fold(1_u64, |values, &extent| values.checked_mul(extent).filter(|&values| values > 0));
        let values = values.filter(|_| row % of.values() as u64 == 0);
        let bytes = values.and_then(|values| (values / of.values() as u64).checked_mul(of.bytes() as u64));
        let end = bytes.and_then(|bytes| start.checked_add(bytes));
        let extents: Option<Vec<usize>> = extents.iter().map(|&extent| usize::try_from(extent).ok()).collect();
        match (end, extents) {
            (Some(end), Some(extents)) => Ok((name, StoredArray { extents, of, bytes: start..end })),
            _ => Err(Unreadable::Row { name, of: of.name(), row, block: of.values() }),
        }
    }

    fn u32(&mut self, what: &Sentence) -> Result<u32, Unreadable> {
        let bytes = self.take(4, what)?;
        Ok(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
    }

    fn u64(&mut self, what: &Sentence) -> Result<u64, Unreadable> {
        let bytes = self.take(8, what)?;
        Ok(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    fn take(&mut self, count: u64, what: &Sentence) -> Result<&'a [u8], Unreadable> {
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count)).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| Unreadable::Cut { what: what.clone(), at: self.at as u64 })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }
}
