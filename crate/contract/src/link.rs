//! The link: the whole state in the part of the address behind `#`, as `v=1&key=value&…`.
//!
//! `fig=5a` is short for the link of that figure of the paper (see [`crate::gallery`]); what else is said is put over it.
//!
//! Only what differs from the defaults is written, in the order of the table of controls, so one state has one link.
//! Published links open for ever: keys may be added, never change their meaning.

use crate::config::Config;
use crate::controls::{self, CONTROLS, Control};
use crate::gallery::Exhibit;
use crate::limits;
use crate::say;
use crate::warning::Warning;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::collections::BTreeSet;

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

/// What stays readable. Brackets and `^` would, by the letter of RFC 3986 or the habits of chat programs, end a link early.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':').remove(b'+').remove(b'*').remove(b'/');

/// Writes the state as the text behind `#`; the defaults are the empty text.
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
    let pairs: Vec<String> = CONTROLS
        .iter()
        .map(|control| (control, (control.write)(config)))
        .filter(|(control, value)| is_written(control, value))
        .map(|(control, value)| format!("{}={}", control.key, utf8_percent_encode(&value, ESCAPED)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("v={VERSION}&{}", pairs.join("&")) }
}

/// How many characters a link takes to write a text.
pub fn written(text: &str) -> usize {
    utf8_percent_encode(text, ESCAPED).map(str::len).sum()
}

/// Reads any text whatever: what is unknown, malformed or out of range becomes the default, with a sentence for each.
///
/// Takes a bare `v=1&…`, one with `#` in front, or a whole link.
pub fn decode(link: &str) -> (Config, Vec<Warning>) {
    let mut config = figure(link).map(Exhibit::config).unwrap_or_default();
    let mut warnings = Vec::new();
    let hash = hash(link);
    let hash = match hash.char_indices().nth(MAX_LINK_CHARS) {
        Some((end, _)) => {
            warnings.push(Warning::about("", say!("The link is longer than {} characters; the rest was left out.", MAX_LINK_CHARS)));
            &hash[..end]
        }
        None => hash,
    };
    let mut seen = BTreeSet::new();
    let pairs = hash.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    // What brings others with it comes first, wherever it stands.
    let (mut first, others): (Vec<_>, Vec<_>) = pairs.partition(|(key, _)| LEADING.contains(key));
    first.sort_by_key(|(key, _)| LEADING.iter().position(|leading| leading == key));
    for (key, value) in first.into_iter().chain(others) {
        if let Err(sentence) = read_pair(&mut config, &mut seen, key, value) {
            warnings.push(Warning::about(controls::find(key).map_or("", |control| control.key), sentence));
        }
    }
    let left_out = warnings.len().saturating_sub(MAX_NOTES);
    if left_out > 0 {
        warnings.truncate(MAX_NOTES);
        warnings.push(Warning::about("", say!("There are {} more things in the link that could not be read.", left_out)));
    }
    let (config, replaced) = limits::admit(config);
    warnings.extend(replaced);
    (config, warnings)
}

/// The figure of the paper that a link names with `fig=`.
pub fn figure(link: &str) -> Option<&'static Exhibit> {
    hash(link).split('&').find_map(|pair| pair.strip_prefix(FIGURE)?.strip_prefix('=')).and_then(Exhibit::named)
}

fn hash(link: &str) -> &str {
    link.split_once('#').map_or(link, |(_, hash)| hash)
}

fn read_pair<'a>(config: &mut Config, seen: &mut BTreeSet<&'a str>, key: &'a str, value: &str) -> Result<(), String> {
    if !seen.insert(key) {
        return Err(say!("The link names “{}” twice; the first one counts.", show(key)));
    }
    if key == "v" {
        return match value {
            "1" => Ok(()),
            _ => Err(say!(
                "The link is of version “{}”, and this page reads version {}; what it understands is shown.",
                show(value),
                VERSION
            )),
        };
    }
    if key == FIGURE {
        let unknown = || say!("The link's “fig={}” is no figure of the paper; the default is shown.", show(value));
        return Exhibit::named(value).map(drop).ok_or_else(unknown);
    }
    let control = controls::find(key).ok_or_else(|| say!("The link's “{}” is nothing this page knows; it was left out.", show(key)))?;
    let value =
        percent_decode_str(value).decode_utf8().map_err(|_| say!("The link's “{}” is not readable text; the default is shown.", key))?;
    control.read(config, &value).map_err(|refusal| say!("The link's {}; the default is shown.", refusal))
}

fn show(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Position;
    use crate::controls::Kind;
    use crate::cures::CURES;
    use crate::gallery::EXHIBITS;

    #[test]
    fn the_defaults_are_the_empty_link() {
        assert_eq!(encode(&Config::default()), "");
        assert_eq!(decode(""), (Config::default(), vec![]));
        assert_eq!(decode("#v=1"), (Config::default(), vec![]));
    }

    #[test]
    fn a_figure_of_the_paper_has_a_short_link() {
        for exhibit in EXHIBITS {
            let (config, warnings) = decode(&format!("#fig={}", exhibit.name));
            assert_eq!((encode(&config).as_str(), warnings), (exhibit.link, vec![]), "{}", exhibit.name);
        }
        let (config, warnings) = decode("v=1&n=7&fig=8&theme=dark");
        assert_eq!((encode(&config).as_str(), warnings), ("v=1&n=7&tool=paper&paper=8&theme=dark", vec![]));
        let (config, warnings) = decode("fig=13");
        assert_eq!((config, warnings.len()), (Config::default(), 1));
    }

    #[test]
    fn a_link_of_thousands_of_mistakes_gets_a_few_notes() {
        let link: String = (0..20_000).map(|key| format!("&x{key}")).collect();
        let (config, warnings) = decode(&link);
        assert_eq!((config, warnings.len()), (Config::default(), MAX_NOTES + 1));
        let last = &warnings[MAX_NOTES].sentence;
        assert!(last.starts_with("There are ") && last.contains(" more things"), "{last}");
    }

    #[test]
    fn every_control_survives_the_round_trip_alone_with_every_kind_of_value() {
        for control in CONTROLS {
            let values: Vec<String> = match &control.kind {
                Kind::Text { .. } => {
                    vec![String::new(), "a&b=c#d%20 \\^é中\u{0}+".into(), "(1^n){,/3}".into(), "&".repeat(limits::MAX_TEXT_CHARS)]
                }
                Kind::Long { .. } => vec![String::new(), "A title\n\nWords & 中\n#v=1&a=1%5En\n".into()],
                Kind::Integer { range, .. } => vec![range.start().to_string(), range.end().to_string()],
                Kind::Number { range } => [*range.start(), *range.end(), 0.5 * (range.start() + range.end())].map(|x| x.to_string()).into(),
                Kind::Cures => vec![String::new(), "log".into(), CURES.iter().map(|cure| cure.word).collect::<Vec<_>>().join(",")],
                Kind::Members(words) => {
                    let words: Vec<_> = words[1..].iter().map(|entry| entry.word).collect();
                    vec![String::new(), words[1].into(), words.join(",")]
                }
                Kind::Words(words) => words.iter().map(|entry| entry.word.to_string()).collect(),
            };
            for value in values {
                let mut config = Config::default();
                // So that layers and heads that are looked at exist.
                (config.model.layers, config.model.heads) = (16, 16);
                assert_eq!(control.read(&mut config, &value), Ok(()));
                // What the model can't do together is settled before a link is written.
                let (config, _) = limits::admit(config);
                let link = encode(&config);
                assert!(link.is_ascii() && !link.contains(['#', ' ', '(', '"', '<']), "{link}");
                assert_eq!(decode(&link), (config.clone(), vec![]), "{link}");
                assert_eq!(encode(&decode(&link).0), link);
            }
        }
    }

    #[test]
    fn the_longest_state_has_a_link_that_is_read_to_its_end() {
        let mut config = Config::default();
        for control in CONTROLS {
            let value = match &control.kind {
                // Twelve characters each in a link: none takes more.
                Kind::Text { max_chars } => "\u{10FFFF}".repeat(*max_chars),
                Kind::Long { max_written } => "a".repeat(*max_written),
                Kind::Members(words) => words[1..].iter().map(|entry| entry.word).collect::<Vec<_>>().join(","),
                _ => continue,
            };
            assert_eq!(control.read(&mut config, &value), Ok(()));
        }
        let link = encode(&config);
        // The other keys are short: a hundred characters would be long for one.
        assert!(link.len() + 100 * CONTROLS.len() <= MAX_LINK_CHARS, "{}", link.len());
        assert_eq!(decode(&link), (config, vec![]));
    }

    #[test]
    fn a_published_link_means_what_it_meant() {
        let (config, warnings) = decode(
            "https://example.org/glasses/#v=1&a=1%5En0&b=1%5E%28n%2B1%290&suffix=%3D&bos=none&n=12&max=512&layers=8&heads=2&d=32&seed=9&pos=alibi&norm=rms&metric=l1&layer=7&head=1&show=b&device=cpu",
        );
        assert_eq!(warnings, vec![]);
        assert_eq!((config.input.a.as_str(), config.input.b.as_str(), config.input.suffix.as_str()), ("1^n0", "1^(n+1)0", "="));
        assert_eq!((config.input.n, config.input.max_n), (12, 512));
        assert_eq!((config.model.layers, config.model.heads, config.model.width, config.model.seed), (8, 2, 32, 9));
        assert_eq!((config.model.position, config.view.layer), (Position::Alibi, 7));
    }

    #[test]
    fn what_is_wrong_becomes_the_default_with_a_note_each() {
        let (config, warnings) = decode("#v=2&nope=1&layers=99&n=5&n=6&a=%FF&pos=&%00&=");
        assert_eq!(config.input.n, 5);
        assert_eq!(Config { input: crate::config::Input { n: 24, ..config.input }, ..config }, Config::default());
        assert_eq!(warnings.len(), 8, "{warnings:#?}");
    }

    #[test]
    fn random_bytes_never_panic_and_what_they_open_has_a_link() {
        use rand_core::{Rng, SeedableRng};
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(3);
        let snippets = [
            "v=1",
            "&",
            "=",
            "%",
            "%F0%9F",
            "a",
            "b",
            "1^n",
            "layers",
            "heads=7",
            "d=5",
            "pos=rotary",
            "max=4096",
            "99999999999999999999",
            "#",
            "中",
            "\u{0}",
            "n=-1",
            "layer=15",
        ];
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..random.next_u32() % 12 {
                let draw = random.next_u32();
                match draw % 3 {
                    0 => text.push(char::from(draw as u8)),
                    1 => text.extend(char::from_u32(draw % 0x11_0000)),
                    _ => text.push_str(snippets[draw as usize / 3 % snippets.len()]),
                }
            }
            let (config, _) = decode(&text);
            assert_eq!(decode(&encode(&config)), (config, vec![]), "{text:?}");
        }
    }
}
