//! Which file of a language model is meant, in a link short enough to be read out.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The first four bytes of the SHA-256 of a language model's file, written as eight hexadecimal digits: enough to tell that a file is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash(u32);

impl FileHash {
    /// Of a whole SHA-256.
    pub fn of(digest: &[u8; 32]) -> Self {
        Self(digest.iter().take(4).fold(0, |hash, &byte| hash << 8 | u32::from(byte)))
    }

    /// From eight hexadecimal digits, small letters.
    pub fn read(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 8 || !text.bytes().all(is_digit) {
            return None;
        }
        u32::from_str_radix(text, 16).ok().map(Self)
    }
}

impl TryFrom<String> for FileHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or("a hash has eight hexadecimal digits")
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.to_string()
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_eight_digits_and_nothing_else() {
        let mut digest = [0; 32];
        digest[..5].copy_from_slice(&[0x01, 0x79, 0xc9, 0x52, 0xff]);
        assert_eq!(FileHash::of(&digest).to_string(), "0179c952");
        assert_eq!(FileHash::read("0179c952"), Some(FileHash::of(&digest)));
        for text in ["", "0179c95", "0179c9523", "0179C952", "+179c952", "0179c95é"] {
            assert_eq!(FileHash::read(text), None, "{text}");
        }
    }
}
