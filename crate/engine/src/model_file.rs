//! The file of a model: safetensors, with a recipe in its header where it was trained here.
//!
//! ```text
//! 8 bytes: length of the header │ header: JSON, names, types, shapes and places of all arrays, and words │ the arrays, one behind the other
//! ```
//! Files come from elsewhere. What one is stands in its header, which is read first: a file that can't be a model's is refused by its
//! length and its header, before its numbers are looked at. Everything that is refused is refused by an [`Unreadable`].

mod header;
mod json;
mod numbers;
mod recipe;
#[cfg(test)]
mod tests;
mod unreadable;

pub use header::{Header, Stored};
pub use numbers::Number;
pub use unreadable::{Names, Shape, Unreadable};

/// Bytes in front of the header.
pub const LENGTH_BYTES: usize = 8;
