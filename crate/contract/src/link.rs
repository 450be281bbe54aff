//! The link: the whole state in the part of the address behind `#`, as `v=1&key=value&…`.
//!
//! `fig=5a` is short for the link of that figure of the paper (see [`crate::gallery`]); what else is said is put over it.
//!
//! Only what differs from the defaults is written, in the order of the table of controls, so one state has one link.
//! Published links open for ever: keys may be added, never change their meaning.

mod find;
mod keys;
mod mend;
mod read;

pub use find::in_line;

use crate::config::Config;
use crate::controls::{self, CONTROLS, Control};
use crate::gallery::Exhibit;
use crate::limits;
use crate::say;
use crate::warning::Warning;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use read::Reading;

/// The version that is written. A reader of version 1 understands every link that says 1.
pub const VERSION: u32 = 1;

/// The most characters that are looked at: more than the longest state takes, and a bound on what a stranger's link can cost.
pub const MAX_LINK_CHARS: usize = 320_000;

/// The key that stands for a whole link: that of a figure of the paper.
const FIGURE: &str = "fig";

/// The most notes about one link: a reader mends a link by its first ones.
const MAX_NOTES: usize = 12;

/// The keys of controls that set others too, in the order in which they act: a chapter brings a whole question with it, trained weights a
/// model, a task the sequences to begin with.
const LEADING: [&str; 3] = ["at", "weights", "task"];

/// What stays readable. Brackets and `^` would, by the letter of RFC 3986 or the habits of chat programs, end a link early; browsers take off
/// what follows `:~:`.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b',').remove(b':').remove(b'+').remove(b'*').remove(b'/');

/// Writes the state as the text behind `#`; the defaults are the empty text.
///
/// What is written can be told from what programs make of it on its way. Where a text with a full stop, a closing bracket or the like at its
/// end would be the last, a word follows, so that a sign behind the link is no part of it. A plus sign between letters is escaped, so that
/// one that is not stands for a space. Not every escape is one of an escape, so that what is escaped twice shows.
pub fn encode(config: &Config) -> String {
    // What goes with the place, the weights and the question goes without saying.
    let mut base = Config::default();
    let mut led = Vec::new();
    for control in LEADING.iter().filter_map(|key| controls::find(key)) {
        let value = (control.write)(config);
        if value != (control.write)(&base) {
            led.push(control.key);
            control.read(&mut base, &value).unwrap_or_default();
        }
    }
    let is_written = |control: &Control, value: &str| led.contains(&control.key) || value != (control.write)(&base);
    let pair = |control: &Control, value: &str| format!("{}={}", control.key, escaped(value));
    let mut pairs: Vec<String> = CONTROLS
        .iter()
        .map(|control| (control, (control.write)(config)))
        .filter(|(control, value)| is_written(control, value))
        .map(|(control, value)| pair(control, &value))
        .collect();
    if pairs.is_empty() {
        return String::new();
    }
    if let Some(last) = CONTROLS.last().filter(|_| pairs.last().is_some_and(|pair| read::ends_in_doubt(pair))) {
        pairs.push(pair(last, &(last.write)(config)));
    }
    let link = format!("v={VERSION}&{}", pairs.join("&"));
    if read::is_escaped_twice(&link) { with_one_plain_escape(&link) } else { link }
}

/// A value as a link holds it.
fn escaped(value: &str) -> String {
    let raw = utf8_percent_encode(value, ESCAPED).to_string();
    let mut escaped = String::with_capacity(raw.len());
    let mut done = 0;
    for at in read::pluses_between_letters(&raw) {
        escaped.push_str(&raw[done..at]);
        escaped.push_str("%2B");
        done = at + 1;
    }
    escaped + &raw[done..]
}

/// The same link with the character behind its first escape escaped too.
fn with_one_plain_escape(link: &str) -> String {
    const ESCAPE: &str = "%25";
    let Some((before, behind)) = link.split_once(ESCAPE) else { return link.into() };
    let digit = behind.bytes().next().unwrap_or_default();
    format!("{before}{ESCAPE}%{digit:02X}{}", behind.get(1..).unwrap_or_default())
}

/// How many characters a link takes to write a text.
pub fn written(text: &str) -> usize {
    escaped(text).len()
}

/// Reads any text whatever: what is unknown, malformed or out of range becomes the default, with a sentence for each.
///
/// Takes a bare `v=1&…`, one with `#` in front, or a whole link; each also as chat programs, mail and Markdown leave it, wherever it can't be
/// a link that means something else. Where it can, it is read as it stands, and a note says what else it could be.
pub fn decode(link: &str) -> (Config, Vec<Warning>) {
    let Reading { config, notes, left_out, .. } = read(link);
    let mut warnings = notes;
    let left_out = left_out + warnings.len().saturating_sub(MAX_NOTES);
    if left_out > 0 {
        warnings.truncate(MAX_NOTES);
        warnings.push(Warning::about("", say!("{} more settings in the link could not be read.", left_out)));
    }
    let (config, replaced) = limits::admit(config);
    warnings.extend(replaced);
    (config, warnings)
}

/// The figure of the paper that a link names with `fig=`.
pub fn figure(link: &str) -> Option<&'static Exhibit> {
    read(link).figure
}

fn read(link: &str) -> Reading {
    let fragment = find::fragment(link);
    match fragment.char_indices().nth(MAX_LINK_CHARS) {
        None if find::is_bare_address(link) => {
            let mut reading = mend::read("");
            reading
                .notes
                .push(Warning::about("", say!("This address has no part behind “#” that says what to show; the default is shown.")));
            reading
        }
        None => mend::read(&fragment),
        Some((end, _)) => {
            let mut reading = mend::read(&fragment[..end]);
            let sentence = say!("The link is longer than {} characters; the rest was left out.", MAX_LINK_CHARS);
            reading.notes.insert(0, Warning::about("", sentence));
            reading
        }
    }
}

#[cfg(test)]
mod tests;
