//! The language of the page: its catalogue is fetched before anything is said, its chapters come with the program.

use crate::browser::built;
use glasses_contract::config::Language;
use glasses_contract::{Choice, Sentence, Warning};

// `TEXTS`: the name of each file in a folder of www/locale, and what it says.
include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// Settles the language of the page, before anything is said. English is in the program; another catalogue is a file of the site, for
/// those who read it only. Without it the page is in English, and says so.
pub async fn speak(language: Language) -> Option<Warning> {
    let fetched = match language {
        Language::English => Ok(String::new()),
        other => built::text(format!("./{}.tsv", built::name(&format!("texts-{}", other.word())))).await,
    };
    let (catalogue, why) = fetched.map_or_else(|why| (String::new(), Some(why)), |catalogue| (catalogue, None));
    // It is needed for as long as the page is there.
    language.speak(catalogue.leak());
    // Said in both, for there is no catalogue that would translate it.
    let note = |why| {
        let (own, name) = (text_in(language, "missing.txt").trim_end(), language.entry().label);
        format!("{own} The texts in {name} could not be loaded: {why} Load the page again to have them.")
    };
    why.map(|why| Warning::about("lang", Sentence::verbatim(note(why))))
}

/// A file in the folder of the page's language, by its name; empty where there is none.
pub fn text(name: &str) -> &'static str {
    text_in(Language::spoken(), name)
}

fn text_in(language: Language, name: &str) -> &'static str {
    let name = format!("{}/{name}", language.word());
    TEXTS.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}
