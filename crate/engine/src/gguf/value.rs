//! What an entry of a header holds: a number, a text, yes or no, or a list of such.

use glasses_contract::{Sentence, sentence};
use std::ops::Range;

/// What an entry holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number of a type without a sign.
    Unsigned(u64),
    /// A whole number of a type with a sign.
    Signed(i64),
    /// A number.
    Float(f64),
    /// Yes or no.
    Truth(bool),
    /// A text.
    Text(String),
    /// A list, which stays in the file.
    List(List),
}

/// A list, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// What it is a list of.
    pub of: Kind,
    /// How many it holds.
    pub count: usize,
    /// Its bytes in the file.
    pub bytes: Range<usize>,
}

/// What kind of thing an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of a type without a sign.
    Unsigned,
    /// A whole number of a type with a sign.
    Signed,
    /// A number.
    Float,
    /// Yes or no.
    Truth,
    /// A text.
    Text,
    /// A list.
    List,
}

impl Kind {
    /// In words.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Unsigned => sentence!("a whole number from zero up"),
            Self::Signed => sentence!("a whole number"),
            Self::Float => sentence!("a finite number"),
            Self::Truth => sentence!("yes or no"),
            Self::Text => sentence!("a text"),
            Self::List => sentence!("a list"),
        }
    }

    /// The kind with this number in a file.
    pub(super) fn of(number: u32) -> Option<Self> {
        Some(match number {
            0 | 2 | 4 | 10 => Self::Unsigned,
            1 | 3 | 5 | 11 => Self::Signed,
            6 | 12 => Self::Float,
            7 => Self::Truth,
            8 => Self::Text,
            9 => Self::List,
            _ => return None,
        })
    }

    /// How many bytes a value of the kind with this number has; none for texts and lists, which say so themselves.
    pub(super) fn bytes(number: u32) -> u64 {
        match number {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            _ => 0,
        }
    }
}

impl Value {
    /// A number, or yes or no, of the kind with this number, from its bytes.
    pub(super) fn number(kind: u32, bytes: &[u8]) -> Option<Self> {
        let bits = bytes.iter().rev().fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
        let unused = 64 - 8 * bytes.len() as u32;
        Some(match (kind, Kind::of(kind)?) {
            (_, Kind::Unsigned) => Self::Unsigned(bits),
            (_, Kind::Signed) => Self::Signed((bits << unused) as i64 >> unused),
            (6, Kind::Float) => Self::Float(f64::from(f32::from_bits(bits as u32))),
            (_, Kind::Float) => Self::Float(f64::from_bits(bits)),
            (_, Kind::Truth) if bits < 2 => Self::Truth(bits == 1),
            _ => return None,
        })
    }

    /// What kind of thing it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unsigned(_) => Kind::Unsigned,
            Self::Signed(_) => Kind::Signed,
            Self::Float(_) => Kind::Float,
            Self::Truth(_) => Kind::Truth,
            Self::Text(_) => Kind::Text,
            Self::List(_) => Kind::List,
        }
    }
}

impl List {
    /// The texts of a list of texts, from the file that it was found in.
    pub fn texts<'a>(&self, file: &'a [u8]) -> impl Iterator<Item = &'a str> {
        let mut rest = file.get(self.bytes.clone()).filter(|_| self.of == Kind::Text).unwrap_or_default();
        std::iter::from_fn(move || {
            let (length, behind) = rest.split_first_chunk::<8>()?;
            let (text, behind) = behind.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            rest = behind;
            std::str::from_utf8(text).ok()
        })
    }
}
