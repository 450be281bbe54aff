//! The catalogues of www/locale against the sentences that the sources say: each has a translation, none is left over, and both sides
//! of an entry ask for the same values.

use glasses_contract::config::{BESIDE, Cures, Language};
use glasses_contract::controls::{CONTROLS, Kind};
use glasses_contract::lesson::Lesson;
use glasses_contract::locale::{self, entries, holes, tr};
use glasses_contract::presets::PRESETS;
use glasses_contract::task::{QuestionPosition, Task};
use glasses_contract::{Choice, Word, lesson};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const CHINESE: &str = include_str!("../../../www/locale/zh.tsv");

/// A file of the site's sources.
fn site_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www").join(name);
    std::fs::read_to_string(path).expect(name)
}

/// The languages that have a catalogue: all but English, which the sources say.
fn translated() -> impl Iterator<Item = (Language, String)> {
    Language::ALL[1..].iter().map(|language| (*language, site_file(&format!("locale/{}.tsv", language.word()))))
}

/// The crates whose sentences a reader of the page may meet.
const SPEAKERS: [&str; 5] = ["contract", "engine", "plots", "worker", "page"];

/// Names, letters and formats, the same in every language.
const NAMES: &[&str] = &[
    "10 = 1100",
    "A",
    "ALiBi",
    "B",
    "CPU",
    "L1",
    "L2",
    "L∞",
    "WebGPU",
    "a",
    "bf16",
    "c",
    "cap",
    "entmax",
    "fp16",
    "fp32",
    "fp8 e4m3",
    "fp8 e5m2",
    "k",
    "n",
    "p-RoPE",
    "sigmoid",
    "softmax",
    "α",
    "β",
    "γ",
    "δ",
];

/// The sources of a crate, without their tests and comments.
fn sources(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
    let mut texts = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                texts.push(text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"));
            }
        }
    }
    texts
}

/// The string that a Rust literal at the start of a text stands for, if one stands there.
fn literal(text: &str) -> Option<String> {
    if let Some(raw) = text.strip_prefix("r\"") {
        return raw.split_once('"').map(|(raw, _)| raw.into());
    }
    let mut characters = text.strip_prefix('"')?.chars();
    let mut string = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(string),
            '\\' => match characters.next()? {
                'n' => string.push('\n'),
                'u' => {
                    let digits: String = characters.by_ref().skip(1).take_while(|&character| character != '}').collect();
                    string.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?);
                }
                // A string goes on where the next line begins to say something.
                '\n' => characters = characters.as_str().trim_start().chars(),
                itself => string.push(itself),
            },
            other => string.push(other),
        }
    }
}

/// What the sources say: the literals behind these words.
fn said(text: &str) -> BTreeSet<String> {
    const WORDS: [&str; 4] = ["say!(", "sentence!(", "tr(", "later("];
    let mut found = BTreeSet::new();
    for word in WORDS {
        for (at, _) in text.match_indices(word) {
            let is_whole = !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
            let said = literal(text[at + word.len()..].trim_start());
            found.extend(said.filter(|_| is_whole));
        }
    }
    found
}

/// What stands in the tables, whose readers translate it.
fn in_tables() -> BTreeSet<String> {
    let mut found: Vec<&str> = Vec::new();
    let mut words = |words: &'static [Word]| found.extend(words.iter().flat_map(|word| [word.label, word.help]));
    for control in CONTROLS {
        if let Kind::Words(alternatives) = control.kind {
            words(alternatives);
        }
    }
    words(Task::WORDS);
    words(QuestionPosition::WORDS);
    words(Language::WORDS);
    words(&BESIDE);
    found.extend(CONTROLS.iter().flat_map(|control| [control.label, control.help]));
    found.extend(Cures::all().map(|cure| cure.entry().label));
    found.extend(PRESETS.iter().flat_map(|preset| [preset.title, preset.sentence]));
    found.into_iter().map(str::to_owned).collect()
}

/// What stands in index.html and is translated where the page starts: title, description, texts with `data-say`, and labels for who listens.
fn in_the_page() -> BTreeSet<String> {
    let page = include_str!("../../../index.html");
    let behind = |start: &'static str, end: char| page.split(start).skip(1).filter_map(move |rest| rest.split(end).next());
    let texts = page.split(" data-say>").skip(1).filter_map(|rest| rest.split('<').next());
    let labels = behind("aria-label=\"", '"').chain(behind("name=\"description\" content=\"", '"')).chain(behind("<title>", '<'));
    texts.chain(labels).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Everything that must have a translation.
fn wanted() -> BTreeSet<String> {
    let mut wanted = in_tables();
    wanted.extend(in_the_page());
    wanted.extend(SPEAKERS.iter().flat_map(|name| sources(name)).flat_map(|text| said(&text)));
    // Each language is called what its speakers call it.
    let is_name = |key: &str| NAMES.contains(&key) || Language::WORDS.iter().any(|language| language.label == key);
    wanted.retain(|key| !is_name(key));
    wanted
}

#[test]
fn every_sentence_has_a_translation_and_every_translation_a_sentence() {
    let wanted = wanted();
    for (language, catalogue) in translated() {
        let catalogue: BTreeMap<&str, &str> = entries(&catalogue).collect();
        let missing: Vec<&String> = wanted.iter().filter(|key| !catalogue.contains_key(key.as_str())).collect();
        let unused: Vec<&&str> = catalogue.keys().filter(|key| !wanted.contains(**key)).collect();
        let is_whole = missing.is_empty() && unused.is_empty();
        assert!(is_whole, "{language:?}, without a translation: {missing:#?}\nthat nobody says: {unused:#?}");
    }
}

#[test]
fn entries_are_sorted_whole_and_ask_for_the_same_values() {
    for (language, catalogue) in translated() {
        let lines: Vec<&str> = catalogue.lines().collect();
        let is_sorted = lines.is_sorted_by(|one, next| one.split('\t').next() < next.split('\t').next());
        assert!(is_sorted, "{language:?}: sort the lines by bytes: LC_ALL=C sort -u");
        assert!(catalogue.ends_with('\n') && !catalogue.contains('\r'), "{language:?}");
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            let [english, translation] = fields[..] else { panic!("English, a tab and {language:?}: {line}") };
            assert!(!english.is_empty() && !translation.trim().is_empty() && english != translation, "{line}");
            assert_eq!(values(english), values(translation), "{line}");
        }
    }
}

#[test]
fn what_is_said_without_a_catalogue_is_said_in_every_language() {
    let page = include_str!("../../../index.html");
    let (boot, offline, style) = (site_file("boot.js"), site_file("offline.js"), site_file("style/figure.css"));
    for (language, _) in translated() {
        let word = language.word();
        assert!(page.contains(&format!("lang=\"{word}\"")), "{language:?}: the noscript of index.html");
        for (name, script) in [("boot.js", &boot), ("offline.js", &offline)] {
            assert!(script.contains(&format!("    {word}: {{")), "{language:?}: {name}");
        }
        for said in [".box.stale::after", ".box.empty.stale::after"] {
            assert!(style.contains(&format!(":lang({word}) {said} {{\n  content: ")), "{language:?}: figure.css, {said}");
        }
        assert!(!site_file(&format!("locale/{word}/missing.txt")).is_empty());
        for minutes in [10, 45, 90] {
            let read = |word: &str| lesson::parse(&site_file(&format!("locale/{word}/lesson-{minutes}.txt")));
            let (lesson, mistakes) = read(word);
            assert!(mistakes.is_empty() && !lesson.steps.is_empty(), "{language:?}: {mistakes:?}");
            let links = |lesson: &Lesson| lesson.steps.iter().map(|step| step.link.clone()).collect::<Vec<_>>();
            assert_eq!(
                links(&lesson),
                links(&read("en").0),
                "{language:?}: a lesson of {minutes} minutes shows the same in every language"
            );
        }
    }
}

/// The numbers of the values that a template asks for.
fn values(template: &str) -> BTreeSet<usize> {
    let marks: Vec<String> = (0..holes(template)).map(|number| format!("\u{1}{number}\u{2}")).collect();
    let marks: Vec<&dyn std::fmt::Display> = marks.iter().map(|mark| mark as &dyn std::fmt::Display).collect();
    let filled = locale::fill(template, &marks);
    filled.split('\u{1}').skip(1).filter_map(|rest| rest.split('\u{2}').next()?.parse().ok()).collect()
}

#[test]
fn tables_speak_the_language_of_the_page() {
    Language::Chinese.speak(CHINESE);
    for control in CONTROLS.iter().filter(|control| !NAMES.contains(&control.label)) {
        assert!(control.label() != control.label && control.help() != control.help, "{}", control.key);
    }
    assert_eq!(tr("not in any catalogue"), "not in any catalogue");
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    let source = r#"let x = say!(
        "a “b” \"c\" \\^ n\u{a0}= {}, \
         and on", y); retry("no"); tr("word"); sentence!("n = {}", n); later(r"raw\")"#;
    let expected = ["a “b” \"c\" \\^ n\u{a0}= {}, and on", "n = {}", "raw\\", "word"];
    assert_eq!(said(source), expected.map(str::to_owned).into());
}
