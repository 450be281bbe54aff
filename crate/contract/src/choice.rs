//! A choice: an enum whose members have a word for links, a label for people, and a sentence that explains them.

use crate::locale::tr;

/// What a closed set of alternatives offers to forms, links and documents.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every member, in the order in which a form lists them.
    const ALL: &'static [Self];
    /// The words of all members, in the order of [`Choice::ALL`].
    const WORDS: &'static [Word];

    /// The word of this member, as it stands in a link.
    fn word(self) -> &'static str {
        self.entry().word
    }

    /// The member as people read it.
    fn label(self) -> &'static str {
        self.entry().label()
    }

    /// Word, label and help of this member.
    fn entry(self) -> &'static Word {
        let index = Self::ALL.iter().position(|&member| member == self).unwrap_or(0);
        &Self::WORDS[index]
    }

    /// The member whose word this is.
    fn from_word(word: &str) -> Option<Self> {
        let index = Self::WORDS.iter().position(|entry| entry.word == word)?;
        Some(Self::ALL[index])
    }
}

/// One alternative of a choice.
#[derive(Debug, PartialEq)]
pub struct Word {
    /// As it stands in a link: lower case, never changed once published.
    pub word: &'static str,
    /// As a form shows it, in English.
    pub label: &'static str,
    /// One sentence: what it does, in English.
    pub help: &'static str,
}

impl Word {
    /// As a form shows it.
    pub fn label(&self) -> &'static str {
        tr(self.label)
    }

    /// One sentence: what it does.
    pub fn help(&self) -> &'static str {
        tr(self.help)
    }
}

/// Declares an enum together with its [`Choice`]: one row a member, so the two cannot drift apart. The first member is the default.
macro_rules! choice {
    (
        $(#[$outer:meta])*
        $name:ident {
            $first:ident = $first_word:literal, $first_label:literal, $first_help:literal;
            $($member:ident = $word:literal, $label:literal, $help:literal;)*
        }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            #[default]
            #[doc = $first_label]
            #[doc = ""]
            #[doc = $first_help]
            #[serde(rename = $first_word)]
            $first,
            $(#[doc = $label] #[doc = ""] #[doc = $help] #[serde(rename = $word)] $member,)*
        }

        impl $crate::choice::Choice for $name {
            const ALL: &'static [Self] = &[Self::$first, $(Self::$member),*];
            const WORDS: &'static [$crate::choice::Word] = &[
                $crate::choice::Word { word: $first_word, label: $first_label, help: $first_help },
                $($crate::choice::Word { word: $word, label: $label, help: $help }),*
            ];
        }
    };
}

pub(crate) use choice;
