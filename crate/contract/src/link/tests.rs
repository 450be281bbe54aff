//! The link's tests: what is written opens as it was, and what was mangled on its way opens as the same or says so.

use super::*;
use crate::admit::admit;
use crate::config::{Input, Position};
use crate::controls::{self, Kind};
use crate::gallery::EXHIBITS;
use crate::limits;
use crate::open::{self, decode, encode};
use crate::quote::is_format;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

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
    let last = warnings[MAX_NOTES].to_string();
    assert!(last.ends_with(" more settings in the link could not be read."), "{last}");
}

#[test]
fn every_control_survives_the_round_trip_alone_with_every_kind_of_value() {
    for control in CONTROLS {
        let values: Vec<String> = match &control.kind {
            Kind::Text { .. } => {
                vec![String::new(), "a&b=c#d%20 \\^é中\u{0}+".into(), "(1^n){,/3}".into(), "&".repeat(limits::MAX_TEXT_CHARS)]
            }
            Kind::Long { .. } => vec![String::new(), "A title\n\nWords & 中\n#v=1&a=1%5En\n".into()],
            Kind::Links { .. } => vec![String::new(), "v=1".into(), "v=1&a=1%5En0&b=%7C%26|v=1&pos=alibi".into()],
            Kind::Hash => vec![String::new(), "b179c952".into()],
            Kind::Integer { range, .. } => vec![range.start().to_string(), range.end().to_string()],
            Kind::Number { range } => [*range.start(), *range.end(), 0.5 * (range.start() + range.end())].map(|x| x.to_string()).into(),
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
            assert_eq!(open::read(control, &mut config, &value), Ok(()));
            // What the model can't do together is settled before a link is written.
            config.experiment = admit(config.experiment).0.into_inner();
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
            Kind::Links { .. } => format!("v=1&a={}", "1".repeat(limits::MAX_TEXT_CHARS)),
            Kind::Members(words) => words[1..].iter().map(|entry| entry.word).collect::<Vec<_>>().join(","),
            _ => continue,
        };
        assert_eq!(open::read(control, &mut config, &value), Ok(()));
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
    let mut rest = config;
    rest.input.n = 24;
    assert_eq!(rest, Config::default());
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

/// States whose links hold what programs trip over.
fn links() -> Vec<String> {
    let states = [
        "n=7",
        "a=1%5En0&b=1%5E%28n%2B1%290&n=7",
        "a=1%5En&b=%5B0-9%5D%5En%7B%2C%2F3%7D",
        "b=1%5E%28n%2B2%29",
        "b=1%5En.",
        "suffix=%3D",
        "prefix=how%20many%3F&suffix=%3F",
        "a=a%2Bb&b=50%25",
        "pos=rotary&theme=dark",
        "hide=by-n,by-layer&sinkat=-3&sink=logit",
        "lesson=T%0A%0AWords.%0A%23v%3D1%26a%3D1%255En%26n%3D7%0A&step=1",
    ];
    states.map(|state| encode(&decode(&format!("v=1&{state}")).0)).to_vec()
}

/// A state without what nobody sees in its texts, where the notation leaves it out too.
fn seen(mut config: Config) -> Config {
    let Input { a, b, prefix, suffix, .. } = &mut config.experiment.input;
    [a, b, prefix, suffix, &mut config.frame.lesson].into_iter().for_each(|text| text.retain(|character| !is_format(character)));
    config
}

#[test]
fn a_mangled_link_opens_the_same_state_or_says_that_it_may_not() {
    type Mangle = fn(&str) -> String;
    // Those after which the state is always the same.
    let same: &[(&str, Mangle)] = &[
        ("ampersands of HTML", |link| link.replace('&', "&amp;")),
        ("ampersands of HTML, twice", |link| link.replace('&', "&amp;amp;")),
        ("ampersands by number", |link| link.replace('&', "&#38;")),
        ("escapes in small letters", |link| link.replace("%5E", "%5e").replace("%3D", "%3d")),
        ("brackets around", |link| format!("({link})")),
        ("angle brackets", |link| format!("<https://example.org/{link}>")),
        ("Slack", |link| format!("<https://example.org/{link}|the page>")),
        ("Markdown", |link| format!("[the page](https://example.org/{link})")),
        ("quotation marks", |link| format!("“{link}”")),
        ("a quotation mark behind", |link| format!("{link}”")),
        ("a Chinese full stop", |link| format!("{link}。")),
        ("a Chinese sentence", |link| format!("{link}这里")),
        ("a zero-width space", |link| format!("{link}\u{200b}")),
        ("a zero-width space, escaped", |link| format!("{link}%E2%80%8B")),
        ("a byte-order mark", |link| format!("\u{feff}{link}\u{feff}")),
        ("soft hyphens", |link| link.replace('&', "\u{ad}&\u{ad}")),
        ("zero-width spaces, escaped", |link| link.replace('&', "&%E2%80%8B")),
        ("a passage", |link| format!("{link}:~:text=words")),
        ("a parameter", |link| format!("{link}&utm_source=chat&fbclid=x")),
        ("an escaped hash", |link| link.replace('#', "%23")),
        ("two hashes", |link| format!("#{link}")),
        ("a hash and its escape", |link| link.replace('#', "#%23")),
        ("a hashbang", |link| link.replace('#', "#!")),
        ("a route", |link| link.replace('#', "#/")),
        ("a query", |link| format!("https://example.org/{}", link.replace('#', "?"))),
        ("hxxp", |link| format!("hxxps://example[.]org/{link}")),
        ("no hash", |link| link.replace('#', "")),
        ("escaped as a whole", |link| format!("#{}", utf8_percent_encode(&link[1..], NON_ALPHANUMERIC))),
        ("escaped as a whole, with its page", |link| {
            utf8_percent_encode(&format!("https://example.org/{link}"), NON_ALPHANUMERIC).to_string()
        }),
        ("within another address", |link| {
            let inner = utf8_percent_encode(&format!("https://example.org/{link}"), NON_ALPHANUMERIC).to_string();
            format!("https://www.example.com/url?q={inner}&sa=D")
        }),
        ("a line break between pairs", |link| link.replace('&', "&\n")),
        ("a quoted line break between pairs", |link| link.replace('&', "&\n> ")),
        ("capitals of a keyboard", |link| link.replace("#v=", "#V=").replace("&n=", "&N=")),
        ("full-width signs", |link| link.replace('&', "＆").replace('=', "＝")),
        ("full-width signs, escaped", |link| link.replace('&', "%EF%BC%86").replace('=', "%EF%BC%9D")),
        ("quoted-printable", |link| link.replace('=', "=3D")),
        ("quoted-printable, broken over lines", |link| link.replace('=', "=3D").replace('&', "=\r\n&=\n")),
        ("a second link", |link| format!("{link}#v=1&n=9")),
        ("a second link in front", |link| format!("https://example.org/#top{link}")),
    ];
    // Those that a text can't be told from where it ends the link.
    let behind: &[(&str, Mangle)] = &[
        ("a closing bracket", |link| format!("{link})")),
        ("a full stop", |link| format!("{link}.")),
        ("a bracket and a full stop", |link| format!("{link}).")),
        ("emphasis", |link| format!("{link}**")),
        ("an underscore", |link| format!("{link}_")),
        ("an angle bracket", |link| format!("{link}>")),
        ("an escaped angle bracket", |link| format!("{link}%3E")),
        ("a parameter behind a question mark", |link| format!("{link}?utm_source=chat")),
    ];
    // Those that no text can be told from.
    let said: &[(&str, Mangle)] = &[
        ("escaped twice", |link| link.replace('%', "%25")),
        ("cut short", |link| format!("{}…", &link[..link.len() - 1])),
        ("spaces around pairs", |link| link.replace('&', " & ")),
        ("spaces as plus signs", |link| link.replace("%20", "+")),
    ];
    for link in links() {
        let (original, notes) = decode(&link);
        assert_eq!(notes, vec![], "{link}");
        for (name, mangle) in same {
            let mangled = mangle(&format!("#{link}"));
            let (config, notes) = decode(&mangled);
            assert_eq!(seen(config), original, "{name}: {mangled} {notes:#?}");
            assert!(notes.iter().all(|note| !note.to_string().contains(|sign: char| sign.is_control() || is_format(sign))), "{notes:#?}");
        }
        let ends_in_text = controls::find(link.rsplit(['&', '=']).nth(1).unwrap_or_default())
            .is_some_and(|control| matches!(control.kind, Kind::Text { .. }));
        for (name, mangle) in behind {
            let mangled = mangle(&format!("#{link}"));
            let (config, notes) = decode(&mangled);
            assert!(seen(config) == original || ends_in_text && !notes.is_empty(), "{name}: {mangled} {notes:#?}");
        }
        for (name, mangle) in said {
            let mangled = mangle(&format!("#{link}"));
            let (config, notes) = decode(&mangled);
            assert!(config == original || !notes.is_empty(), "{name}: {mangled}");
        }
    }
}

#[test]
fn both_readings_of_what_may_be_escaped_twice_are_said() {
    let (config, notes) = decode("#v=1&a=1%255En&b=1%255E%2528n+1%2529&n=7");
    assert_eq!((config.input.a.as_str(), config.input.b.as_str()), ("1%5En", "1%5E%28n+1%29"), "a published link keeps its meaning");
    let sentences: Vec<String> = notes.iter().map(ToString::to_string).collect();
    let note = "“a” in the link is read as “1%5En”; if the link was escaped twice on its way, “1^n” was meant.";
    assert_eq!((sentences[0].as_str(), sentences.len()), (note, 2));
    // The same text of ours is written so that it shows.
    let link = encode(&config);
    assert!(link.starts_with("v=1&a=1%25%35En&b="), "{link}");
    assert_eq!(decode(&link), (config, vec![]));
    // Where it can't be read as it stands, there is no doubt.
    let (config, notes) = decode("#v=1&a=1%255En&hide=by%252Dn");
    assert_eq!((config.input.a.as_str(), notes.len()), ("1^n", 1));
    let (config, notes) = decode("#v=1&a=1%255En&utm_source=chat");
    assert_eq!((config.input.a.as_str(), notes.len()), ("1%5En", 2), "what a program added is no reason to mend");
    let (config, _) = decode("#v=1&a=1%255En&suffix=%3D");
    assert_eq!(config.input.a, "1%5En", "an escape that is none of an escape was written by hand");
}

#[test]
fn a_sign_behind_a_text_that_ends_a_link_is_said() {
    for (link, text, said) in [
        ("b=1%5En.", "1^n.", Some("ends in “.”")),
        ("b=1%5En)", "1^n)", Some("ends in “)”")),
        ("b=1%5E(n+1)", "1^(n+1)", None),
        ("b=1%5E%28n%2B1%29", "1^(n+1)", None),
        ("b=1%5E%28n%2B1%29)", "1^(n+1))", Some("ends in “)”")),
        ("b=1%5En…", "1^n", Some("cut short")),
        ("b=1%5En...", "1^n...", Some("cut short")),
        ("b=1%5", "1%5", Some("in the middle of an escape")),
        ("b=1%5En”", "1^n", Some("“””, which no sequence holds")),
        ("b=1%5En。看这里", "1^n", Some("“。看这里”")),
        ("b=count+the+ones", "count+the+ones", Some("plus signs")),
        ("b=1#v=1&n=7", "1", Some("a second “#”")),
        ("b=1#2", "1#2", Some("holds “#”")),
        ("b=1?utm_source=x", "1?utm_source=x", Some("holds “?”")),
        ("b=1?&n=7", "1?", None),
        ("b=1%5En.&device=auto", "1^n.", None),
    ] {
        let (config, notes) = decode(&format!("#v=1&{link}"));
        assert_eq!(config.input.b, text, "{link}");
        match said {
            Some(said) => assert!(notes.len() == 1 && notes[0].to_string().contains(said), "{link}: {notes:#?}"),
            None => assert_eq!(notes, vec![], "{link}"),
        }
        assert_eq!(decode(&encode(&config)), (config, vec![]));
    }
    let config = decode("v=1&b=1%5En.&device=auto").0;
    assert_eq!(encode(&config), "v=1&b=1%5En.&device=auto", "a word follows, so that a sign behind the link is none of the text");
}

#[test]
fn what_a_link_is_read_as_is_said_with_names_for_what_nobody_sees() {
    for (link, said) in [
        ("n=7\u{200b})", "The link's “n” is “7⟨zero-width space (U+200B)⟩)”; “7” was read."),
        ("pos=Rotary", "The link's “pos” is “Rotary”; “rotary” was read."),
        (
            "n=%00%1B%5B31m",
            "The link's “n” takes a whole number from 1 to 4096, not “⟨control character (U+0000)⟩⟨control character (U+001B)⟩[31m”; the default is used.",
        ),
        ("capat=1,000", "The link's “capat” takes a number from 0.1 to 1000, and “1,000” could be 1000 or 1; the default is used."),
        ("%E2%80%8Bnope=1", "The link has an unknown setting, “%E2%80%8Bnope”; it was ignored."),
        ("fig=99", "The link's “fig=99” isn't a figure of the paper; the default is used."),
    ] {
        let sentences: Vec<String> = decode(&format!("v=1&{link}")).1.into_iter().map(|note| note.to_string()).collect();
        assert_eq!(sentences, [said], "{link}");
    }
    assert_eq!(decode("#fig=5A).").0, decode("#fig=5a").0);
    assert_eq!(figure("<https://example.org/#fig=5A).>").map(|exhibit| exhibit.name), Some("5a"));
}

#[test]
fn a_state_has_one_link_however_its_numbers_and_lists_are_written() {
    for (links, canonical) in [
        (&["sinkat=0", "sinkat=-0", "sinkat=-0.0", "sinkat=0e9", "sinkat=+0"][..], "v=1&sinkat=0"),
        (&["c=0.10", "c=1e-1", "c=.1", "c=+0.1", "c=0.1000000000000000055511151231257827", "c=10%25", "c=０．１"], "v=1&c=0.1"),
        (&["c=5e-324", "c=4.9e-324"], "v=1&c=5e-324"),
        (&["n=7", "n=+7", "n=007", "n=7.0", "n=7e0", "n=７"], "v=1&n=7"),
        (&["cures=log,cap", "cures=cap,log", "cures=cap,,log,cap,", "cures=,cap,log"], "v=1&cures=log,cap"),
        (&["hide=by-n,by-layer", "hide=by-layer,by-n,by-n,"], "v=1&hide=by-n,by-layer"),
        (&["n=7&k=4", "k=4&n=7", "&&k=4&&n=7&&", "k=4&n=7&n=9"], "v=1&n=7&k=4"),
        (&["lesson=A%0AB", "lesson=A%0D%0AB", "lesson=A%0DB", "lesson=%EF%BB%BFA%0AB"], "v=1&lesson=A%0AB"),
    ] {
        for link in links {
            assert_eq!(encode(&decode(&format!("#v=1&{link}")).0), canonical, "{link}");
        }
    }
    // Texts are kept as they are: these are drawn alike, and are two texts.
    assert_ne!(decode("v=1&lesson=%C3%A9").0, decode("v=1&lesson=e%CC%81").0);
}

#[test]
fn what_breaks_a_link_changes_neither_its_numbers_nor_its_escapes_without_a_word() {
    for (link, same) in [
        ("#v=1&a=2%5\nEn&n=7", "v=1&a=2%5En&n=7"),
        ("#v=1&a=2%\r\n5En&n=7", "v=1&a=2%5En&n=7"),
        ("https://example.org/?fbclid=x&v=1&n=7", "v=1&n=7"),
        ("#v=1&sinkat=—3", "v=1&sinkat=-3"),
    ] {
        let (config, notes) = decode(link);
        assert_eq!((encode(&config).as_str(), notes), (same, vec![]), "{link}");
    }
    for (link, same) in [
        ("#v=1%26amp%3Bn%3D7%26amp%3Ba%3D2%5En", "v=1&a=2%5En&n=7"),
        ("#v=1&n=2\n5&a=2%5En", "v=1&a=2%5En&n=25"),
        ("#v=1&n=9%20999", ""),
        ("#v=1&n=1\u{a0}000\u{a0}000", ""),
        ("#v=1&n=2千", ""),
        ("#v=1&n=7&a=2%5En&b", "v=1&a=2%5En&n=7"),
        ("https://urldefense.com/v3/__https://example.org/*v=1&n=7__;Iw!!abc", ""),
    ] {
        let (config, notes) = decode(link);
        assert_eq!((encode(&config).as_str(), notes.len()), (same, 1), "{link}: {notes:?}");
    }
    // Not its first word.
    let (config, notes) = decode(&format!("v=1&lesson=Title%20{}", "%0A".repeat(crate::limits::MAX_LESSON_CHARS)));
    assert_eq!((config, notes.len()), (Config::default(), 1), "{notes:?}");
}

#[test]
fn what_brings_others_with_it_is_noted_first_wherever_it_stands() {
    let (_, notes) = decode("v=1&n=abc&task=abc&weights=abc&at=abc&k=abc");
    assert_eq!(notes.iter().map(|note| &*note.key).collect::<Vec<_>>(), ["at", "weights", "task", "n", "k"]);
}
