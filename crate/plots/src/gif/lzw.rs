//! LZW as GIF files have it: codes of growing length for the runs of bytes that came before (Welch, “A technique for high-performance data
//! compression”, 1984; GIF89a specification, appendix F).

/// Forgets all runs.
const CLEAR: u16 = 256;
const END: u16 = 257;
/// A code has twelve bits at the most.
const MOST_CODES: u16 = 1 << 12;
const MOST_BITS: u32 = 12;

/// Codes, the lower bits first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, code: u16, length: u32) {
        self.held |= u32::from(code) << self.count;
        self.count += length;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }
}

/// Bytes as codes that begin with nine bits.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    // The code of each run and a byte behind it; 0 where there is none: no run has the code of a byte.
    let mut longer = vec![0_u16; usize::from(MOST_CODES) << 8];
    let (mut next, mut length) = (END + 1, 9);
    bits.put(CLEAR, length);
    let Some((&first, rest)) = bytes.split_first() else {
        bits.put(END, length);
        bits.put(0, 7);
        return bits.bytes;
    };
    let mut run = u16::from(first);
    for &byte in rest {
        let slot = (usize::from(run) << 8) + usize::from(byte);
        if longer[slot] > 0 {
            run = longer[slot];
            continue;
        }
        bits.put(run, length);
        if next < MOST_CODES {
            longer[slot] = next;
            // A reader knows a code only after the next one.
            if next == 1 << length && length < MOST_BITS {
                length += 1;
            }
            next += 1;
        } else {
            bits.put(CLEAR, length);
            longer.fill(0);
            (next, length) = (END + 1, 9);
        }
        run = u16::from(byte);
    }
    bits.put(run, length);
    // The reader has taken that code into its table, too.
    if next == 1 << length && length < MOST_BITS {
        length += 1;
    }
    bits.put(END, length);
    bits.put(0, 7);
    bits.bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use gif::{DecodeOptions, Decoder};

    /// What another reader makes of it, in a GIF file of one frame.
    fn unpacked(packed: &[u8], width: u16, height: u16) -> Vec<u8> {
        let mut file = b"GIF89a".to_vec();
        let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
        file.extend(&size);
        file.extend([0xF7, 0, 0]);
        file.extend((0..=255_u8).flat_map(|grey| [grey; 3]));
        file.extend([0x2C, 0, 0, 0, 0]);
        file.extend(&size);
        file.extend([0, 8]);
        for block in packed.chunks(255) {
            file.push(block.len() as u8);
            file.extend(block);
        }
        file.extend([0, 0x3B]);
        let mut options: DecodeOptions = Decoder::<&[u8]>::build();
        options.check_lzw_end_code(true);
        let mut reader = options.read_info(file.as_slice()).expect("a file");
        reader.read_next_frame().expect("a frame").expect("one frame").buffer.to_vec()
    }

    #[test]
    fn another_reader_unpacks_it_whatever_its_length() {
        // Numbers of a linear congruential generator: many codes, and every length of them.
        let mut state = 1_u32;
        let mut noise = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for width in (1..1200).chain([3838, 3839, 3840, 3841, 9000, 60_000]) {
            let plain: Vec<u8> = (0..width).map(|at| if width % 3 == 0 { (at / 7) as u8 & 1 } else { noise() }).collect();
            assert_eq!(unpacked(&pack(&plain), width, 1), plain, "{width} bytes");
        }
    }

    #[test]
    fn what_repeats_is_short() {
        assert!(pack(&vec![7; 500_000]).len() < 2_500);
    }
}
