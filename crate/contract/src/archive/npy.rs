//! Arrays as files of NumPy, format 1.0 (numpy.lib.format): a magic word, a header of 64 bytes or a multiple, and the numbers, little-endian.

/// An array of f32 in row-major order.
pub fn of_f32(shape: &[usize], numbers: &[f32]) -> Vec<u8> {
    file("<f4", shape, numbers.iter().map(|number| number.to_le_bytes()))
}

/// An array of u32 in row-major order.
pub fn of_u32(shape: &[usize], numbers: &[u32]) -> Vec<u8> {
    file("<u4", shape, numbers.iter().map(|number| number.to_le_bytes()))
}

/// Magic word, version and length of the header take so many bytes.
const BEFORE: usize = 10;

fn file(kind: &str, shape: &[usize], numbers: impl ExactSizeIterator<Item = [u8; 4]>) -> Vec<u8> {
    // Python writes a tuple of one element with a comma behind it, and reads any tuple so.
    let shape: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    while !(BEFORE + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = Vec::with_capacity(BEFORE + header.len() + 4 * numbers.len());
    bytes.extend(b"\x93NUMPY\x01\x00");
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    numbers.for_each(|number| bytes.extend(number));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_at_a_multiple_of_64_bytes_behind_a_header_that_python_reads() {
        let bytes = of_f32(&[2, 1], &[1.0, -2.5]);
        assert_eq!((&bytes[..8], bytes.len()), (&b"\x93NUMPY\x01\x00"[..], 128 + 8));
        assert_eq!(usize::from(bytes[8]) + 256 * usize::from(bytes[9]), 128 - BEFORE);
        let header = String::from_utf8_lossy(&bytes[BEFORE..128]);
        assert_eq!(header.trim_end(), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, ), }");
        assert!(header.ends_with(" \n"));
        assert_eq!(bytes[128..], [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0]);
        assert_eq!(of_u32(&[1], &[258])[128..], [2, 1, 0, 0]);
    }
}
