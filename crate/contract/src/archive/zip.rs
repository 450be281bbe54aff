//! A ZIP archive whose files are stored as they are (PKWARE's APPNOTE 6.3): each behind a header of its own, and a directory at the end.
//!
//! A library that does so brings compression, dates and streams along: docs/decisions/0043-one-archive.md.

/// An archive that is being filled. Names are ASCII. Sizes are of 32 bits: the largest array within the limits has 302 MB.
#[derive(Default)]
pub struct Zip {
    files: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

/// The version of the format that is needed to read it: 2.0, for its folder.
const VERSION: u16 = 20;
/// The first day that the format knows, 1 January 1980: whenever an archive is made, it is the same.
const DATE: u16 = (1 << 5) | 1;

impl Zip {
    /// Adds a file of this name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        let (at, size, length) = (self.files.len() as u32, bytes.len() as u32, name.len() as u16);
        let mut header = Vec::new();
        // Flags, method (stored) and time are 0.
        [VERSION, 0, 0, 0, DATE].iter().for_each(|field| header.extend(field.to_le_bytes()));
        [crc32(bytes), size, size].iter().for_each(|field| header.extend(field.to_le_bytes()));
        // Behind the name could stand an extra field.
        [length, 0].iter().for_each(|field| header.extend(field.to_le_bytes()));
        self.files.extend([b"PK\x03\x04", header.as_slice(), name.as_bytes(), bytes].concat());
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&header);
        // A comment, the number of the disk, and attributes: none.
        self.directory.extend([0; 10]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        let at = self.files.len() as u32;
        self.files.extend(&self.directory);
        self.files.extend(b"PK\x05\x06\0\0\0\0");
        [self.count, self.count].iter().for_each(|field| self.files.extend(field.to_le_bytes()));
        [self.directory.len() as u32, at].iter().for_each(|field| self.files.extend(field.to_le_bytes()));
        self.files.extend([0, 0]);
        self.files
    }
}

/// The checksum of ISO 3309, four bits at a time.
fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 16] = std::array::from_fn(|index| (0..4).fold(index as u32, |rest, _| (rest >> 1) ^ (0xedb8_8320 * (rest & 1))));
    let step = |rest: u32, bits: u32| (rest >> 4) ^ table[((rest ^ bits) & 15) as usize];
    !bytes.iter().fold(!0, |rest, &byte| step(step(rest, u32::from(byte)), u32::from(byte >> 4)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_the_published_one() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_directory_says_where_each_file_is() {
        let mut zip = Zip::default();
        zip.add("a/x", b"one");
        zip.add("a/y", b"");
        let bytes = zip.finish();
        let end = bytes.len() - 22;
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
        assert_eq!((&bytes[end..end + 4], bytes[end + 8], bytes[end + 10]), (&b"PK\x05\x06"[..], 2, 2));
        let (size, mut at) = (number(end + 12), number(end + 16));
        assert_eq!(at + size, end);
        for (name, content) in [("a/x", "one"), ("a/y", "")] {
            assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
            let file = number(at + 42);
            assert_eq!(&bytes[file..file + 4], b"PK\x03\x04");
            assert_eq!(String::from_utf8_lossy(&bytes[file + 30..file + 33 + content.len()]), format!("{name}{content}"));
            assert_eq!((number(file + 18), number(at + 24)), (content.len(), content.len()));
            at += 46 + name.len();
        }
        assert_eq!(at, end);
    }
}
