//! `gallery`: a picture of ours for each figure of the paper, and the first figure of the page, as www/gallery holds them.

mod compact;

use crate::Failure;
use crate::draw::{self, Sheet};
use crate::shipped::Shipped;
use glasses_contract::chapters;
use glasses_contract::drawing::Drawing;
use glasses_contract::gallery::{EXHIBITS, Exhibit};
use glasses_plots::{SmallPrint, Style, Theme};
use std::path::Path;

/// The size of a picture, in CSS pixels.
const WIDTH: u32 = 432;
const HEIGHT: u32 = 288;
/// Units of the drawing to a CSS pixel: enough for smooth curves, and short numbers in the file.
const FINE: f64 = 2.0;

/// The size of the page's first figure on a laptop.
const FIRST_WIDTH: u32 = 576;
const FIRST_HEIGHT: u32 = 640;

pub fn write(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::File { path: folder.display().to_string(), error })?;
    let write = |file: &str, picture: String| {
        eprintln!("{:>6} bytes  {file}", picture.len());
        draw::write(&folder.join(file), &picture)
    };
    EXHIBITS.iter().try_for_each(|exhibit| write(&exhibit.file(), picture(exhibit)?))?;
    firsts().into_iter().try_for_each(|(file, theme)| write(file, first(theme)?))
}

fn picture(exhibit: &Exhibit) -> Result<String, Failure> {
    // The card below it says whose the numbers are.
    let style = Style { theme: Theme::light(), pixel_ratio: FINE, small_print: SmallPrint::LeftOut };
    let sheet = Sheet { width: WIDTH, height: Some(HEIGHT), style };
    draw::document(&exhibit.config(), exhibit.drawn, Shipped { own: None }, sheet).map(|document| compact::compact(&document))
}

/// The first figure of the page, seen until the engine has computed it: its files, one for each theme.
fn firsts() -> [(&'static str, Theme); 2] {
    [("first-light.svg", Theme::light()), ("first-dark.svg", Theme::dark())]
}

/// As the page draws it a moment later.
fn first(theme: Theme) -> Result<String, Failure> {
    let style = Style { theme, pixel_ratio: FINE, small_print: SmallPrint::Set };
    let sheet = Sheet { width: FIRST_WIDTH, height: Some(FIRST_HEIGHT), style };
    draw::document(chapters::home(), Drawing::AttentionA, Shipped { own: None }, sheet).map(|document| compact::compact(&document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// All pictures together, before compression.
    const BUDGET_BYTES: u64 = 250_000;
    /// One of them.
    const MOST_BYTES: u64 = 28_000;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/gallery")
    }

    fn kept(file: &str) -> String {
        let path = folder().join(file);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; write it anew: {AGAIN}", path.display()))
    }

    const AGAIN: &str = "cargo run --release -p glasses-cli -- gallery www/gallery";

    #[test]
    fn every_exhibit_has_its_picture_and_no_picture_is_left_over() {
        let mut bytes = 0;
        for exhibit in EXHIBITS {
            let picture = kept(&exhibit.file());
            assert!(picture.contains(&format!("width=\"{WIDTH}\" height=\"{HEIGHT}\"")), "{}", exhibit.file());
            assert!(picture.len() as u64 <= MOST_BYTES, "{}: {} bytes", exhibit.file(), picture.len());
            bytes += picture.len() as u64;
        }
        assert!(bytes <= BUDGET_BYTES, "{bytes} bytes");
        assert_eq!(std::fs::read_dir(folder()).map(Iterator::count).unwrap_or(0), EXHIBITS.len() + firsts().len());
    }

    /// How far a coordinate may be off, in units of the drawing, half a CSS pixel each: processors differ in the last digits of a sum.
    const TOLERANCE: f64 = 2.0;

    #[test]
    fn pictures_that_take_seconds_are_what_the_program_draws() {
        let is_quick = |exhibit: &&Exhibit| ["1b", "5a", "8", "9", "10"].contains(&exhibit.name);
        let exhibits = EXHIBITS.iter().filter(is_quick).map(|exhibit| (exhibit.file(), picture(exhibit)));
        for (file, drawn) in exhibits.chain(firsts().map(|(file, theme)| (file.into(), first(theme)))) {
            let drawn = drawn.unwrap_or_else(|failure| panic!("{file}: {failure}"));
            let (kept, drawn) = (Pieces::of(&kept(&file)), Pieces::of(&drawn));
            assert_eq!(kept.words, drawn.words, "{file} is not what is drawn now: {AGAIN}");
            let mut pairs = kept.numbers.iter().zip(&drawn.numbers);
            let off = pairs.find(|(kept, drawn)| (**kept - **drawn).abs() > TOLERANCE);
            assert_eq!(off, None, "{file} is not what is drawn now: {AGAIN}");
        }
    }

    /// A text as its numbers and what stands between them, but for spaces.
    struct Pieces {
        words: String,
        numbers: Vec<f64>,
    }

    impl Pieces {
        fn of(text: &str) -> Self {
            let (mut words, mut numbers, mut rest) = (String::new(), Vec::new(), text);
            while let Some(digit) = rest.find(|character: char| character.is_ascii_digit()) {
                let start = if rest[..digit].ends_with('-') { digit - 1 } else { digit };
                let end = rest[digit..].find(|character: char| !character.is_ascii_digit() && character != '.');
                // A full stop behind a number is none of it.
                let number = rest[start..end.map_or(rest.len(), |end| digit + end)].trim_end_matches('.');
                words.extend(rest[..start].split_whitespace().chain(["#"]));
                numbers.push(number.parse().unwrap_or(f64::NAN));
                rest = &rest[start + number.len()..];
            }
            words.extend(rest.split_whitespace());
            Self { words, numbers }
        }
    }

    #[test]
    fn texts_are_compared_by_their_words_and_their_numbers() {
        let (one, other) = (Pieces::of("<a b=\"12 0-3.5\">n = 7.</a>"), Pieces::of("<a b=\"12-1 3\">n = 7.</a>"));
        assert_eq!((one.words.as_str(), one.numbers), ("<ab=\"###\">n=#.</a>", vec![12.0, 0.0, -3.5, 7.0]));
        assert_eq!((other.words, other.numbers), (one.words, vec![12.0, -1.0, 3.0, 7.0]));
    }
}
