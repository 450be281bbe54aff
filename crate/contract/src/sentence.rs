//! A sentence that is said elsewhere than it is made: it travels as its template with the values that fill it, and is put into words where
//! somebody reads it, in the language that is spoken there. Engines and workers hold no catalogue, so all that they say is of this kind.

use crate::locale::{fill, in_english, tr};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A template and its values. Displayed, it is in the language of the thread that displays it (see [`crate::locale`]).
///
/// As a message it is both; in a report's JSON it is the English text, from which the values can't be had again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    template: Cow<'static, str>,
    values: Vec<Value>,
}

/// What fills a hole of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// The same in every language: a number, a name, what somebody typed.
    Text(String),
    /// A sentence, a clause or a word, which has a translation of its own.
    Sentence(Sentence),
}

impl Sentence {
    /// A template with a value for each of its holes: what [`sentence!`](crate::sentence!) makes, which holds the two against each other.
    pub fn new(template: &'static str, values: Vec<Value>) -> Self {
        Self { template: template.into(), values }
    }

    /// A text without holes that stands in a table, where it is marked for the catalogue ([`crate::locale::later`]).
    pub const fn constant(english: &'static str) -> Self {
        Self { template: Cow::Borrowed(english), values: Vec::new() }
    }

    /// A text that has no translation, or is in the language of who reads it already: what a browser or a library says.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self::new("{}", vec![Value::Text(text.into())])
    }
}

/// Makes a [`Sentence`] to be said elsewhere. The text is a template as in [`say!`](crate::say!); values are numbers, texts and other sentences.
#[macro_export]
macro_rules! sentence {
    ($template:literal $(, $value:expr)* $(,)?) => {{
        const { assert!($crate::locale::holes($template) == <[&str]>::len(&[$(stringify!($value)),*]), "as many holes as values") }
        $crate::Sentence::new($template, ::std::vec![$($crate::sentence::Value::from($value)),*])
    }};
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<&dyn fmt::Display> = self.values.iter().map(|value| value as &dyn fmt::Display).collect();
        f.write_str(&fill(tr(&self.template), &values))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Sentence(sentence) => sentence.fmt(f),
        }
    }
}

impl From<Sentence> for Value {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(sentence)
    }
}

macro_rules! texts {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                Self::Text(value.to_string())
            }
        })+
    };
}

texts!(&str, String, &String, char, u16, u32, u64, usize, i64, f64);

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            in_english(|| self.to_string()).serialize(serializer)
        } else {
            (&self.template, &self.values).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Sentence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return String::deserialize(deserializer).map(Self::verbatim);
        }
        let (template, values) = <(String, Vec<Value>)>::deserialize(deserializer)?;
        Ok(Self { template: template.into(), values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::speak;
    use crate::message::{from_bytes, to_bytes};

    const CATALOGUE: &str = "it has {} bytes\t它有 {} 字节\n\
        layers shown: {} of {}\t共 {1} 层，显示 {0} 层\n\
        “{}” can't be used: {}.\t“{}”无法使用：{}。\n";

    #[test]
    fn a_sentence_is_said_in_the_language_of_who_reads_it_to_its_last_clause() -> Result<(), Sentence> {
        let why = sentence!("it has {} bytes", 7_usize);
        let sent = sentence!("“{}” can't be used: {}.", "layers shown: 1 of 2", why);
        let arrived: Sentence = from_bytes(&to_bytes(&sent))?;
        assert_eq!(arrived, sent);
        assert_eq!(arrived.to_string(), "“layers shown: 1 of 2” can't be used: it has 7 bytes.");
        speak("zh", CATALOGUE);
        assert_eq!(arrived.to_string(), "“layers shown: 1 of 2”无法使用：它有 7 字节。", "a value that is a text stays as it is");
        assert_eq!(sentence!("layers shown: {} of {}", 2_u64, 4_u64).to_string(), "共 4 层，显示 2 层");
        assert_eq!(Sentence::verbatim("it has {} bytes").to_string(), "it has {} bytes");
        Ok(())
    }

    #[test]
    fn a_report_is_in_english_whatever_the_page_speaks() -> Result<(), serde_json::Error> {
        speak("zh", CATALOGUE);
        let sentence = sentence!("it has {} bytes", 7_usize);
        assert_eq!(serde_json::to_string(&sentence)?, "\"it has 7 bytes\"");
        let read: Sentence = serde_json::from_str("\"{} of it\"")?;
        assert_eq!(read.to_string(), "{} of it");
        Ok(())
    }
}
