//! The table of controls: one row a choice that a person can make.
//!
//! The form, the link, the command line, the documentation and the tests all walk this table. A new control is one row here
//! and one field in [`Config`].

use crate::choice::{Choice, Word};
use crate::config::Config;
use crate::limits;
use std::ops::RangeInclusive;

/// One choice that a person can make.
pub struct Control {
    /// Its key in the link: never changed once published.
    pub key: &'static str,
    /// Where the form shows it.
    pub group: Group,
    /// As the form names it.
    pub label: &'static str,
    /// One or two sentences: what it does.
    pub help: &'static str,
    /// What can be written.
    pub kind: Kind,
    /// Its value as text, the form in which links hold it.
    pub write: fn(&Config) -> String,
    /// Sets it from text of the right kind; [`Control::read`] checks first.
    set: fn(&mut Config, &str) -> Option<()>,
}

/// Where the form shows a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The sequences.
    Sequences,
    /// The transformer.
    Model,
    /// What is looked at.
    View,
}

/// What can be written into a control.
pub enum Kind {
    /// Any text, up to so many characters; a sequence pattern.
    Pattern {
        /// The most characters.
        max_chars: usize,
    },
    /// A whole number in a range.
    Integer {
        /// The range, ends included.
        range: RangeInclusive<usize>,
        /// What is added to the stored value when people see it: 1 for layers and heads, which are stored from 0.
        shown_plus: usize,
    },
    /// One of some words.
    Words(&'static [Word]),
}

impl Control {
    /// Sets this control from text.
    ///
    /// # Errors
    /// A sentence that says what can be written, if this text can't; the configuration is unchanged then.
    pub fn read(&self, config: &mut Config, text: &str) -> Result<(), String> {
        let fits = match &self.kind {
            Kind::Pattern { max_chars } => text.chars().count() <= *max_chars,
            Kind::Integer { range, .. } => text.parse::<usize>().is_ok_and(|number| range.contains(&number)),
            Kind::Words(words) => words.iter().any(|entry| entry.word == text),
        };
        let set = if fits { (self.set)(config, text) } else { None };
        set.ok_or_else(|| format!("“{}” takes {}, not “{}”", self.key, self.kind.describe(), shorten(text)))
    }
}

impl Kind {
    /// What can be written, in words: “a whole number from 1 to 16”.
    pub fn describe(&self) -> String {
        match self {
            Self::Pattern { max_chars } => format!("a text of at most {max_chars} characters"),
            Self::Integer { range, .. } => format!("a whole number from {} to {}", range.start(), range.end()),
            Self::Words(words) => {
                let words: Vec<_> = words.iter().map(|entry| entry.word).collect();
                format!("one of {}", words.join(", "))
            }
        }
    }
}

/// The control with this key.
pub fn find(key: &str) -> Option<&'static Control> {
    CONTROLS.iter().find(|control| control.key == key)
}

fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut start: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        start.push('…');
    }
    start
}

macro_rules! pattern {
    ($($field:ident).+) => {
        (
            Kind::Pattern { max_chars: limits::MAX_TEXT_CHARS },
            |config: &Config| config.$($field).+.clone(),
            |config: &mut Config, text: &str| { config.$($field).+ = text.into(); Some(()) },
        )
    };
}
macro_rules! integer {
    ($range:expr, $($field:ident).+) => { integer!($range, $($field).+, 0) };
    ($range:expr, $($field:ident).+, $plus:literal) => {
        (
            Kind::Integer { range: $range, shown_plus: $plus },
            |config: &Config| config.$($field).+.to_string(),
            |config: &mut Config, text: &str| { config.$($field).+ = text.parse().ok()?; Some(()) },
        )
    };
}
macro_rules! words {
    ($choice:ty, $($field:ident).+) => {
        (
            Kind::Words(<$choice as Choice>::WORDS),
            |config: &Config| config.$($field).+.word().into(),
            |config: &mut Config, text: &str| { config.$($field).+ = <$choice as Choice>::from_word(text)?; Some(()) },
        )
    };
}
macro_rules! controls {
    ($($key:literal $group:ident $label:literal $help:literal = $parts:expr;)*) => {
        /// Every control, in the order of forms and links.
        pub static CONTROLS: &[Control] = &[$({
            const PARTS: (Kind, fn(&Config) -> String, fn(&mut Config, &str) -> Option<()>) = $parts;
            Control { key: $key, group: Group::$group, label: $label, help: $help, kind: PARTS.0, write: PARTS.1, set: PARTS.2 }
        }),*];
    };
}

use crate::config::{DeviceChoice, Metric, Norm, Position, Start, Which};

controls! {
    "a" Sequences "Sequence A" "The first sequence. Plain text, or a pattern: 1^n is n ones, (10)^n a repeated group, [0-9]^n random digits, 1^n{,/3} has a comma after every third." = pattern!(input.a);
    "b" Sequences "Sequence B" "The second sequence, in the same notation. The distance between the two is what this page measures." = pattern!(input.b);
    "prefix" Sequences "In front of both" "Text that both sequences begin with, such as a question." = pattern!(input.prefix);
    "suffix" Sequences "Behind both" "Text that both sequences end with: the last of these tokens is the reader, whose representation is compared." = pattern!(input.suffix);
    "bos" Sequences "Begin with" "What stands in front of everything. Without a BOS token, 1ⁿ and 1ⁿ⁺¹ are the same to the model, unless positions are sinusoidal." = words!(Start, input.start);
    "n" Sequences "n" "The value of n in the patterns, for everything but the sweep." = integer!(limits::N, input.n);
    "max" Sequences "Sweep to" "The distance is measured at every n from 1 to here." = integer!(limits::N, input.max_n);
    "draw" Sequences "Random symbols" "The seed that random symbols such as [0-9]^n are drawn from." = integer!(limits::SEED, input.draw_seed);
    "layers" Model "Layers" "Number of blocks, each attention and then feed-forward." = integer!(limits::LAYERS, model.layers);
    "heads" Model "Heads" "Attention heads in each layer; they share the width evenly." = integer!(limits::HEADS, model.heads);
    "d" Model "Width" "Number of coordinates of each token's representation." = integer!(limits::WIDTH, model.width);
    "seed" Model "Seed" "The seed that the weights are drawn from: the same seed is the same model on every device." = integer!(limits::SEED, model.seed);
    "pos" Model "Positions" "How a token's place in the sequence enters the model." = words!(Position, model.position);
    "norm" Model "Norm" "The norm in front of attention, feed-forward and unembedding." = words!(Norm, model.norm);
    "metric" View "Distance" "How two representations are compared." = words!(Metric, view.metric);
    "layer" View "Layer" "The layer whose attention map is shown, counted from 0 in the link." = integer!(0..=*limits::LAYERS.end() - 1, view.layer, 1);
    "head" View "Head" "The head whose attention map is shown, counted from 0 in the link." = integer!(0..=*limits::HEADS.end() - 1, view.head, 1);
    "show" View "Show" "The sequence whose attention and sensitivity are shown." = words!(Which, view.sequence);
    "device" View "Computed by" "The engine that computes: automatic takes WebGPU once it has proved itself." = words!(DeviceChoice, view.device);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_is_whole_and_its_default_is_readable() {
        let mut keys = HashSet::new();
        for control in CONTROLS {
            assert!(keys.insert(control.key), "{} stands twice", control.key);
            assert!(control.key.chars().all(|c| c.is_ascii_lowercase()), "{}", control.key);
            assert!(control.help.ends_with('.') && !control.label.is_empty(), "{}", control.key);
            let mut config = Config::default();
            assert_eq!(control.read(&mut config, &(control.write)(&Config::default())), Ok(()));
            assert_eq!(config, Config::default(), "{}", control.key);
        }
        assert!(!keys.contains("v"), "v is the link's version");
    }

    #[test]
    fn what_cannot_be_written_is_refused_in_words_and_changes_nothing() {
        for (key, text) in
            [("layers", "0"), ("layers", "17"), ("layers", "-1"), ("n", "many"), ("pos", "Rotary"), ("seed", "4294967296"), ("d", "")]
        {
            let mut config = Config::default();
            let control = find(key).expect(key);
            let refusal = control.read(&mut config, text).expect_err(text);
            assert!(refusal.contains(key) && refusal.contains("takes"), "{refusal}");
            assert_eq!(config, Config::default());
        }
    }
}
