//! A text file's bytes as text, whatever system wrote it.

use crate::say;
use std::borrow::Cow;

/// Reads UTF-8, with or without a byte-order mark, and UTF-16 with one.
///
/// # Errors
/// A sentence that says what the file is, where it is none of these.
pub fn read(bytes: &[u8]) -> Result<String, String> {
    let text = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return Err(say!("This file is UTF-32: save it as UTF-8 and open it again.").into());
        }
        [0xff, 0xfe, units @ ..] => wide(units, u16::from_le_bytes),
        [0xfe, 0xff, units @ ..] => wide(units, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] => std::str::from_utf8(text).ok().map(String::from),
        text => std::str::from_utf8(text).ok().map(String::from),
    };
    match text {
        // Every other byte of what people write in UTF-16 is zero, and no text holds that character.
        Some(text) if text.contains('\0') => {
            Err(say!("This file is no text, or is UTF-16 without a byte-order mark: save it as UTF-8.").into())
        }
        Some(text) => Ok(text),
        None => Err(say!("This file is no text that can be read: save it as UTF-8 and open it again.").into()),
    }
}

/// A text as the state holds it, whatever program wrote it: without a byte-order mark, and with one kind of line end.
pub fn canonical(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Of Windows and old Macs, of word processors and of mainframes.
    const ENDS: [char; 6] = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    if text.contains(ENDS) { text.replace("\r\n", "\n").replace(ENDS, "\n").into() } else { text.into() }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|&bytes| unit(bytes)).collect();
    if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_however_it_is_encoded_or_is_refused_in_words() {
        let text = "Title 课\r\n\r\n#v=1&n=7 😀";
        let wide = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| [mark, &text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(),
            wide(&[0xff, 0xfe], u16::to_le_bytes),
            wide(&[0xfe, 0xff], u16::to_be_bytes),
        ] {
            assert_eq!(read(&bytes).as_deref(), Ok(text));
        }
        assert_eq!(read(b"").as_deref(), Ok(""));
        let odd = [wide(&[0xff, 0xfe], u16::to_le_bytes), vec![0]].concat();
        // “课” in GB 18030, a lone surrogate, a picture.
        for (bytes, said) in [
            (&odd[..], "save it as UTF-8"),
            (&wide(&[], u16::to_le_bytes)[..12], "UTF-16 without a byte-order mark"),
            (&[0xff, 0xfe, 0, 0, b'T', 0, 0, 0], "UTF-32"),
            (&[0xbf, 0xce], "save it as UTF-8"),
            (&[0xff, 0xfe, 0, 0xd8], "save it as UTF-8"),
            (&[0x89, b'P', b'N', b'G'], "no text"),
        ] {
            let refusal = read(bytes).expect_err(said);
            assert!(refusal.contains(said), "{refusal}");
        }
    }
}
