//! Mending a link that was changed on its way as a whole. Only a link that can't be read as it stands is changed, and only where more of it
//! can be read then: a published link means what it meant.

use super::keys;
use super::read::{Reading, is_escaped_twice};
use crate::locale::later;
use crate::sentence;
use crate::sentence::Sentence;
use crate::warning::Warning;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A way in which links are changed.
struct Damage {
    /// The link as it was before, if this may have happened to it.
    undone: fn(&str) -> Option<String>,
    /// What is said where it did.
    sentence: &'static str,
}

/// In the order in which they are undone: the last that happens to a link first.
const DAMAGES: &[Damage] = &[
    Damage {
        // Its lines end in an equals sign.
        undone: |link| link.contains("=3D").then(|| link.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")),
        sentence: later("A mail program turned each “=” in the link into “=3D”; this was undone."),
    },
    Damage {
        undone: |link| {
            let lines = link.contains(char::is_whitespace).then(|| link.replace("\n> ", "").replace("\n>", ""));
            lines.map(|lines| lines.split(char::is_whitespace).collect())
        },
        sentence: later("The link was broken by spaces or line breaks; they were ignored."),
    },
    Damage {
        undone: |link| {
            let is_whole = !link.contains('=') && (link.contains("%3D") || link.contains("%3d") || link.contains("%253"));
            let is_whole = is_whole || !link.contains('&') && link.contains("%26");
            let once = is_whole.then(|| percent_decode_str(link).decode_utf8().ok()).flatten()?;
            // Once more for what was escaped twice.
            let twice = if once.contains('=') { None } else { percent_decode_str(&once).decode_utf8().ok().map(Cow::into_owned) };
            Some(twice.unwrap_or_else(|| once.into_owned()))
        },
        sentence: later("The link was escaped as a whole, with its “&” and “=”; it was read as before."),
    },
    Damage {
        undone: |link| is_escaped_twice(link).then(|| link.replace("%25", "%")),
        sentence: later("The link was escaped twice on its way; it was read as escaped once."),
    },
    Damage {
        undone: |link| {
            let ampersands = ["＆", "%EF%BC%86", "%ef%bc%86", ";"];
            let equals = ["＝", "%EF%BC%9D", "%ef%bc%9d"];
            let plain = ampersands.iter().fold(link.to_string(), |link, sign| link.replace(sign, "&"));
            let plain = equals.iter().fold(plain, |link, sign| link.replace(sign, "="));
            (plain != link).then_some(plain)
        },
        sentence: later("The link had other characters in place of “&” and “=”; it was read as if they were there."),
    },
];

/// Reads a link, mended where that helps.
pub(super) fn read(fragment: &str) -> Reading {
    let (fragment, mut notes) = alone(fragment);
    let mut fragment = Cow::Borrowed(fragment);
    let mut reading = Reading::of(&fragment);
    for damage in DAMAGES {
        if reading.misread == 0 {
            break;
        }
        let Some(undone) = (damage.undone)(&fragment) else { continue };
        let mended = Reading::of(&undone);
        if mended.misread < reading.misread {
            (fragment, reading) = (Cow::Owned(undone), mended);
            notes.push(Warning::about("", Sentence::constant(damage.sentence)));
        }
    }
    notes.append(&mut reading.notes);
    Reading { notes, ..reading }
}

/// A link without what no link of ours has: the passage that a browser was to scroll to, `:~:text=…`, which browsers never show to a page,
/// and a second link.
fn alone(fragment: &str) -> (&str, Vec<Warning>) {
    let mut notes = Vec::new();
    let mut fragment = fragment;
    if let Some((before, _)) = fragment.split_once(":~:").filter(|(_, directive)| directive.starts_with("text=")) {
        fragment = before;
        notes.push(Warning::about("", sentence!("The link names a passage for browsers to scroll to, “:~:text=…”; it was left out.")));
    }
    // A lesson that was written by hand holds links.
    let two = fragment.split_once("#v=").filter(|(first, _)| !first.rsplit('&').next().is_some_and(|pair| pair.starts_with("lesson=")));
    if let Some((first, second)) = two {
        let is_link = first.split('&').any(|pair| keys::known(pair.split('=').next().unwrap_or_default()).is_some());
        fragment = if is_link { first } else { &fragment[fragment.len() - second.len() - "v=".len()..] };
        notes.push(Warning::about("", sentence!("The link has a second “#”; only one of the two parts was read.")));
    }
    (fragment, notes)
}
