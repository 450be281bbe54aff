//! Finding a link in a text: the part behind `#`, without what chat programs, mail and Markdown put around a link.

use super::keys;
use crate::quote::is_format;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// How often a text is unwrapped at the most: no program wraps a link oftener, and a text can't cost more.
const LAYERS: usize = 4;

/// Where a link begins that became the query of its page, alone or behind what others put there.
const QUERIES: [&str; 2] = ["?v=", "&v=1&"];

/// The part of a link behind `#`; a text without one is that part itself, unless it is an address.
pub(super) fn fragment(text: &str) -> Cow<'_, str> {
    let text = unwrapped(text);
    behind_escaped_hash(text).unwrap_or_else(|| Cow::Borrowed(behind_hash(text)))
}

/// Whether a text is an address that says nothing: it has no part behind `#`, or one that a program on its way took or wrote otherwise.
pub(super) fn is_bare_address(text: &str) -> bool {
    let text = unwrapped(text);
    is_address(text) && !text.contains('#') && fragment(text).is_empty()
}

/// The part behind `#` of the link that a line of a lesson is, if it is one: an address, `#v=1&…` and `#fig=5a` with any key of a link in
/// front, `#` alone, `v=1&…` and `fig=5a`; each also in angle brackets, in quotation marks or as a link of Markdown.
pub fn in_line(line: &str) -> Option<String> {
    let text = unwrapped(line);
    if let Some(fragment) = behind_escaped_hash(text) {
        return Some(fragment.into());
    }
    let begins_with_key = |text: &str| text.split_once('=').is_some_and(|(key, _)| keys::known(key).is_some());
    let is_link = match text.split_once('#') {
        Some((page, _)) if is_address(text) => !page.contains(char::is_whitespace),
        None if is_address(text) => !text.contains(char::is_whitespace),
        Some(("", "")) => true,
        Some(("", rest)) => !rest.trim_start_matches('#').starts_with(char::is_whitespace) && begins_with_key(without_lead(rest)),
        // Words may hold an equals sign; a version, or a figure of the paper, is none of them.
        _ => ["v=1", "fig="].iter().any(|start| text.starts_with(start)) && !text.contains(char::is_whitespace),
    };
    is_link.then(|| behind_hash(text).into())
}

/// A text without brackets, quotation marks and emphasis around it.
fn unwrapped(text: &str) -> &str {
    let is_blank = |character: char| character.is_whitespace() || is_format(character);
    let mut text = text;
    for _ in 0..LAYERS {
        text = text.trim_matches(is_blank);
        // Markdown: what is shown, and then the address.
        if let Some((_, address)) = text.split_once("](").filter(|_| text.starts_with(['[', '!'])) {
            text = address.rsplit_once(')').map_or(address, |(address, _)| address);
            continue;
        }
        // Slack puts what is shown behind the address.
        if let Some(inside) = text.strip_prefix('<') {
            text = inside.split(['>', '|']).next().unwrap_or_default();
            continue;
        }
        let Some((opening, rest)) = text.chars().next().map(|first| (first, &text[first.len_utf8()..])) else { break };
        let closing = match opening {
            '(' => ')',
            '[' => ']',
            '“' | '„' => '”',
            '‘' => '’',
            '«' => '»',
            '「' => '」',
            '『' => '』',
            '《' => '》',
            '（' => '）',
            '【' => '】',
            '"' | '\'' | '`' | '*' | '_' | '~' => opening,
            // A list, or what somebody wrote before.
            '-' | '>' | '•' => '\0',
            _ => break,
        };
        text = rest.strip_suffix(closing).unwrap_or(rest);
    }
    text
}

/// The part behind `#` where the `#` was escaped: alone, or with the whole link, as within another address.
fn behind_escaped_hash(text: &str) -> Option<Cow<'_, str>> {
    const HASHES: [&str; 3] = ["%23", "%2523", "%252523"];
    // A link that became a query has its own hash nowhere.
    let is_link = !text.contains('#')
        && !QUERIES.iter().any(|query| text.contains(query))
        && (HASHES.iter().any(|hash| text.starts_with(hash)) || begins_as_address(text));
    let found = HASHES.iter().enumerate().filter(|_| is_link).filter_map(|(times, hash)| Some((times, text.split_once(hash)?.1)));
    let (times, behind) = found.take(1).next()?;
    let pair = behind.split('&').next().unwrap_or_default();
    if pair.contains('=') {
        return Some(Cow::Borrowed(without_lead(behind)));
    }
    // What stands behind it belongs to the other address.
    let mut link = pair.to_string();
    for _ in 0..=times {
        link = percent_decode_str(&link).decode_utf8().ok()?.into_owned();
    }
    Some(Cow::Owned(without_lead(&link).into()))
}

/// Also where the colon and the slashes are escaped.
fn begins_as_address(text: &str) -> bool {
    ["http", "hxxp", "file"].iter().any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https", "file", "hxxp", "hxxps"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

fn behind_hash(text: &str) -> &str {
    match text.split_once('#') {
        // A part that stands without its hash, and holds another one.
        Some((bare, _)) if bare.starts_with("v=") => text,
        Some((_, fragment)) => without_lead(fragment),
        None if is_address(text) => QUERIES.iter().find_map(|query| text.find(query)).map_or("", |at| &text[at + 1..]),
        None => without_lead(text),
    }
}

/// Without signs in front of the first key, and their escapes: a second `#`, the `!` or `/` of other pages' links, spaces.
fn without_lead(fragment: &str) -> &str {
    let is_lead = |character: char| matches!(character, '#' | '!' | '/' | '?' | '&') || character.is_whitespace() || is_format(character);
    let mut rest = fragment;
    loop {
        let mut next = rest.trim_start_matches(is_lead);
        // An escape takes three characters for each byte of its own.
        let escaped = (1..=4).filter_map(|bytes| Some((next.get(..3 * bytes).filter(|_| next.starts_with('%'))?, &next[3 * bytes..])));
        let lead = escaped.filter(|(escape, _)| {
            let decoded = percent_decode_str(escape).decode_utf8();
            decoded.is_ok_and(|decoded| decoded.chars().count() == 1 && decoded.chars().all(is_lead))
        });
        if let Some((_, behind)) = lead.take(1).next() {
            next = behind;
        }
        if next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_behind_the_hash_is_found_in_whatever_a_link_is_wrapped() {
        for text in [
            "v=1&n=7",
            "#v=1&n=7",
            " #v=1&n=7\n",
            "https://example.org/x/#v=1&n=7",
            "hxxps://example[.]org/#v=1&n=7",
            "HTTPS://EXAMPLE.ORG/#v=1&n=7",
            "file:///home/a/index.html#v=1&n=7",
            "##v=1&n=7",
            "#!v=1&n=7",
            "#/v=1&n=7",
            "#/?v=1&n=7",
            "#%23v=1&n=7",
            "#\u{200b}v=1&n=7",
            "#%E2%80%8Bv=1&n=7",
            "\u{feff}v=1&n=7\u{feff}",
            "%23v=1&n=7",
            "https://example.org/%23v=1&n=7",
            "https://example.org/?v=1&n=7",
            "https://example.org/?fbclid=x&v=1&n=7",
            "%23v%3D1%26n%3D7",
            "https%3A%2F%2Fexample.org%2F%23v%3D1%26n%3D7",
            "https%253A%252F%252Fexample.org%252F%2523v%253D1%2526n%253D7",
            "<https://example.org/#v=1&n=7>",
            "<https://example.org/#v=1&n=7|the page>",
            "[the page](https://example.org/#v=1&n=7)",
            "[see #1](<https://example.org/#v=1&n=7>)",
            "“https://example.org/#v=1&n=7”",
            "(#v=1&n=7)",
            "`#v=1&n=7`",
            "**#v=1&n=7**",
            "> #v=1&n=7",
            "「#v=1&n=7」",
        ] {
            assert_eq!(fragment(text), "v=1&n=7", "{text}");
        }
        assert_eq!((fragment("https://example.org/"), fragment("#"), fragment("")), ("".into(), "".into(), "".into()));
        assert_eq!(fragment("v=1&#38;n=7"), "v=1&#38;n=7", "an ampersand of HTML is no hash");
        assert_eq!(fragment("v=1&lesson=https%3A%2F%2Fx%2F%23v%3D1"), "v=1&lesson=https%3A%2F%2Fx%2F%23v%3D1", "a value is not opened");
    }

    #[test]
    fn a_line_is_a_link_or_words() {
        for line in [
            "#v=1&n=7",
            "v=1",
            "#fig=5a",
            "fig=5a",
            "#at=glasses",
            "#n=7",
            "#",
            "https://example.org/#v=1",
            "https://example.org/",
            "<#fig=5a>",
            "[ours](#fig=5a)",
            "- #v=1",
            "%23v=1",
            "#v=1&n=7.",
            "https://example.org/#v=1 look",
        ] {
            assert!(in_line(line).is_some(), "{line}");
        }
        for line in [
            "",
            "# Title",
            "#tag",
            "## v=1",
            "#a tag = b",
            "n=7",
            "v=2 is next",
            "https://example.org is a page",
            "see https://example.org/#v=1",
            "[1] #",
            "“v”",
        ] {
            assert_eq!(in_line(line), None, "{line}");
        }
        assert_eq!(in_line("[ours](#fig=5a)"), Some("fig=5a".into()));
    }
}
