//! The link's text: the part of the address behind `#`, as `v=1&key=value&…`, and the controls that its pairs set.
//!
//! What is read here is what a link says, and no more: some of its keys name a state that is to be opened, which [`crate::open`] does.
//! Published links open for ever: keys may be added, never change their meaning.

mod find;
mod keys;
mod mend;
mod read;

pub use find::in_line;
pub(crate) use read::Reading;

use crate::config::Config;
use crate::controls::{CONTROLS, Control};
use crate::escape::escaped;
use crate::gallery::Exhibit;
use crate::report::Digest;
use crate::sentence;
use crate::warning::Warning;

/// The version that is written. A reader of version 1 understands every link that says 1.
pub const VERSION: u32 = 1;

/// The most characters that are looked at: more than the longest state takes, and a bound on what a stranger's link can cost.
pub const MAX_LINK_CHARS: usize = 320_000;

/// The key that stands for a whole link: that of a figure of the paper.
pub(crate) const FIGURE: &str = "fig";

/// The keys of controls that name a state, in the order in which they act: a chapter brings a whole question with it, trained weights a
/// model, a task the sequences to begin with.
pub(crate) const STATES: [&str; 3] = ["at", "weights", "task"];

/// The most notes about one link: a reader mends a link by its first ones.
const MAX_NOTES: usize = 12;

/// Writes those controls of a state that are to be written, as the text behind `#`; none is the empty text.
///
/// What is written can be told from what programs make of it on its way. Where a text with a full stop, a closing bracket or the like at its
/// end would be the last, a word follows, so that a sign behind the link is no part of it. A plus sign between letters is escaped, so that
/// one that is not stands for a space. Not every escape is one of an escape, so that what is escaped twice shows.
pub(crate) fn write(config: &Config, is_written: impl Fn(&Control, &str) -> bool) -> String {
    let pair = |control: &Control, value: &str| format!("{}={}", control.key, escaped(value));
    let values = CONTROLS.iter().map(|control| (control, (control.write)(config)));
    let written = values.filter(|(control, value)| is_written(control, value));
    let mut pairs: Vec<String> = written.map(|(control, value)| pair(control, &value)).collect();
    if pairs.is_empty() {
        return String::new();
    }
    if let Some(last) = CONTROLS.last().filter(|_| pairs.last().is_some_and(|pair| read::ends_in_doubt(pair))) {
        pairs.push(pair(last, &(last.write)(config)));
    }
    let link = format!("v={VERSION}&{}", pairs.join("&"));
    if read::is_escaped_twice(&link) { with_one_plain_escape(&link) } else { link }
}

/// The same link with the character behind its first escape escaped too.
fn with_one_plain_escape(link: &str) -> String {
    const ESCAPE: &str = "%25";
    let Some((before, behind)) = link.split_once(ESCAPE) else { return link.into() };
    let digit = behind.bytes().next().unwrap_or_default();
    format!("{before}{ESCAPE}%{digit:02X}{}", behind.get(1..).unwrap_or_default())
}

/// The figure of the paper that a link names with `fig=`.
pub fn figure(link: &str) -> Option<&'static Exhibit> {
    read(link).figure
}

/// The numbers that a link says were seen, with `sees=`.
pub fn digest(link: &str) -> Option<Digest> {
    read(link).digest
}

/// Reads any text whatever: each pair sets its own control, and what is unknown, malformed or out of range is left at the default, with a
/// sentence for each.
///
/// Takes a bare `v=1&…`, one with `#` in front, or a whole link; each also as chat programs, mail and Markdown leave it, wherever it can't be
/// a link that means something else. Where it can, it is read as it stands, and a note says what else it could be.
pub(crate) fn read(link: &str) -> Reading {
    let fragment = find::fragment(link);
    let mut reading = match fragment.char_indices().nth(MAX_LINK_CHARS) {
        None if find::is_bare_address(link) => {
            let sentence = sentence!("This address has no part behind “#” that says what to show; the default is shown.");
            Reading { notes: vec![Warning::about("", sentence)], ..Reading::default() }
        }
        None => mend::read(&fragment),
        Some((end, _)) => {
            let mut reading = mend::read(&fragment[..end]);
            let sentence = sentence!("The link is longer than {} characters; the rest was left out.", MAX_LINK_CHARS);
            reading.notes.insert(0, Warning::about("", sentence));
            reading
        }
    };
    let left_out = reading.left_out + reading.notes.len().saturating_sub(MAX_NOTES);
    if left_out > 0 {
        reading.notes.truncate(MAX_NOTES);
        reading.notes.push(Warning::about("", sentence!("{} more settings in the link could not be read.", left_out)));
    }
    reading
}

#[cfg(test)]
mod tests;
