//! The languages in which the page exists.

use crate::choice::{Choice, choice};
use crate::locale;

choice! {
    /// A language in which the page exists.
    Language {
        English = "en", "English", "The page in English.";
        Chinese = "zh", "中文", "The page in simplified Chinese.";
    }
}

impl Language {
    /// The language that this thread speaks.
    pub fn spoken() -> Self {
        Self::from_word(locale::code()).unwrap_or_default()
    }

    /// Settles the language, before anything is said in this thread: see [`locale::speak`].
    pub fn speak(self, catalogue: &'static str) {
        locale::speak(self.word(), catalogue);
    }
}
