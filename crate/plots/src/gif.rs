//! A moving picture as a GIF file, for slides: bitmaps that follow each other, in the colors of which they have most. Slides play GIF files, and no
//! moving SVG.

mod lzw;

use crate::{DrawError, Rgb};

/// A GIF file has 256 colors: one of them says “as before”.
const MOST_COLORS: usize = 255;
const AS_BEFORE: u8 = 255;
/// Colors nearer to each other than this, as squared distance of their channels, share an entry: they are shades of one smooth edge.
const APART: u32 = 100;
/// How many colors that were looked up last are remembered.
const REMEMBERED: usize = 1 << 12;

/// A GIF file that is being written, frame by frame.
pub struct Gif {
    file: Vec<u8>,
    width: u16,
    colors: Vec<Rgb>,
    /// The entries of colors that were looked up, each at the place that its bits name.
    remembered: Vec<Option<(Rgb, u8)>>,
    /// The bitmap before.
    before: Vec<u8>,
    /// Seconds of all frames, and hundredths that are written for them.
    seconds: f64,
    written: u64,
}

impl Gif {
    /// Begins a file that is played again and again, with the colors of some of its frames: bitmaps of `width` × `height` pixels, four bytes each (red,
    /// green, blue, and an opacity that is not looked at), row by row.
    ///
    /// # Errors
    /// A size that the format has no word for.
    pub fn begin(width: u32, height: u32, samples: &[&[u8]]) -> Result<Self, DrawError> {
        let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else {
            return Err(DrawError("too large for GIF".into()));
        };
        let colors = frequent(samples);
        let mut file = b"GIF89a".to_vec();
        words(&mut file, &[width, height]);
        // A table of 256 colors follows.
        file.extend([0b1111_0111, 0, 0]);
        let table = file.len() + 3 * (MOST_COLORS + 1);
        file.extend(colors.iter().flat_map(|&Rgb(r, g, b)| [r, g, b]));
        file.resize(table, 0);
        file.extend(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0");
        Ok(Self { file, width, colors, remembered: vec![None; REMEMBERED], before: Vec::new(), seconds: 0.0, written: 0 })
    }

    /// Adds a bitmap that is seen for so many seconds. What did not change since the one before is not written again.
    pub fn frame(&mut self, bitmap: &[u8], seconds: f64) {
        let width = usize::from(self.width);
        let has_changed = |at: usize| self.before.get(4 * at..4 * at + 3) != bitmap.get(4 * at..4 * at + 3);
        let changed: Vec<usize> = (0..bitmap.len() / 4).filter(|&at| has_changed(at)).collect();
        // Nothing changed: a pixel keeps the time.
        let (first, last) = (changed.first().map_or(0, |at| at / width), changed.last().map_or(0, |at| at / width));
        let left = changed.iter().map(|at| at % width).min().unwrap_or(0);
        let right = changed.iter().map(|at| at % width).max().unwrap_or(0);
        let (across, down) = (right - left + 1, last - first + 1);
        let mut entries = vec![AS_BEFORE; across * down];
        for at in changed {
            let entry = self.entry(Rgb(bitmap[4 * at], bitmap[4 * at + 1], bitmap[4 * at + 2]));
            entries[(at / width - first) * across + at % width - left] = entry;
        }
        // The clock is kept over all frames: each lasts whole hundredths of a second.
        self.seconds += seconds;
        let delay = ((100.0 * self.seconds).round() as u64).saturating_sub(self.written);
        self.written += delay;
        // It stays under the next one, and one entry lets what is under it be seen.
        self.file.extend([0x21, 0xF9, 4, 0b0000_0101]);
        words(&mut self.file, &[u16::try_from(delay).unwrap_or(u16::MAX)]);
        self.file.extend([AS_BEFORE, 0, 0x2C]);
        // None is more than the width or the height, which are words.
        words(&mut self.file, &[left as u16, first as u16, across as u16, down as u16]);
        self.file.extend([0, 8]);
        for block in lzw::pack(&entries).chunks(255) {
            self.file.push(block.len() as u8);
            self.file.extend(block);
        }
        self.file.push(0);
        self.before.clear();
        self.before.extend_from_slice(bitmap);
    }

    /// The file.
    pub fn finish(mut self) -> Vec<u8> {
        self.file.push(0x3B);
        self.file
    }

    /// The color that is most like this one.
    fn entry(&mut self, color: Rgb) -> u8 {
        let place = (number(color).wrapping_mul(0x9E37_79B1) >> 20) as usize;
        if let Some((_, entry)) = self.remembered[place].filter(|(known, _)| *known == color) {
            return entry;
        }
        let nearest = (0_u8..).zip(&self.colors).min_by_key(|(_, other)| distance(color, **other));
        let entry = nearest.map_or(0, |(entry, _)| entry);
        self.remembered[place] = Some((color, entry));
        entry
    }
}

/// The colors that most pixels have, none of them next to another.
fn frequent(bitmaps: &[&[u8]]) -> Vec<Rgb> {
    let pixels = bitmaps.iter().flat_map(|bitmap| bitmap.chunks_exact(4));
    let mut pixels: Vec<u32> = pixels.map(|pixel| number(Rgb(pixel[0], pixel[1], pixel[2]))).collect();
    pixels.sort_unstable();
    // Of equally many, the darker first, whatever the order of the pixels.
    let mut counted: Vec<(usize, u32)> =
        pixels.chunk_by(|one, other| one == other).map(|same| (usize::MAX - same.len(), same[0])).collect();
    counted.sort_unstable();
    let mut chosen: Vec<Rgb> = Vec::with_capacity(MOST_COLORS);
    for (_, color) in counted {
        let [_, r, g, b] = color.to_be_bytes();
        if chosen.len() < MOST_COLORS && chosen.iter().all(|&other| distance(Rgb(r, g, b), other) >= APART) {
            chosen.push(Rgb(r, g, b));
        }
    }
    chosen
}

/// The three channels as one number.
fn number(Rgb(r, g, b): Rgb) -> u32 {
    u32::from_be_bytes([0, r, g, b])
}

/// The square of how far apart two colors are.
fn distance(one: Rgb, other: Rgb) -> u32 {
    [(one.0, other.0), (one.1, other.1), (one.2, other.2)].into_iter().map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

/// Words of sixteen bits, the lower byte first.
fn words(file: &mut Vec<u8>, words: &[u16]) {
    file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::gif::{ColorOutput, DecodeOptions, Repeat};

    const SIZE: (u32, u32) = (24, 10);

    /// A dot of a color on paper, and a smooth edge beside it.
    fn bitmap(at: usize, dot: Rgb) -> Vec<u8> {
        let (paper, width) = (Rgb(252, 252, 250), SIZE.0 as usize);
        let color = |pixel: usize| match (pixel / width, pixel % width) {
            (4..6, x) if x == at || x == at + 1 => dot,
            (4..6, x) if x == at + 2 => paper.mix(dot, 0.5),
            _ => paper,
        };
        (0..width * SIZE.1 as usize)
            .flat_map(|pixel| {
                let Rgb(r, g, b) = color(pixel);
                [r, g, b, 255]
            })
            .collect()
    }

    #[test]
    fn another_reader_sees_every_bitmap_for_its_time() {
        let (blue, orange) = (Rgb(20, 80, 200), Rgb(220, 110, 20));
        let bitmaps = [bitmap(2, blue), bitmap(9, orange), bitmap(9, orange), bitmap(20, blue)];
        let mut file = Gif::begin(SIZE.0, SIZE.1, &[&bitmaps[0], &bitmaps[1]]).expect("a file");
        for bitmap in &bitmaps {
            file.frame(bitmap, 0.125);
        }
        let bytes = file.finish();
        assert!(bytes.starts_with(b"GIF89a"));
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        let mut reader = options.read_info(bytes.as_slice()).expect("a GIF file");
        assert_eq!((reader.width(), reader.height(), reader.repeat()), (24, 10, Repeat::Infinite));
        let (mut seen, mut hundredths, mut screen) = (0, 0, vec![0_u8; (4 * SIZE.0 * SIZE.1) as usize]);
        while let Some(frame) = reader.read_next_frame().expect("a frame") {
            for (at, pixel) in frame.buffer.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] > 0) {
                let (x, y) =
                    (usize::from(frame.left) + at % usize::from(frame.width), usize::from(frame.top) + at / usize::from(frame.width));
                screen[4 * (y * SIZE.0 as usize + x)..][..4].copy_from_slice(pixel);
            }
            assert_eq!(screen, bitmaps[seen], "frame {seen}");
            (seen, hundredths) = (seen + 1, hundredths + u32::from(frame.delay));
        }
        assert_eq!((seen, hundredths), (4, 50));
    }

    #[test]
    fn what_has_more_colors_than_the_format_gets_those_most_like_them() {
        let bitmap: Vec<u8> = (0..=255_u8).flat_map(|r| (0..=255_u8).flat_map(move |g| [r, g, 128, 255])).collect();
        let colors = frequent(&[&bitmap]);
        assert_eq!(colors.len(), MOST_COLORS);
        let mut file = Gif::begin(256, 256, &[&bitmap]).expect("a file");
        assert_eq!(file.entry(colors[17]), 17);
        let Rgb(r, g, _) = colors[200];
        assert_eq!(file.entry(Rgb(r, g, 129)), 200);
        assert!(Gif::begin(70_000, 10, &[]).is_err());
    }
}
