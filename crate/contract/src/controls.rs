//! The table of controls: one row a choice that a person can make.
//!
//! The form, the link, the command line, the documentation and the tests all walk this table. A new control is one row here
//! and one field in [`Config`].

mod read;

use crate::choice::{Choice, Word};
use crate::limits;
use crate::locale::tr;
use crate::members::Members;
use crate::number;
use crate::sentence;
use crate::sentence::Sentence;
use crate::task::{QuestionPosition, Task};
use std::ops::RangeInclusive;

/// One choice that a person can make.
pub struct Control {
    /// Its key in the link: never changed once published.
    pub key: &'static str,
    /// Where the form shows it.
    pub group: Group,
    /// As the form names it, in English.
    pub label: &'static str,
    /// One or two sentences: what it does, in English.
    pub help: &'static str,
    /// What can be written.
    pub kind: Kind,
    /// Whether it makes a difference in this configuration: a parameter of a choice that was not made does not.
    pub matters: fn(&Config) -> bool,
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
    /// The parts of its attention formula.
    Attention,
    /// The float formats that it stores values in.
    Formats,
    /// How it is trained.
    Training,
    /// What is looked at.
    View,
    /// What stands around the question.
    Frame,
}

/// What can be written into a control.
pub enum Kind {
    /// Any text, up to so many characters.
    Text {
        /// The most characters.
        max_chars: usize,
    },
    /// Any text, up to so many characters as a link writes it: one that is long enough for that to matter.
    Long {
        /// The most characters in a link.
        max_written: usize,
    },
    /// A whole number in a range.
    Integer {
        /// The range, ends included.
        range: RangeInclusive<usize>,
        /// What is added to the stored value when people see it: 1 for layers and heads, which are stored from 0.
        shown_plus: usize,
    },
    /// Some links, with “|” between them.
    Links {
        /// The most links.
        most: usize,
        /// The most characters that they take in a link.
        max_written: usize,
    },
    /// What tells one file from another, or nothing: the first eight hexadecimal digits of its SHA-256.
    Hash,
    /// A number in a range.
    Number {
        /// The range, ends included.
        range: RangeInclusive<f64>,
    },
    /// One of some words.
    Words(&'static [Word]),
    /// Any number of some words, but the first, with commas between them.
    Members(&'static [Word]),
}

impl Control {
    /// As the form names it.
    pub fn label(&self) -> &'static str {
        tr(self.label)
    }

    /// One or two sentences: what it does.
    pub fn help(&self) -> &'static str {
        tr(self.help)
    }

    /// Gives one configuration the value that it has in another.
    pub fn copy(&self, from: &Config, to: &mut Config) {
        let is_set = (self.set)(to, &(self.write)(from));
        debug_assert!(is_set.is_some(), "{} reads what it writes", self.key);
    }
}

impl Kind {
    /// What can be written, in words: “a whole number from 1 to 16”.
    pub fn describe(&self) -> Sentence {
        match self {
            Self::Text { max_chars } => sentence!("a text of at most {} characters", *max_chars),
            Self::Long { max_written } => sentence!("a text that takes at most {} characters in a link", *max_written),
            Self::Links { most, .. } => sentence!("at most {} links that begin with v=1, with “|” between them", *most),
            Self::Hash => sentence!("eight hexadecimal digits, or nothing"),
            Self::Integer { range, .. } => sentence!("a whole number from {} to {}", *range.start(), *range.end()),
            Self::Number { range } => sentence!("a number from {} to {}", *range.start(), *range.end()),
            Self::Members(words) => {
                let words: Vec<_> = words.iter().skip(1).map(|entry| entry.word).collect();
                sentence!("any of {}, with commas between them", words.join(", "))
            }
            Self::Words(words) => {
                let words: Vec<_> = words.iter().map(|entry| entry.word).collect();
                sentence!("one of {}", words.join(", "))
            }
        }
    }
}

/// The control with this key.
pub fn find(key: &str) -> Option<&'static Control> {
    CONTROLS.iter().find(|control| control.key == key)
}

macro_rules! pattern {
    ($($field:ident).+) => {
        (
            Kind::Text { max_chars: limits::MAX_TEXT_CHARS },
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
macro_rules! number {
    ($range:expr, $($field:ident).+) => {
        (
            Kind::Number { range: $range },
            |config: &Config| number::write(config.$($field).+),
            |config: &mut Config, text: &str| { config.$($field).+ = text.parse().ok()?; Some(()) },
        )
    };
}
macro_rules! members {
    ($choice:ty, $($field:ident).+) => {
        (
            Kind::Members(<$choice as Choice>::WORDS),
            |config: &Config| config.$($field).+.write(),
            |config: &mut Config, text: &str| { config.$($field).+ = Members::read(text)?; Some(()) },
        )
    };
}
/// Whether the weights leave the shape and the parts of the model to the reader.
fn is_free(config: &Config) -> bool {
    !config.model.weights.is_shipped() && config.model.file.is_none()
}

/// A row: key, group, label, help and what is written; behind `if`, where it makes a difference.
macro_rules! controls {
    ($($key:literal $group:ident $label:literal $help:literal = $parts:expr $(, if $matters:expr)?;)*) => {
        /// Every control, in the order of forms and links.
        pub static CONTROLS: &[Control] = &[$({
            const PARTS: (Kind, fn(&Config) -> String, fn(&mut Config, &str) -> Option<()>) = $parts;
            const MATTERS: &[fn(&Config) -> bool] = &[$($matters,)? |_: &Config| true];
            Control { key: $key, group: Group::$group, label: $label, help: $help, kind: PARTS.0, matters: MATTERS[0], write: PARTS.1, set: PARTS.2 }
        }),*];
    };
}

use crate::config::*;

controls! {
    "a" Sequences "Sequence A" "The first sequence. Plain text, or a pattern: 1^n is n ones, (10)^n a repeated group, [0-9]^n random digits, 1^n{,/3} has a comma after every third." = pattern!(input.a);
    "b" Sequences "Sequence B" "The second sequence, in the same notation. The distance between the two is what this page measures." = pattern!(input.b);
    "prefix" Sequences "Prefix" "Text that both sequences start with, such as a question." = pattern!(input.prefix), if |config| config.input.task == Task::None;
    "suffix" Sequences "Suffix" "Text that both sequences end with. Its last token is then the one whose representation (its vector) is compared." = pattern!(input.suffix), if |config| config.input.task == Task::None;
    "bos" Sequences "Begin with" "What comes before everything else. Without a BOS (beginning-of-sequence) token, 1ⁿ and 1ⁿ⁺¹ are the same to the model, unless positions are added to the embedding." = words!(Start, input.start), if |config| config.input.chat == Chat::Raw || config.model.file.is_none();
    "chat" Sequences "Read" "Whether a language model reads the texts as they are, or as a message to it, in the chat template of its file. The template then says what the text begins with." = words!(Chat, input.chat), if |config| config.model.file.is_some();
    "n" Sequences "n" "The value of n in the patterns, for everything but the sweep." = integer!(limits::N, input.n);
    "max" Sequences "Sweep to" "The distance is measured at every n from 1 to here." = integer!(limits::N, input.max_n);
    "k" Sequences "k" "The value of k in the patterns: 1^n{,/k} puts a comma after every k-th one." = integer!(limits::K, input.k);
    "draw" Sequences "Random symbols" "The seed that random symbols such as [0-9]^n are drawn from." = integer!(limits::SEED, input.draw_seed);
    "task" Sequences "Question" "What the model is asked about the sequence. It replaces the prefix and the suffix." = words!(Task, input.task);
    "asked" Sequences "Asked" "Whether the question comes before or after the sequence." = words!(QuestionPosition, input.asked), if |config| config.input.task != Task::None;
    "weights" Model "Weights" "Where the weights come from: drawn from a seed, or trained on counting and copying. A trained model brings its own shape." = words!(WeightsSource, model.weights);
    "model" Model "Language model" "A language model in place of a tiny one: the first eight hexadecimal digits of its file's SHA-256. The file itself is given to the command line." = (
        Kind::Hash,
        |config: &Config| config.model.file.map(|file| file.to_string()).unwrap_or_default(),
        |config: &mut Config, text: &str| {
            config.model.file = if text.is_empty() { None } else { Some(FileHash::read(text)?) };
            Some(())
        },
    ), if |config| config.model.file.is_some();
    "layers" Model "Layers" "Number of blocks; each is attention followed by a feed-forward layer." = integer!(limits::LAYERS, model.layers), if is_free;
    "heads" Model "Heads" "Attention heads in each layer. They split the width evenly." = integer!(limits::HEADS, model.heads), if is_free;
    "d" Model "Width" "Number of coordinates in each token's representation." = integer!(limits::WIDTH, model.width), if is_free;
    "seed" Model "Seed" "The seed that the weights are drawn from: the same seed is the same model on every device." = integer!(limits::SEED, model.seed), if is_free;
    "pos" Model "Positions" "How the model learns where in the sequence a token is." = words!(Position, model.position), if is_free;
    "norm" Model "Norm" "The norm in front of attention, feed-forward and unembedding." = words!(Norm, model.norm), if is_free;
    "p" Model "Rotary share p" "The share of a head's pairs of coordinates that p-RoPE turns, the fastest ones first." = number!(0.0..=1.0, model.rotary_share), if |config| config.model.position == Position::PRope;
    "residual" Model "Skip connections" "Whether the outputs of attention and feed-forward are added to their input." = words!(Residual, model.block.residual), if is_free;
    "mlp" Model "Feed-forward" "Whether blocks include a feed-forward layer." = words!(FeedForward, model.block.feed_forward), if is_free;
    "mask" Attention "Mask" "Which keys a query sees." = words!(Mask, model.attention.mask);
    "reach" Attention "Reach" "How far back a query sees, in all layers or in every other one." = words!(Reach, model.attention.reach);
    "window" Attention "Window w" "A windowed layer sees keys with |i − j| < w." = integer!(limits::N, model.attention.window), if |config| config.model.attention.reach != Reach::Global;
    "scale" Attention "Temperature" "What scores are multiplied by before they become weights." = words!(Scale, model.attention.scale);
    "c" Attention "c" "Scalable softmax: the scores of m visible keys are multiplied by c · ln m." = number!(0.0..=10.0, model.attention.log_factor), if |config| config.model.attention.scale == Scale::Log;
    "delta" Attention "δ" "Adaptive-scalable: scores are multiplied by δ + β (ln m)^γ." = number!(0.0..=10.0, model.attention.power_offset), if |config| config.model.attention.scale == Scale::Power;
    "beta" Attention "β" "Adaptive-scalable: scores are multiplied by δ + β (ln m)^γ." = number!(0.0..=10.0, model.attention.power_factor), if |config| config.model.attention.scale == Scale::Power;
    "gamma" Attention "γ" "Adaptive-scalable: scores are multiplied by δ + β (ln m)^γ." = number!(0.0..=4.0, model.attention.power_exponent), if |config| config.model.attention.scale == Scale::Power;
    "weigh" Attention "Weights" "How scores become attention weights." = words!(Weigh, model.attention.weigh);
    "alpha" Attention "α" "The α of entmax: towards 1 it becomes softmax, 2 is sparsemax." = number!(1.05..=2.0, model.attention.entmax_alpha), if |config| config.model.attention.weigh == Weigh::Entmax;
    "clip" Attention "a" "Clipped softmax: with m visible keys, weights are stretched by a/m below zero and cut off there." = number!(0.0..=16.0, model.attention.clip), if |config| config.model.attention.weigh == Weigh::Clipped;
    "sink" Attention "Sink" "An extra position that absorbs attention and contributes no value." = words!(Sink, model.attention.sink), if is_free;
    "sinkat" Attention "Sink logit b" "The score of the sink, the same in all heads; 0 is softmax off by one." = number!(-10.0..=10.0, model.attention.sink_logit), if |config| config.model.attention.sink == Sink::Logit;
    "mix" Attention "Output" "What a head does with its weighted values." = words!(Mix, model.attention.mix), if is_free;
    "cap" Attention "Cap" "How large scores can get." = words!(Cap, model.attention.cap);
    "capat" Attention "cap" "Soft cap: scores become cap · tanh(s / cap)." = number!(0.1..=1000.0, model.attention.cap_at), if |config| config.model.attention.cap == Cap::Soft;
    "fw" Formats "Weights in" "The format that the model's weights are rounded to." = words!(Format, model.formats.weights);
    "fa" Formats "Activations in" "The format that everything stored between operations is rounded to, except scores and attention weights." = words!(Format, model.formats.activations);
    "fp" Formats "Attention weights in" "The format that attention weights are rounded to." = words!(Format, model.formats.attention);
    "bits" Formats "Mantissa bits" "Mantissa bits of “n bits”, without the leading one; the exponents are those of fp32." = integer!(limits::BITS, model.formats.bits), if |config| config.model.formats.any(Format::Custom) || config.view.cell == Format::Custom;
    "tasks" Training "Tasks" "The tasks the model is trained on, in equal shares." = members!(Task, training.tasks);
    "question" Training "Question" "Whether the question comes before or after the sequence in training." = words!(QuestionPosition, training.asked);
    "length" Training "Length" "The longest sequence it is trained on, in tokens." = integer!(limits::TRAINED_TOKENS, training.tokens);
    "commas" Training "Separator every k" "A separator comes after every k elements; 0 means none." = integer!(limits::TRAINED_SEPARATORS, training.separators);
    "steps" Training "Steps" "Steps of the optimiser (AdamW: Loshchilov and Hutter 2019)." = integer!(limits::STEPS, training.steps);
    "batch" Training "Batch size" "Number of examples in each training step." = integer!(limits::EXAMPLES, training.examples);
    "rate" Training "Learning rate" "The peak learning rate: it warms up over the first steps, then follows a cosine down to a hundredth of the peak." = number!(0.0..=1.0, training.rate);
    "metric" View "Distance" "How two representations are compared." = words!(Metric, view.metric);
    "layer" View "Layer" "The layer whose attention map is shown, counted from 0 in the link." = integer!(limits::SHOWN, view.layer, 1);
    "head" View "Head" "The head whose attention map is shown, counted from 0 in the link." = integer!(limits::SHOWN, view.head, 1);
    "show" View "Show" "The sequence whose attention and sensitivity are shown." = words!(Which, view.sequence);
    "units" View "Scale" "Whether the profiles over tokens are drawn as they are or each divided by its greatest value." = words!(Units, view.units);
    "tool" View "Instrument" "What is computed below the main figures." = words!(Tool, view.tool);
    "cures" View "Compare" "The cures to compare with the plain model, on the same sequences and seed." = members!(Cure, view.cures);
    "depth" View "Depth" "How many layers the theory of Proposition 5.2 is followed for." = integer!(limits::DEPTH, view.depth);
    "paper" View "Published picture" "The figure of the paper to show ours next to." = words!(Published, view.paper);
    "beside" View "Compare with" "The trained model whose answers are shown for comparison." = (
        Kind::Words(&BESIDE),
        |config: &Config| config.view.beside.word().into(),
        |config: &mut Config, text: &str| { config.view.beside = WeightsSource::from_word(text)?; Some(()) },
    );
    "seeds" View "Seeds" "How many models of the same shape are drawn, from this seed on: the band spans the distances of their outputs. 1 draws no band." = integer!(limits::SEEDS, view.seeds), if |config| config.model.is_drawn();
    "pin" View "Pinned curves" "Sequences and models whose distances are drawn beside those of this one, each as the link that opens it." = (
        Kind::Links { most: Pinned::MOST, max_written: limits::MAX_PINNED_CHARS },
        |config: &Config| config.view.pinned.write(),
        |config: &mut Config, text: &str| { config.view.pinned = Pinned::read(text)?; Some(()) },
    );
    "cell" View "Stored in" "The float format that the two outputs are looked at in: its cell, drawn around them, is what it stores as one vector." = words!(Format, view.cell);
    "at" Frame "Place" "Where the reader is: on the bench, in a chapter of the story, or elsewhere. A chapter brings its own sequences and model." = words!(Place, frame.at);
    "hide" Frame "Leave out" "Parts of the page to hide, such as the controls when presenting to a class." = members!(Part, frame.hide);
    "embed" Frame "Show only" "The only part to show when embedded in another page." = words!(Part, frame.embed);
    "present" Frame "Present" "Large type and no controls, for a classroom; use the arrow keys to move on." = words!(Presenting, frame.present);
    "theme" Frame "Theme" "Light or dark." = words!(Scheme, frame.theme);
    "lang" Frame "Language" "The language of the page." = words!(Language, frame.language);
    "lesson" Frame "Lesson" "A title and some steps: a few lines of text and a link each." = (
        Kind::Long { max_written: limits::MAX_LESSON_CHARS },
        |config: &Config| config.frame.lesson.clone(),
        |config: &mut Config, text: &str| { config.frame.lesson = text.into(); Some(()) },
    );
    "step" Frame "Step" "The step of the lesson; 0 means none." = integer!(limits::STEP, frame.step);
    "device" View "Computed by" "The engine that computes. Automatic uses WebGPU once it has passed its tests." = words!(DeviceChoice, view.device);
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
}
