//! The letters in which files write bytes (Radford et al. 2019): what is printable in Latin-1 is itself, and the others are U+0100 and on, in their
//! order.

/// The byte that a letter stands for.
pub(super) fn byte(letter: char) -> Option<u8> {
    let code = u32::from(letter);
    if let Some(at) = code.checked_sub(0x100) {
        return (0..=255_u8).filter(|&byte| !is_itself(byte)).nth(at as usize);
    }
    u8::try_from(code).ok().filter(|&byte| is_itself(byte))
}

fn is_itself(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..)
}

/// The bytes that letters stand for; none where one stands for no byte.
pub(super) fn bytes(letters: &str) -> Option<Vec<u8>> {
    letters.chars().map(|letter| if is_ascii_itself(letter) { Some(letter as u8) } else { byte(letter) }).collect()
}

/// Nearly all letters of nearly all tokens.
fn is_ascii_itself(letter: char) -> bool {
    matches!(letter, '!'..='~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_letter() {
        let mut found: Vec<u8> = (0..0x200).filter_map(char::from_u32).filter_map(byte).collect();
        found.sort_unstable();
        assert_eq!(found, (0..=255).collect::<Vec<u8>>());
        // A space, a newline and a byte of no character.
        assert_eq!(bytes("Ġa\u{10a}\u{142}"), Some(vec![b' ', b'a', b'\n', 0xa0]));
        assert_eq!(bytes("a b"), None);
    }
}
