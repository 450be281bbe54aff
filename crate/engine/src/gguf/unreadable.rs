//! Why a file can't be used as a language model: one clause for each reason, which names what was found and what would be right.

use super::Kind;
use crate::block::BlockType;
use glasses_contract::quote::quote;
use glasses_contract::{Sentence, sentence};

/// Why a file can't be used as a language model. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum Unreadable {
    /// It begins as another file does.
    Magic {
        /// Bytes in it.
        bytes: u64,
    },
    /// Written for another kind of processor.
    BigEndian,
    /// A version that is not read.
    Version(u32),
    /// It ends within its header.
    Cut {
        /// What was being read.
        what: Sentence,
        /// Bytes in front of it.
        at: u64,
    },
    /// More than any file has.
    Count {
        /// What is counted.
        what: Sentence,
        /// How many there should be.
        found: u64,
        /// How many there may be.
        most: u64,
    },
    /// Something that should be a text.
    NoText {
        /// What should be one.
        what: Sentence,
    },
    /// A name that stands for two things.
    Twice(String),
    /// A kind of value that is not known, or one that it can't have.
    Kind {
        /// The entry.
        name: String,
        /// The kind's number.
        found: u32,
    },
    /// An entry that holds something else than is asked for.
    OtherKind {
        /// The entry.
        name: String,
        /// What it holds.
        found: Kind,
        /// What it should hold.
        expected: Kind,
    },
    /// No alignment.
    Alignment,
    /// An array with too many axes, or none.
    Axes {
        /// The array.
        name: String,
        /// Its axes.
        found: u32,
        /// The most that are read.
        most: u32,
    },
    /// Numbers of a type that is not read.
    Type {
        /// The array.
        name: String,
        /// The number of the type.
        found: u32,
    },
    /// An array that is empty, too large to be counted, or whose rows are not whole blocks.
    Row {
        /// The array.
        name: String,
        /// Its type.
        of: &'static str,
        /// Numbers in a row.
        row: u64,
        /// Numbers in a block.
        block: usize,
    },
    /// Arrays that overlap, or leave a gap.
    Place {
        /// The array.
        name: String,
        /// Where it begins.
        found: u64,
        /// Where it should.
        expected: u64,
    },
    /// The file is shorter or longer than its header says.
    End {
        /// Bytes in the file.
        found: u64,
        /// Bytes by the header.
        expected: u64,
    },
}

impl Unreadable {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Magic { bytes } => sentence!("it is no GGUF file: it has {} bytes, and the first four are not “GGUF”", *bytes),
            Self::BigEndian => sentence!("it is written big-endian, and only little-endian GGUF files are read"),
            Self::Version(found) => sentence!("it is of version {} of the GGUF format, and versions 2 and 3 are read", *found),
            Self::Cut { what, at } => sentence!("it ends within its header, at byte {}, where {} should follow", *at, what.clone()),
            Self::Count { what, found, most } => {
                sentence!("its header gives {} as {}, and no model has more than {}", *found, what.clone(), *most)
            }
            Self::NoText { what } => sentence!("its header has something else than text (UTF-8) as {}", what.clone()),
            Self::Twice(name) => sentence!("its header says “{}” twice", quote(name)),
            Self::Kind { name, found } => {
                sentence!("its header has under “{}” a value of kind {}, which is not read there", quote(name), *found)
            }
            Self::OtherKind { name, found, expected } => {
                sentence!("its header has {} under “{}”, where {} should stand", found.sentence(), quote(name), expected.sentence())
            }
            Self::Alignment => sentence!("its header has something else under “general.alignment” than a power of two from 8 to 65536"),
            Self::Axes { name, found, most } => {
                sentence!("the array “{}” has {} axes, and arrays of 1 to {} are read", quote(name), *found, *most)
            }
            Self::Type { name, found } => sentence!(
                "the array “{}” holds numbers of the type with the number {}; {} are read, no other",
                quote(name),
                *found,
                BlockType::ALL.map(BlockType::name).join(", ")
            ),
            Self::Row { name, of, row, block } => sentence!(
                "the array “{}” of {} has rows of {} numbers, of which no whole blocks of {} that can be held are made",
                quote(name),
                *of,
                *row,
                *block
            ),
            Self::Place { name, found, expected } => sentence!(
                "the array “{}” begins at byte {} of the numbers, and by the one before it that should be {}",
                quote(name),
                *found,
                *expected
            ),
            Self::End { found, expected } => sentence!(
                "it has {} bytes, and by its header it should have {}: it may have been cut off, or something stands behind it",
                *found,
                *expected
            ),
        }
    }
}
