//! Why a file can't be used as a language model: one clause for each reason, which names what was found and what would be right.

use super::Kind;
use glasses_contract::quote::quote;

/// Why a file can't be used as a language model. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// It begins as another file does.
    #[error("it is no GGUF file: it has {bytes} bytes, and the first four are not “GGUF”")]
    Magic {
        /// Bytes in it.
        bytes: u64,
    },
    /// Written for another kind of processor.
    #[error("it is written big-endian, and only little-endian GGUF files are read")]
    BigEndian,
    /// A version that is not read.
    #[error("it is of version {0} of the GGUF format, and versions 2 and 3 are read")]
    Version(u32),
    /// It ends within its header.
    #[error("it ends within its header, at byte {at}, where {what} should follow")]
    Cut {
        /// What was being read.
        what: String,
        /// Bytes in front of it.
        at: u64,
    },
    /// More than any file has.
    #[error("its header gives {found} as {what}, and no model has more than {most}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many there should be.
        found: u64,
        /// How many there may be.
        most: u64,
    },
    /// Something that should be a text.
    #[error("its header has something else than text (UTF-8) as {what}")]
    NoText {
        /// What should be one.
        what: String,
    },
    /// A name that stands for two things.
    #[error("its header says “{}” twice", quote(.0))]
    Twice(String),
    /// A kind of value that is not known, or one that it can't have.
    #[error("its header has under “{}” a value of kind {found}, which is not read there", quote(.name))]
    Kind {
        /// The entry.
        name: String,
        /// The kind's number.
        found: u32,
    },
    /// An entry that holds something else than is asked for.
    #[error("its header has {found} under “{}”, where {expected} should stand", quote(.name))]
    OtherKind {
        /// The entry.
        name: String,
        /// What it holds.
        found: Kind,
        /// What it should hold.
        expected: Kind,
    },
    /// No alignment.
    #[error("its header has something else under “general.alignment” than a power of two from 8 to 65536")]
    Alignment,
    /// An array with too many axes, or none.
    #[error("the array “{}” has {found} axes, and arrays of 1 to {most} are read", quote(.name))]
    Axes {
        /// The array.
        name: String,
        /// Its axes.
        found: u32,
        /// The most that are read.
        most: u32,
    },
    /// Numbers of a type that is not read.
    #[error(
        "the array “{}” holds numbers of the type with the number {found}; F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K and Q6_K are read, no other",
        quote(.name)
    )]
    Type {
        /// The array.
        name: String,
        /// The number of the type.
        found: u32,
    },
    /// An array that is empty, too large to be counted, or whose rows are not whole blocks.
    #[error("the array “{}” of {of} has rows of {row} numbers, of which no whole blocks of {block} that can be held are made", quote(.name))]
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
    #[error("the array “{}” begins at byte {found} of the numbers, and by the one before it that should be {expected}", quote(.name))]
    Place {
        /// The array.
        name: String,
        /// Where it begins.
        found: u64,
        /// Where it should.
        expected: u64,
    },
    /// The file is shorter or longer than its header says.
    #[error("it has {found} bytes, and by its header it should have {expected}: it may have been cut off, or something stands behind it")]
    End {
        /// Bytes in the file.
        found: u64,
        /// Bytes by the header.
        expected: u64,
    },
}
