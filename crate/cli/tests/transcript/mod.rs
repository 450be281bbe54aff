//! What a run said and wrote, as text that is the same on every machine but for the last digits of its numbers.

// Each file of tests uses its part of this, and ends with a panic where something is wrong.
#![allow(clippy::panic)]

use std::path::Path;

/// Two processors add f32 in another order, and what is printed has three digits at the least, the last of which may be rounded to either
/// side.
const RELATIVE: f64 = 1e-2;
/// What is left of numbers that cancel.
const ABSOLUTE: f64 = 1e-4;
/// Holds a text against its transcript in `tests/readme`; with `UPDATE` set, writes it.
pub fn hold(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readme").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect(name);
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    let (held, text): (Vec<&str>, Vec<&str>) = (held.lines().collect(), text.lines().collect());
    for (row, (held, line)) in held.iter().zip(&text).enumerate() {
        assert!(are_alike(held, line), "{name}, line {}:\n  {held}\nis now\n  {line}", row + 1);
    }
    assert_eq!(held.len(), text.len(), "{name}: the number of lines");
}

/// What a file that was written holds: its kind, its names, and its numbers where they are few.
pub fn of_file(name: &str, bytes: &[u8]) -> String {
    match name.rsplit_once('.') {
        Some((_, "safetensors")) => of_safetensors(bytes),
        Some((_, "zip")) => of_zip(bytes),
        Some((_, "npy")) => of_npy(bytes),
        Some((_, "svg")) => of_svg(&String::from_utf8_lossy(bytes)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A line for each array: its name, type and shape, and the root of the mean of its squares; before them what the header says besides.
fn of_safetensors(bytes: &[u8]) -> String {
    let (length, rest) = bytes.split_at(8);
    let length = u64::from_le_bytes(length.try_into().expect("eight bytes")) as usize;
    let (header, data) = rest.split_at(length);
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(header).expect("a header");
    let mut text = String::new();
    for (name, about) in &header {
        if name == "__metadata__" {
            about.as_object().expect("text by name").iter().for_each(|(key, value)| {
                // A hash is of bits, which another processor may end in.
                let value = if key.contains("sha256") { "a hash" } else { value.as_str().expect("text") };
                text += &format!("{key}: {value}\n");
            });
            continue;
        }
        let offset = |end: usize| about["data_offsets"][end].as_u64().expect("an offset") as usize;
        let numbers = data[offset(0)..offset(1)].chunks_exact(4);
        let squares = numbers.map(|four| f64::from(f32::from_le_bytes(four.try_into().expect("four bytes"))).powi(2));
        let (sum, count) = squares.fold((0.0, 0), |(sum, count), square| (sum + square, count + 1));
        text += &format!("{name} {} {} {:.4}\n", about["dtype"], about["shape"], (sum / f64::from(count)).sqrt());
    }
    text
}

/// The names in it, each with the first lines of a text, or what an array is.
fn of_zip(bytes: &[u8]) -> String {
    const HEADER: usize = 30;
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    let (mut at, mut text) = (0, String::new());
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (size, name_length) = (number(at + 18), number(at + 26) & 0xffff);
        let (name, content) = bytes[at + HEADER..at + HEADER + name_length + size].split_at(name_length);
        let (name, words) = (String::from_utf8_lossy(name), String::from_utf8_lossy(content));
        let said = match name.rsplit_once('.') {
            Some((_, "npy")) => of_npy(content),
            Some((_, "svg")) => words.lines().skip(2).take(4).collect::<Vec<_>>().join("\n"),
            Some((_, "csv")) => words.lines().take(4).collect::<Vec<_>>().join("\n"),
            Some((_, "txt")) => words.into_owned(),
            _ => words.lines().take(3).collect::<Vec<_>>().join("\n"),
        };
        text += &format!("-- {name}\n{said}\n");
        at += HEADER + name_length + size;
    }
    text
}

/// The header, and the root of the mean of the squares where the numbers are measured.
fn of_npy(bytes: &[u8]) -> String {
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let (header, data) = bytes[10..].split_at(length);
    let header = String::from_utf8_lossy(header);
    let numbers = data.chunks_exact(4).map(|four| f64::from(f32::from_le_bytes(four.try_into().expect("four bytes"))));
    let mean = numbers.map(|number| number * number).sum::<f64>() / (data.len() as f64 / 4.0);
    let measured = if header.contains("<f4") { format!(" {:.4}", mean.sqrt()) } else { String::new() };
    format!("{}{measured}", header.trim_end())
}

/// The size, the words and how many of each element: what a figure must show, but not where.
fn of_svg(svg: &str) -> String {
    let tags = svg.split('<').skip(1);
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    let mut text = String::new();
    for tag in tags {
        let Some((head, behind)) = tag.split_once('>') else { continue };
        let name = head.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
        match name {
            "" => continue,
            "svg" => text += &format!("{head}\n"),
            "text" | "title" | "desc" => text += &format!("{}\n", behind.trim()),
            _ => {}
        }
        *counts.entry(name).or_default() += 1;
    }
    for (name, count) in counts {
        text += &format!("{count} × {name}\n");
    }
    text
}

/// Whether two lines say the same, spaces apart, with numbers that are as good as equal.
fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one == other || are_close(one, other))
}

fn are_close(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (one.parse::<f64>(), other.parse::<f64>()) else { return false };
    (one - other).abs() <= ABSOLUTE + RELATIVE * one.abs().max(other.abs())
}

/// The numbers of a line, and what is between them without its spaces.
fn parts(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut number = String::new();
    let mut words = String::new();
    for letter in line.chars() {
        let goes_on =
            letter.is_ascii_digit() || !number.is_empty() && (letter == '.' || letter == 'e' || letter == '-' && number.ends_with('e'));
        if goes_on {
            number.push(letter);
            continue;
        }
        close(&mut parts, &mut number, &mut words);
        if !letter.is_whitespace() {
            words.push(letter);
        }
    }
    close(&mut parts, &mut number, &mut words);
    parts.push(words);
    parts
}

/// Ends a number, where one has begun.
fn close(parts: &mut Vec<String>, number: &mut String, words: &mut String) {
    if !number.is_empty() {
        parts.push(std::mem::take(words));
        parts.push(std::mem::take(number));
    }
}

#[test]
fn numbers_may_end_in_other_digits_and_words_may_not() {
    assert!(are_alike("L1   1.2345 of 3 heads", "L1 1.2346  of 3 heads"));
    assert!(are_alike("12.", "12."));
    for other in ["L1 1.2545 of 3 heads", "L1 1.2345 of 4 heads", "L2 1.2345 of 3 heads", "L1 1.2345 of 3 head"] {
        assert!(!are_alike("L1 1.2345 of 3 heads", other), "{other}");
    }
}
