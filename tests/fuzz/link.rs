//! The link: any text behind `#` opens a state, and the state that it opens has one link, which survives what programs do to links.

use crate::knock;
use glasses_contract::config::Config;
use glasses_contract::controls::CONTROLS;
use glasses_contract::open::{decode, encode};
use glasses_contract::quote::is_format;
use glasses_contract::report::SEES;
use proptest::collection::vec;
use proptest::prelude::*;

/// Keys that exist and some that do not, values that are nearly right, and bytes that are nothing.
fn links() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        4 => proptest::sample::select(CONTROLS.iter().map(|control| control.key).collect::<Vec<_>>()).prop_map(String::from),
        1 => Just(SEES.to_string()),
        1 => "[a-z]{0,3}",
        1 => "(amp;|#38;|%20|\u{200b})[A-Za-z]{1,3}",
    ];
    let value = prop_oneof![
        "-?[0-9]{1,12}",
        "[0-9.,eE+'_ ０-９−－，．-]{0,8}",
        "[a-z]{0,9}",
        "(%[0-9A-Fa-f]{2}){0,6}",
        "(%25[0-9A-F]{2}|[a-z+.)]){0,6}",
        "[a-z0-9^()\\[\\]{},/%+. #?|<>*_~:]{0,12}",
        "\\PC{0,12}",
        ".{0,6}"
    ];
    let pairs = vec((key, value), 0..8).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!("#v=1&{}", pairs.join("&"))
    });
    prop_oneof![4 => pairs, 1 => ".{0,80}"]
}

/// What programs do to a link, of which it opens the same state wherever it ends in a word.
fn mangles() -> impl Strategy<Value = fn(&str) -> String> {
    let all: Vec<fn(&str) -> String> = vec![
        |link| link.replace('&', "&amp;"),
        |link| link.replace('&', "&#38;"),
        |link| format!("{link})."),
        |link| format!("<https://example.org/#{link}>"),
        |link| format!("<https://example.org/#{link}|here>"),
        |link| format!("[here](https://example.org/#{link})"),
        |link| format!("“{link}”"),
        |link| format!("\u{feff}#{link}\u{200b}"),
        |link| format!("https%3A%2F%2Fexample.org%2F%23{}", link.replace('%', "%25").replace('=', "%3D").replace('&', "%26")),
        |link| format!("#{link}#v=1&n=9"),
        |link| format!("%23{link}"),
        |link| link.replace('&', "&\r\n"),
        |link| format!("#/{link}&utm_source=x"),
        |link| link.replace('=', "=3D"),
        |link| format!("{link}。"),
    ];
    proptest::sample::select(all)
}

#[test]
fn what_any_text_opens_has_one_link_and_a_mangled_link_opens_the_same() {
    knock(4_000, (links(), mangles()), |(text, mangle)| {
        let (config, notes) = decode(&text);
        for note in &notes {
            let said = note.to_string();
            let is_seen = !said.contains(|character: char| character.is_control() || is_format(character));
            prop_assert!(is_seen && said.chars().count() < 1000, "{:?}", note);
        }
        let link = encode(&config);
        prop_assert_eq!(&encode(&decode(&link).0), &link);
        prop_assert_eq!(decode(&link), (config.clone(), vec![]));
        // A link that ends in a word: behind a text, what a program put there can't be told from it.
        let link = format!("{link}&device=auto");
        let (config, notes) = decode(&link);
        if notes.is_empty() && config != Config::default() {
            let mangled = mangle(&link);
            prop_assert_eq!(decode(&mangled).0, config, "{} as {}", link, mangled);
        }
        Ok(())
    });
}
