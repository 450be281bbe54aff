//! Reading the pairs of a link: each sets a control, or is noted.

use super::{FIGURE, STATES, VERSION, keys};
use crate::alphabet::{narrow, token};
use crate::config::Config;
use crate::controls::{self, Control, Kind};
use crate::escape::pluses_between_letters;
use crate::gallery::Exhibit;
use crate::quote::{is_format, quote};
use crate::report::{Digest, SEES};
use crate::sentence;
use crate::sentence::Sentence;
use crate::warning::Warning;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What no address holds, for browsers take it out.
const BREAKS: [char; 3] = ['\t', '\n', '\r'];

/// The most pairs that are looked at: many times the number of keys there are, and a bound on what a stranger's link can cost.
const MAX_PAIRS: usize = 1000;

/// With which programs end an address, or begin another part of one. Links of ours never hold them as they are.
const ENDINGS: &str = "#?|<>\"";

/// What a link says.
#[derive(Default)]
pub(crate) struct Reading {
    /// The controls that it sets, each by itself; the others are at their defaults.
    pub said: Config,
    /// The keys of those controls.
    pub keys: BTreeSet<&'static str>,
    /// The figure of the paper that it names.
    pub figure: Option<&'static Exhibit>,
    /// The numbers that it says were seen.
    pub digest: Option<Digest>,
    /// What could not be read as written, and what may have been meant otherwise.
    pub notes: Vec<Warning>,
    /// Pairs that could not be read at all.
    pub misread: usize,
    /// Pairs that were not looked at.
    pub left_out: usize,
}

struct Pair<'a> {
    key: Cow<'a, str>,
    value: &'a str,
    /// Whether it has no equals sign, as where a link was cut behind a key.
    is_bare: bool,
    /// Whether it ends the link, so that what a program put behind the link stands behind it.
    is_last: bool,
}

/// What is to be said of a pair.
enum Note {
    /// Its control stays as it was.
    Misread(Sentence),
    /// It was read, or is of no account.
    Aside(Sentence),
}

impl Reading {
    /// Reads the part of a link behind `#`.
    pub fn of<'a>(fragment: &'a str) -> Self {
        let mut texts: Vec<&str> = fragment.split('&').filter(|pair| !pair.is_empty()).collect();
        let left_out = texts.len().saturating_sub(MAX_PAIRS);
        texts.truncate(MAX_PAIRS);
        let pair = |(index, &text): (usize, &&'a str)| {
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            let is_bare = !text.contains('=');
            Pair { is_bare, key: keys::known(key).unwrap_or(Cow::Borrowed(key)), value, is_last: index + 1 == texts.len() }
        };
        let pairs: Vec<Pair<'_>> = texts.iter().enumerate().map(pair).collect();
        let figure = pairs.iter().find(|pair| pair.key == FIGURE).and_then(|pair| exhibit(pair.value));
        let mut reading = Self { figure, left_out, ..Self::default() };
        // Of what brings others with it is spoken first, wherever it stands.
        let mut ordered: Vec<&Pair<'_>> = pairs.iter().collect();
        ordered.sort_by_key(|pair| STATES.iter().position(|key| *key == pair.key).unwrap_or(STATES.len()));
        let mut seen = BTreeSet::new();
        for pair in ordered {
            let notes = if seen.insert(&*pair.key) {
                reading.take(pair)
            } else {
                vec![Note::Aside(sentence!("The link sets “{}” twice; the first one is used.", quote(&pair.key)))]
            };
            for note in notes {
                let sentence = match note {
                    Note::Misread(sentence) => {
                        reading.misread += 1;
                        sentence
                    }
                    Note::Aside(sentence) => sentence,
                };
                reading.notes.push(Warning::about(controls::find(&pair.key).map_or("", |control| control.key), sentence));
            }
        }
        if is_escaped_twice(fragment) {
            reading.notes.extend(pairs.iter().filter_map(escaped_twice));
        }
        reading
    }

    fn take(&mut self, pair: &Pair<'_>) -> Vec<Note> {
        let (key, raw) = (&*pair.key, pair.value);
        if key == "v" {
            let version = |text: &str| text.parse() == Ok(VERSION);
            if version(raw) {
                return vec![];
            }
            if decoded(raw)
                .filter(|version| !version.contains('&'))
                .and_then(|raw| keys::tidied(&raw))
                .is_some_and(|tidied| version(&tidied))
            {
                return vec![Note::Aside(sentence!("The link's “{}” is “{}”; “{}” was read.", key, quote(raw), VERSION))];
            }
            return vec![Note::Misread(sentence!(
                "The link has version “{}”, but this page reads version {}; it shows what it understands.",
                quote(raw),
                VERSION
            ))];
        }
        if key == FIGURE {
            let unknown = || Note::Misread(sentence!("The link's “fig={}” isn't a figure of the paper; the default is used.", quote(raw)));
            return exhibit(raw).is_none().then(unknown).into_iter().collect();
        }
        if key == SEES {
            self.digest = decoded(raw).and_then(|value| Digest::read(&value).or_else(|| Digest::read(&keys::tidied(&value)?)));
            let unread = || Note::Misread(sentence!("The link's “sees={}” isn't a digest of numbers; nothing is compared.", quote(raw)));
            return self.digest.is_none().then(unread).into_iter().collect();
        }
        let Some(control) = controls::find(key) else {
            return vec![Note::Misread(sentence!("The link has an unknown setting, “{}”; it was ignored.", quote(key)))];
        };
        // A text may be empty, but a link says so.
        if pair.is_bare && matches!(control.kind, Kind::Text { .. } | Kind::Long { .. } | Kind::Links { .. }) {
            return vec![Note::Misread(sentence!("The link's “{}” has no value: part of it may be missing; the default is used.", key))];
        }
        let is_text = matches!(control.kind, Kind::Text { .. });
        // As browsers do with an address: what is broken over lines is one line, and its escapes too.
        let whole = if is_text && raw.contains(BREAKS) { Cow::Owned(raw.replace(BREAKS, "")) } else { Cow::Borrowed(raw) };
        let Some(value) = decoded(&whole) else {
            return vec![Note::Misread(sentence!("The link's “{}” is not readable text; the default is used.", key))];
        };
        if is_text { self.take_text(control, pair, &value) } else { self.take_word(control, &value) }
    }

    fn set(&mut self, control: &'static Control, value: &str) -> Result<(), Sentence> {
        control.read(&mut self.said, value)?;
        self.keys.insert(control.key);
        Ok(())
    }

    fn take_word(&mut self, control: &'static Control, value: &str) -> Vec<Note> {
        let Err(refusal) = self.set(control, value) else { return vec![] };
        let tidied = match control.kind {
            Kind::Integer { .. } | Kind::Number { .. } => keys::tidied_number(value),
            // A piece of a lesson is another lesson, and one of a link another link.
            Kind::Long { .. } | Kind::Links { .. } => None,
            _ => keys::tidied(value),
        };
        let tidied = tidied.filter(|tidied| self.set(control, tidied).is_ok());
        vec![match tidied {
            Some(tidied) => Note::Aside(sentence!("The link's “{}” is “{}”; “{}” was read.", control.key, quote(value), tidied)),
            None => Note::Misread(sentence!("The link's {}; the default is used.", refusal)),
        }]
    }

    fn take_text(&mut self, control: &'static Control, pair: &Pair<'_>, value: &str) -> Vec<Note> {
        let (text, mut notes) = if pair.is_last { without_tail(control.key, pair.value, value) } else { (value, vec![]) };
        if pluses_between_letters(pair.value).next().is_some() {
            notes.push(Note::Aside(sentence!(
                "“{}” in the link is read with its plus signs; where they stand for spaces, write %20 in their place.",
                control.key
            )));
        }
        if pair.value != pair.value.trim_matches(' ') {
            notes
                .push(Note::Aside(sentence!("“{}” in the link begins or ends with a space, which was read as a part of it.", control.key)));
        }
        if let Some((at, sign)) = pair.value.char_indices().find(|&(_, character)| ENDINGS.contains(character))
            && (pair.is_last || sign == '#')
            && at + 1 < pair.value.len()
        {
            notes.push(Note::Aside(sentence!(
                "“{}” in the link holds “{}”; what stands from there on may be no part of it.",
                control.key,
                sign
            )));
        }
        if let Err(refusal) = self.set(control, text) {
            notes.push(Note::Misread(sentence!("The link's {}; the default is used.", refusal)));
        }
        notes
    }
}

fn decoded(value: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(value).decode_utf8().ok()
}

fn exhibit(value: &str) -> Option<&'static Exhibit> {
    let value = decoded(value)?;
    Exhibit::named(&value).or_else(|| Exhibit::named(&keys::tidied(&value)?))
}

/// The text that ends a link without what can't belong to it, and a note of what may not. A link of ours does not end in such a text: see
/// [`super::encode`].
fn without_tail<'a>(key: &str, raw: &str, value: &'a str) -> (&'a str, Vec<Note>) {
    let is_symbol = |character: char| is_format(character) || token(narrow(character)).is_some();
    let text = value.trim_end_matches(|character| !is_symbol(character));
    // Where nothing is left, it is the text that is wrong.
    let text = if text.is_empty() { value } else { text };
    let tail = &value[text.len()..];
    if tail.starts_with('…') || text.ends_with("...") {
        return (
            text,
            vec![Note::Aside(sentence!("The link ends in dots: it was cut short on its way, and what is missing is at its default."))],
        );
    }
    if !tail.is_empty() {
        return (text, vec![Note::Aside(sentence!("The link ends in “{}”, which no sequence holds; it was left out.", quote(tail)))]);
    }
    let is_cut = raw.ends_with('%') || raw.len() > 1 && raw.as_bytes()[raw.len() - 2] == b'%';
    if is_cut {
        return (text, vec![Note::Aside(sentence!("The link ends in the middle of an escape: a piece of it may be missing."))]);
    }
    let last = text.chars().rfind(|&character| !is_format(character));
    let doubtful = last.filter(|&last| is_doubtful(narrow(last), text));
    let note = |last| sentence!("The link ends in “{}”, which was read as the end of “{}”; if it is not, take it off.", last, key);
    (text, doubtful.into_iter().map(|last| Note::Aside(note(last))).collect())
}

/// Whether a pair at the end of a link is read with a note, or otherwise than it is meant.
pub(super) fn ends_in_doubt(pair: &str) -> bool {
    let (key, raw) = pair.split_once('=').unwrap_or((pair, ""));
    let is_text = controls::find(key).is_some_and(|control| matches!(control.kind, Kind::Text { .. }));
    is_text && decoded(raw).is_some_and(|value| !without_tail(key, raw, &value).1.is_empty())
}

/// Whether a sign at the end of a text may belong to the sentence that a link stands in.
fn is_doubtful(last: char, text: &str) -> bool {
    let opening = match last {
        ')' => '(',
        ']' => '[',
        '}' => '{',
        '>' => '<',
        '.' | ',' | ':' | ';' | '!' | '?' | '"' | '\'' | '`' | '*' | '_' | '~' | '|' | '\\' => return true,
        _ => return false,
    };
    let count = |sign: char| text.chars().filter(|&character| narrow(character) == sign).count();
    count(last) > count(opening)
}

/// Whether every escape in a link is an escaped escape, so that the link may have been escaped once more on its way.
pub(super) fn is_escaped_twice(fragment: &str) -> bool {
    let mut escapes = fragment.match_indices('%').peekable();
    escapes.peek().is_some() && escapes.all(|(at, _)| escapes_an_escape(&fragment[at..]))
}

fn escapes_an_escape(text: &str) -> bool {
    text.strip_prefix("%25").and_then(|behind| behind.as_bytes().get(..2)).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// What a text would be if the link had been escaped twice.
fn escaped_twice(pair: &Pair<'_>) -> Option<Warning> {
    let control = controls::find(&pair.key).filter(|_| pair.value.contains('%'))?;
    let once = decoded(pair.value)?;
    let twice = decoded(&once)?;
    Some(Warning::about(
        control.key,
        sentence!(
            "“{}” in the link is read as “{}”; if the link was escaped twice on its way, “{}” was meant.",
            control.key,
            quote(&once),
            quote(&twice)
        ),
    ))
}
