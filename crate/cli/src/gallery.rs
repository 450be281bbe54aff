//! `gallery`: a picture of ours for each figure of the paper, as www/gallery holds them.

mod compact;

use crate::draw;
use crate::failure::{Failure, words};
use crate::output::Output;
use crate::print;
use crate::sheet::Sheet;
use crate::shipped::Shipped;
use glasses_contract::Choice;
use glasses_contract::drawing::Side;
use glasses_contract::gallery::{EXHIBITS, Exhibit};
use glasses_contract::open;
use glasses_engine::NoProgress;
use glasses_plots::{SmallPrint, Style, Theme};
use std::path::Path;

/// The size of a picture, in CSS pixels.
const WIDTH: u32 = 432;
const HEIGHT: u32 = 288;
/// Units of the drawing to a CSS pixel: enough for smooth curves, and short numbers in the file.
const PIXEL_RATIO: f64 = 2.0;

/// Draws all of them into a folder.
///
/// # Errors
/// A sentence, if one can't be drawn or written.
pub fn write(folder: &Path) -> Result<(), Failure> {
    let is_file = folder.is_file();
    std::fs::create_dir_all(folder).map_err(|error| {
        let why = if is_file { "it is a file, and not a folder".into() } else { words(&error) };
        Failure::unwritable(folder, why)
    })?;
    let output = |file: &str| Output::at(&folder.join(file));
    for &side in Side::ALL {
        let mut files = EXHIBITS.iter().map(|exhibit| exhibit.file(side));
        files.try_for_each(|file| output(&file).map(drop))?;
    }
    let write = |file: &str, picture: String| {
        print::note(format!("{:>6} bytes  {file}", picture.len()));
        output(file)?.write(picture.as_bytes())
    };
    for &side in Side::ALL {
        EXHIBITS.iter().try_for_each(|exhibit| write(&exhibit.file(side), picture(exhibit, side)?))?;
    }
    Ok(())
}

fn picture(exhibit: &Exhibit, side: Side) -> Result<String, Failure> {
    // The card below it says whose the numbers are.
    let style = Style { small_print: SmallPrint::LeftOut, ..Style::new(Theme::of(side), PIXEL_RATIO) };
    let sheet = Sheet { width: WIDTH, height: Some(HEIGHT), style };
    draw::document(&open::admitted(exhibit.link).0, exhibit.drawn, Shipped::default(), &sheet, &NoProgress)
        .map(|(document, _)| compact::compact(&document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// All pictures of one side together, before compression.
    const BUDGET_BYTES: u64 = 300_000;
    /// One of them.
    const MOST_BYTES: u64 = 42_000;

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
        for &side in Side::ALL {
            let mut bytes = 0;
            for exhibit in EXHIBITS {
                let (file, picture) = (exhibit.file(side), kept(&exhibit.file(side)));
                assert!(picture.contains(&format!("width=\"{WIDTH}\" height=\"{HEIGHT}\"")), "{file}");
                assert!(picture.len() as u64 <= MOST_BYTES, "{file}: {} bytes", picture.len());
                bytes += picture.len() as u64;
            }
            assert!(bytes <= BUDGET_BYTES, "{bytes} bytes");
        }
        let files = std::fs::read_dir(folder()).map(Iterator::count).unwrap_or(0);
        assert_eq!(files, Side::ALL.len() * EXHIBITS.len());
    }

    #[test]
    fn both_sides_of_an_exhibit_are_one_picture_in_other_colours() {
        for exhibit in EXHIBITS {
            let [light, dark] = [Side::Light, Side::Dark].map(|side| kept(&exhibit.file(side)));
            assert_eq!(colorless(&light), colorless(&dark), "{}: {AGAIN}", exhibit.name);
            let paper = |side: Side| {
                format!(
                    "<rect x=\"0\" y=\"0\" width=\"864\" height=\"576\" fill=\"{}\"/>",
                    Theme::of(side).background.to_string().to_uppercase()
                )
            };
            assert!(light.contains(&paper(Side::Light)) && dark.contains(&paper(Side::Dark)), "{}", exhibit.name);
        }
    }

    #[test]
    fn what_is_said_of_ours_is_what_the_picture_shows() {
        for exhibit in EXHIBITS {
            let picture = kept(&exhibit.file(Side::Light));
            let title = picture.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
            // What is said in words, “at least half”, has no number; a model's version and a figure's number are no measurements.
            let numbers = |text: &str| Pieces::of(text).numbers;
            let drawn = numbers(title);
            for number in numbers(exhibit.ours) {
                assert!(drawn.contains(&number), "{}: {number} is not in “{title}”", exhibit.name);
            }
        }
    }

    /// A document but for its colours.
    fn colorless(document: &str) -> String {
        document.split('"').filter(|text| !text.starts_with('#')).collect()
    }

    /// How far a coordinate may be off, in units of the drawing, half a CSS pixel each: processors differ in the last digits of a sum.
    const TOLERANCE: f64 = 2.0;

    #[test]
    fn pictures_that_take_seconds_are_what_the_program_draws() {
        let is_quick = |exhibit: &&Exhibit| ["1b", "5a", "8", "9", "10"].contains(&exhibit.name);
        let exhibits = EXHIBITS.iter().filter(is_quick).map(|exhibit| (exhibit.file(Side::Light), picture(exhibit, Side::Light)));
        for (file, drawn) in exhibits {
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
