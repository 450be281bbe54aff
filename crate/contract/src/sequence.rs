//! From what was typed to the two token sequences that the model reads.

use crate::alphabet::{self, BOS, Token};
use crate::config::{Chat, Input, Start, Which};
use crate::limits::MAX_TOKENS;
use crate::pattern::Pattern;
use crate::say;
use crate::sentence;
use crate::sentence::Sentence;
use crate::task::Task;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::RangeInclusive;

/// The parsed input: both sequences at every n.
///
/// A sequence is `[BOS] prefix a suffix`, with the patterns taken at n. Where a question is put (see [`crate::task`]) it stands in place of
/// prefix and suffix.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    start: Start,
    chat: Chat,
    draw_seed: u32,
    prefix: Pattern,
    a: Pattern,
    b: Pattern,
    suffix: Pattern,
}

/// Why there is no sequence to read, and in which field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputError {
    /// The key of the control with the mistake.
    pub key: String,
    /// The character in that control's text, from 0, where one can be named.
    pub at: Option<usize>,
    /// What is wrong and what to do, as one sentence.
    pub sentence: Sentence,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => f.write_str(&say!("“{}”, character {}: {}", self.key, at + 1, self.sentence)),
            None => f.write_str(&say!("“{}”: {}", self.key, self.sentence)),
        }
    }
}

impl std::error::Error for InputError {}

const MOST: u64 = MAX_TOKENS as u64;

/// A set in the prefix must not draw like one in A; A and B draw alike, so that pairs of random sequences differ only where their texts do.
const STREAMS: [(&str, u64); 4] = [("a", 0), ("b", 0), ("prefix", 1 << 32), ("suffix", 2 << 32)];

/// The input with each of its four texts read for itself, so that a mistake in one hides nothing of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    start: Start,
    chat: Chat,
    draw_seed: u32,
    prefix: Result<Pattern, InputError>,
    a: Result<Pattern, InputError>,
    b: Result<Pattern, InputError>,
    suffix: Result<Pattern, InputError>,
}

impl Parsed {
    /// Reads all four texts.
    pub fn new(input: &Input) -> Self {
        let [a, b, prefix, suffix] = STREAMS;
        let (before, behind) = match input.task {
            Task::None => (input.prefix.clone(), input.suffix.clone()),
            task => task.around(input.asked),
        };
        Self {
            start: input.start,
            chat: input.chat,
            draw_seed: input.draw_seed,
            prefix: parse(prefix, &before, input),
            a: parse(a, &input.a, input),
            b: parse(b, &input.b, input),
            suffix: parse(suffix, &behind, input),
        }
    }

    /// Both sequences.
    ///
    /// # Errors
    /// The first mistake.
    pub fn both(&self) -> Result<Sequences, InputError> {
        self.sequences(&self.a, &self.b)
    }

    /// One sequence in the place of both, whatever the other text holds.
    ///
    /// # Errors
    /// The first mistake.
    pub fn alone(&self, which: Which) -> Result<Sequences, InputError> {
        match which {
            Which::A => self.sequences(&self.a, &self.a),
            Which::B => self.sequences(&self.b, &self.b),
        }
    }

    fn sequences(&self, a: &Result<Pattern, InputError>, b: &Result<Pattern, InputError>) -> Result<Sequences, InputError> {
        Ok(Sequences {
            start: self.start,
            chat: self.chat,
            draw_seed: self.draw_seed,
            prefix: self.prefix.clone()?,
            a: a.clone()?,
            b: b.clone()?,
            suffix: self.suffix.clone()?,
        })
    }
}

/// The value of n at which two texts are read; none where neither depends on it.
pub fn n_of(input: &Input) -> Option<usize> {
    Sequences::parse(input).is_ok_and(|read| read.depend_on_n()).then_some(input.n)
}

impl Sequences {
    /// Parses all four texts.
    ///
    /// # Errors
    /// The first mistake.
    pub fn parse(input: &Input) -> Result<Self, InputError> {
        Parsed::new(input).both()
    }

    /// Whether a beginning-of-sequence token comes first.
    pub fn start(&self) -> Start {
        self.start
    }

    /// How a language model reads the texts.
    pub fn chat(&self) -> Chat {
        self.chat
    }

    /// Whether either sequence changes with n, so that there is something to sweep.
    pub fn depend_on_n(&self) -> bool {
        self.patterns().any(Pattern::depends_on_n)
    }

    /// Whether either sequence changes with k, so that periods can be compared.
    pub fn depend_on_k(&self) -> bool {
        self.patterns().any(Pattern::depends_on_k)
    }

    /// Whether both sequences are one text at this n.
    pub fn is_one_text_at(&self, n: usize) -> bool {
        self.a == self.b || self.text(Which::A, n) == self.text(Which::B, n)
    }

    /// Whether they are at every n up to this one.
    pub fn is_one_text_up_to(&self, max_n: usize) -> bool {
        self.a == self.b || (1..=max_n).all(|n| self.is_one_text_at(n))
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        [&self.prefix, &self.a, &self.b, &self.suffix].into_iter()
    }

    /// Number of tokens of a sequence at n; saturates.
    pub fn len(&self, which: Which, n: usize) -> u64 {
        let parts = self.parts(which).into_iter().map(|part| part.len(n));
        parts.fold(u64::from(self.start == Start::Bos), u64::saturating_add)
    }

    /// The tokens of a sequence at n.
    ///
    /// # Errors
    /// If there are none, or more than [`MAX_TOKENS`].
    pub fn tokens(&self, which: Which, n: usize) -> Result<Vec<Token>, InputError> {
        self.in_parts(which, n).map(|parts| parts.concat())
    }

    /// The same in three parts: what stands in front, with the BOS token; the sequence itself; what stands behind.
    ///
    /// # Errors
    /// As [`Sequences::tokens`].
    pub fn in_parts(&self, which: Which, n: usize) -> Result<[Vec<Token>; 3], InputError> {
        self.check_length(which, n, self.len(which, n))?;
        let mut parts = self.parts(which).map(|part| part.tokens(n, self.draw_seed));
        if self.start == Start::Bos {
            parts[0].insert(0, BOS);
        }
        Ok(parts)
    }

    /// Whether a sequence of so many tokens can be read.
    ///
    /// # Errors
    /// If there are none, or more than [`MAX_TOKENS`].
    pub fn check_length(&self, which: Which, n: usize, tokens: u64) -> Result<(), InputError> {
        let key = match which {
            Which::A => "a",
            Which::B => "b",
        };
        let sentence = match tokens {
            0 => sentence!("the sequence is empty: type at least one symbol"),
            1..=MOST => return Ok(()),
            _ if self.parts(which).iter().any(|part| part.depends_on_n()) => {
                sentence!("at n = {} the sequence has {} tokens; the model reads {} at the most", n, tokens, MAX_TOKENS)
            }
            _ => sentence!("the sequence has {} tokens; the model reads {} at the most", tokens, MAX_TOKENS),
        };
        Err(InputError { key: key.into(), at: None, sentence })
    }

    /// A sequence at n as text, with what stands around it.
    ///
    /// # Errors
    /// If it is empty, or has more than [`MAX_TOKENS`] characters.
    pub fn whole_text(&self, which: Which, n: usize) -> Result<String, InputError> {
        self.check_length(which, n, self.len(which, n))?;
        Ok(self.parts(which).into_iter().flat_map(|part| part.text(n, self.draw_seed)).collect())
    }

    /// One of the two sequences at n as text, without what stands around it.
    pub fn text(&self, which: Which, n: usize) -> String {
        let [_, middle, _] = self.parts(which);
        middle.text(n, self.draw_seed).into_iter().collect()
    }

    /// The values of n from 1 to `max_n` at which both sequences can be read: neither empty nor too long.
    ///
    /// Lengths grow with n, so these are one range; it is empty where nothing can be read.
    pub fn sweepable(&self, max_n: usize) -> RangeInclusive<usize> {
        let readable = |n: &usize| [Which::A, Which::B].into_iter().all(|which| (1..=MAX_TOKENS as u64).contains(&self.len(which, *n)));
        let first = (1..=max_n).find(readable).unwrap_or(max_n + 1);
        let last = (first..=max_n).take_while(readable).last().unwrap_or(0);
        first..=last
    }

    fn parts(&self, which: Which) -> [&Pattern; 3] {
        let middle = match which {
            Which::A => &self.a,
            Which::B => &self.b,
        };
        [&self.prefix, middle, &self.suffix]
    }
}

/// Tokens as people read them, one label each.
pub fn labels(tokens: &[Token]) -> Vec<String> {
    tokens.iter().map(|&token| alphabet::label(token)).collect()
}

fn parse((key, first_stream): (&str, u64), text: &str, input: &Input) -> Result<Pattern, InputError> {
    Pattern::parse_with(text, first_stream, input.k, input.characters).map_err(|error| InputError {
        key: key.into(),
        at: Some(error.at),
        sentence: error.sentence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(a: &str, b: &str) -> Input {
        Input { a: a.into(), b: b.into(), ..Input::default() }
    }

    #[test]
    fn a_sequence_is_bos_prefix_pattern_suffix() -> Result<(), InputError> {
        let input = Input { prefix: "q:".into(), suffix: "=".into(), ..input("1^n", "1^(n+1)") };
        let sequences = Sequences::parse(&input)?;
        assert_eq!(labels(&sequences.tokens(Which::B, 2)?).concat(), "⟨bos⟩q:111=");
        let bare = Sequences::parse(&Input { start: Start::Nothing, ..input })?;
        assert_eq!(labels(&bare.tokens(Which::A, 2)?).concat(), "q:11=");
        Ok(())
    }

    #[test]
    fn two_notations_can_be_one_text() -> Result<(), InputError> {
        for (a, b, at_3, always) in [
            ("1^n", "1^n", true, true),
            ("[0-9]^n", "[0-9]^n", true, true),
            ("1^n", "(1)^n", true, true),
            ("1^n", "1^3", true, false),
            ("1^n", "1^(n+1)", false, false),
        ] {
            let read = Sequences::parse(&input(a, b))?;
            assert_eq!((read.is_one_text_at(3), read.is_one_text_up_to(9)), (at_3, always), "{a} {b}");
        }
        Ok(())
    }

    #[test]
    fn nothing_and_too_much_are_refused_with_the_field() -> Result<(), InputError> {
        let nothing = Sequences::parse(&Input { start: Start::Nothing, ..input("", "1") })?;
        assert_eq!(nothing.tokens(Which::A, 1).map_err(|error| error.key), Err("a".into()));
        let long = Sequences::parse(&input("1", "1^(5000n)"))?;
        assert_eq!(long.tokens(Which::B, 1).map_err(|error| error.key), Err("b".into()));
        let says = |error: InputError| error.sentence.to_string();
        assert!(long.tokens(Which::B, 1).is_err_and(|error| says(error).starts_with("at n = 1 ")));
        let plain = Sequences::parse(&input("1^99999", "1^n"))?;
        assert!(plain.tokens(Which::A, 1).is_err_and(|error| says(error).starts_with("the sequence has ")), "no n is in it");
        let wrong = Sequences::parse(&input("1", "1^")).expect_err("no count");
        assert_eq!((wrong.key.as_str(), wrong.at), ("b", Some(1)));
        Ok(())
    }

    #[test]
    fn a_mistake_in_one_text_hides_nothing_of_the_other() {
        let parsed = Parsed::new(&input("1^n0", "1^"));
        let a = parsed.alone(Which::A).and_then(|sequences| sequences.tokens(Which::A, 3));
        assert_eq!(a.map(|tokens| labels(&tokens).concat()), Ok("⟨bos⟩1110".into()));
        let place = |error: InputError| (error.key, error.at);
        assert_eq!(parsed.alone(Which::B).map_err(place), Err(("b".into(), Some(1))));
        assert_eq!(parsed.both().map_err(place), Err(("b".into(), Some(1))));
        let parsed = Parsed::new(&Input { suffix: "^".into(), ..input("1", "1") });
        assert_eq!(parsed.alone(Which::A).map_err(|error| error.key), Err("suffix".into()));
    }

    #[test]
    fn separators_at_every_k_th_place_change_with_k_and_no_others_do() -> Result<(), InputError> {
        for (a, changes) in [("1^n{,/k}", true), ("(1^3{,/k+1})^n", true), ("1^n{,/3}", false), ("k^n", false)] {
            assert_eq!(Sequences::parse(&input(a, "1"))?.depend_on_k(), changes, "{a}");
        }
        Ok(())
    }

    #[test]
    fn a_sweep_leaves_out_what_cannot_be_read() -> Result<(), InputError> {
        let sequences = Sequences::parse(&Input { start: Start::Nothing, ..input("1^(n-3)", "1^(100n)") })?;
        assert_eq!(sequences.sweepable(64), 4..=40);
        assert_eq!(sequences.sweepable(2).count(), 0);
        Ok(())
    }
}
