//! The language of the page: its catalogue is fetched before anything is said.

use crate::browser::built;
use glasses_contract::config::Language;
use glasses_contract::{Sentence, Warning};

/// Settles the language of the page, before anything is said. English is in the program; another catalogue is a file of the site, for
/// those who read it only. Without it the page is in English, and says so.
pub async fn speak(language: Language) -> Option<Warning> {
    let fetched = match language {
        Language::English => Ok(String::new()),
        Language::Chinese => built::text(format!("./{}.tsv", built::name("texts-zh"))).await,
    };
    let (catalogue, why) = fetched.map_or_else(|why| (String::new(), Some(why)), |catalogue| (catalogue, None));
    // It is needed for as long as the page is there.
    language.speak(catalogue.leak());
    // Said in both, for there is no catalogue that would translate it.
    let note =
        |why| format!("中文文本无法加载，请重新加载页面。 The Chinese texts could not be loaded: {why} Load the page again to have them.");
    why.map(|why| Warning::about("lang", Sentence::verbatim(note(why))))
}
