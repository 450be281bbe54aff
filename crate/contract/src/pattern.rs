//! The notation for sequences: plain text, with a little algebra for long ones.
//!
//! | written | means |
//! |---|---|
//! | `1011` | these four symbols |
//! | `1^20` | twenty ones |
//! | `1^n`, `1^(n+1)`, `1^(2n-1)` | repetition that grows with n; below zero counts as zero |
//! | `(10)^n` | a group, repeated |
//! | `[0-9]^n` | n symbols drawn at random from the set; the draw depends on the seed only, so that a longer draw starts like a shorter one |
//! | `1^n{,/3}` | a comma after every third repetition, where another follows |
//! | `1^n{,/3+1}` | the same, the first one after the first repetition |
//! | `1^n{,/k}` | a comma after every k-th, with k chosen beside the text |
//! | `1^n{[a-z]/3}` | a letter drawn at random after every third |
//! | `\^ \( \) \[ \] \{ \} \\` | the character itself |
//!
//! Brackets mean themselves unless a `^` follows them. Full-width characters, `（１０）＾ｎ`, are the narrow ones that they are wide forms of,
//! and characters that can't be seen are none. Numbers between brackets are written as anywhere else (see [`crate::number`]): `1^(1,000)`.

mod expand;
mod parse;

pub use expand::Expanded;

use crate::alphabet::{self, Characters, Token};
use crate::say;
use crate::sentence::Sentence;
use std::fmt;
use std::sync::Arc;

/// A parsed sequence text: what stands for one sequence at each n.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    items: Arc<[Item]>,
}

/// Something repeated; plain text is repeated once.
#[derive(Clone, Debug, PartialEq)]
struct Item {
    atom: Atom,
    count: Affine,
    separator: Option<Separator>,
}

#[derive(Clone, Debug, PartialEq)]
enum Atom {
    Symbol(char),
    Group(Vec<Item>),
    /// One symbol of a set, drawn from a random stream of its own.
    Draw {
        set: Vec<char>,
        stream: u64,
    },
}

/// slope · n + offset, not below zero.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Affine {
    slope: i64,
    offset: i64,
}

impl Affine {
    const ONE: Self = Self { slope: 0, offset: 1 };

    fn at(self, n: usize) -> u64 {
        (self.slope * n as i64 + self.offset).max(0) as u64
    }
}

/// Something put between repetitions: behind number `first`, and then behind every `every`-th, where another follows.
#[derive(Clone, Debug, PartialEq)]
struct Separator {
    filler: Vec<Atom>,
    every: u64,
    first: u64,
    /// Whether `every` is what k stands for.
    follows_k: bool,
}

impl Separator {
    /// How often it stands among so many repetitions.
    fn times(&self, count: u64) -> u64 {
        count.checked_sub(1 + self.first).map_or(0, |behind| behind / self.every + 1)
    }

    /// Whether it stands behind this many repetitions, if another follows.
    fn follows(&self, done: u64) -> bool {
        done.checked_sub(self.first).is_some_and(|behind| behind.is_multiple_of(self.every))
    }
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The place: an index into the text's characters.
    pub at: usize,
    /// What is wrong and what to write instead, as one sentence.
    pub sentence: Sentence,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&say!("at character {}: {}", self.at + 1, self.sentence))
    }
}

impl std::error::Error for PatternError {}

/// The pattern text that stands for these characters themselves.
pub fn escape(text: &str) -> String {
    let special = |character: char| r"\^()[]{}".contains(character);
    text.chars().flat_map(|character| special(character).then_some('\\').into_iter().chain([character])).collect()
}

/// The first part of a text in which brackets mean themselves though nothing says that they should: a repetition, a set or a separator
/// may have been meant. None where there is no such part, or where the text is no pattern.
pub fn literal(text: &str) -> Option<String> {
    parse::literal(text)
}

impl Pattern {
    /// Reads a text. `first_stream` numbers the random streams of its sets, so that texts which should draw alike do; `k` is what k
    /// stands for in separators.
    pub fn parse(text: &str, first_stream: u64, k: usize) -> Result<Self, PatternError> {
        Self::parse_with(text, first_stream, k, Characters::Alphabet)
    }

    /// The same of a text that may have other characters.
    pub fn parse_with(text: &str, first_stream: u64, k: usize, characters: Characters) -> Result<Self, PatternError> {
        parse::parse(text, first_stream, k, characters)
    }

    /// Whether the sequence changes with n.
    pub fn depends_on_n(&self) -> bool {
        fn depends(items: &[Item]) -> bool {
            items.iter().any(|item| item.count.slope != 0 || matches!(&item.atom, Atom::Group(inner) if depends(inner)))
        }
        depends(&self.items)
    }

    /// Whether the sequence changes with k.
    pub fn depends_on_k(&self) -> bool {
        fn depends(items: &[Item]) -> bool {
            let follows_k = |item: &Item| item.separator.as_ref().is_some_and(|separator| separator.follows_k);
            items.iter().any(|item| follows_k(item) || matches!(&item.atom, Atom::Group(inner) if depends(inner)))
        }
        depends(&self.items)
    }

    /// Number of characters at n, without writing them out; saturates.
    pub fn len(&self, n: usize) -> u64 {
        expand::len(&self.items, n)
    }

    /// Whether the pattern has no characters at n.
    pub fn is_empty(&self, n: usize) -> bool {
        self.len(n) == 0
    }

    /// The text at n. Mind [`Pattern::len`] first: a short pattern can stand for a very long text.
    pub fn text(&self, n: usize, draw_seed: u32) -> Vec<char> {
        self.expand(n, draw_seed).text
    }

    /// Its characters as tokens of the [`alphabet`], without those that it lacks.
    pub fn tokens(&self, n: usize, draw_seed: u32) -> Vec<Token> {
        self.text(n, draw_seed).into_iter().filter_map(alphabet::token).collect()
    }

    /// The text, with what it took: at most one visit for each character of the pattern, and three for each of the text.
    pub fn expand(&self, n: usize, draw_seed: u32) -> Expanded {
        expand::expand(&self.items, n, draw_seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::character;

    fn at(text: &str, n: usize) -> String {
        let pattern = Pattern::parse(text, 0, 2).unwrap_or_else(|error| panic!("{text}: {error}"));
        let tokens = pattern.tokens(n, 7);
        assert_eq!(pattern.len(n), tokens.len() as u64, "{text}");
        tokens.into_iter().filter_map(character).collect()
    }

    #[test]
    fn the_notation_means_what_its_table_says() {
        for (text, n, expanded) in [
            ("1011", 3, "1011"),
            ("", 3, ""),
            ("1^5", 3, "11111"),
            ("1^n", 3, "111"),
            ("1^n0", 3, "1110"),
            ("1^(n+1)", 3, "1111"),
            ("1^{n+1}", 3, "1111"),
            ("1^(n-5)0", 3, "0"),
            ("1^(2n)", 3, "111111"),
            ("1^(2n-1)", 3, "11111"),
            ("1^( 2 n - 1 )", 3, "11111"),
            ("(10)^n", 3, "101010"),
            ("((10)^2,)^n", 2, "1010,1010,"),
            ("1^n{,/3}", 7, "111,111,1"),
            ("1^n{,/3}", 6, "111,111"),
            ("1^n{, /3}", 4, "111, 1"),
            ("1^n{,/3+1}", 6, "1,111,11"),
            ("1^n{,/3+9}", 6, "111111"),
            ("1^n{,/k}", 5, "11,11,1"),
            ("1^n{,/k+1}", 4, "1,11,1"),
            ("1^n{[x]/3}", 7, "111x111x1"),
            (r"1^n{\[/3}", 4, "111[1"),
            ("(10)^3{;/1}", 1, "10;10;10"),
            ("f(x) [a] {b} a/b", 1, "f(x) [a] {b} a/b"),
            ("(1", 1, "(1"),
            ("1)", 1, "1)"),
            (r"2\^n \(1\)^2 \\", 9, r"2^n (1)) \"),
            (r"1^2\{,/3}", 9, "11{,/3}"),
            ("[7]^3", 1, "777"),
            // As a Chinese keyboard types it.
            ("（１０）＾ｎ", 3, "101010"),
            ("1^２０", 1, "11111111111111111111"),
            ("１＾（ｎ＋１）０", 3, "11110"),
            ("1^（2n－1）", 3, "11111"),
            ("１＾ｎ｛，／３｝", 4, "111,1"),
            ("［７］＾３", 1, "777"),
            (r"2＼＾n", 1, "2^n"),
            ("a\u{3000}b\u{a0}c", 1, "a b c"),
            // What programs put between letters that nobody sees.
            ("\u{feff}1^\u{ad}n\u{200b}", 3, "111"),
            // Numbers between brackets; elsewhere their signs are text.
            ("1^(n–1)", 3, "11"),
            ("1^(n−1)", 3, "11"),
            ("(1^(1e1))^1", 1, "1111111111"),
            ("1^2,000", 1, "11,000"),
            ("1^2.5", 1, "11.5"),
            ("1^n{,/3.0}", 4, "111,1"),
        ] {
            assert_eq!(at(text, n), expanded, "{text} at n = {n}");
        }
    }

    #[test]
    fn what_has_no_tokens_is_not_gone_through() {
        assert_eq!(at("((2^0)^1000000)^1000000", 3), "");
        assert_eq!(at("((2^0)^1000000{,/1000000+999999})^20", 3), ",".repeat(20));
        assert_eq!(at("(2^0)^5{,/2}1", 3), ",,1");
    }

    #[test]
    fn what_is_visited_is_bounded_by_the_text_and_its_tokens() {
        let nothing = |number: usize| "a^0".repeat(number);
        let mut nested = format!("1{}", nothing(150));
        for _ in 0..8 {
            nested = format!("({nested}{})^2", nothing(100));
        }
        for text in [
            format!("(1{})^n", nothing(1300)),
            format!("({nested})^n"),
            format!("((1{})^n)^2", "(2^0)^9".repeat(500)),
            "1^n[ab]^1x".repeat(400),
        ] {
            for n in [0, 1, 7, 60] {
                let pattern = Pattern::parse(&text, 0, 2).unwrap_or_else(|error| panic!("{text}: {error}"));
                let Expanded { text: expanded, visited } = pattern.expand(n, 7);
                assert_eq!(expanded.len() as u64, pattern.len(n));
                assert!(visited <= (text.len() + 3 * expanded.len()) as u64, "{visited} visits for {} characters", expanded.len());
            }
        }
    }

    #[test]
    fn what_is_read_as_text_against_its_looks_is_named() {
        for (text, part) in [
            ("[0-9]^n1{,/3}", Some("{,/3}")),
            ("1((((", Some("((((")),
            ("[z-a]", Some("[z-a]")),
            ("(10)^n", None),
            ("1^n{,/3}", None),
            (r"\[a\] \(", None),
            ("1^", None),
            ("10110", None),
            ("1^n}", Some("}")),
        ] {
            assert_eq!(literal(text).as_deref(), part, "{text}");
        }
    }

    #[test]
    fn an_escaped_text_stands_for_itself() {
        let text = r"f(x)^2 = [a]{b} \";
        assert_eq!(at(&escape(text), 3), text);
    }

    #[test]
    fn a_language_model_reads_every_character_as_it_is() {
        let text = "中文 🙂\u{200d}\n（\t";
        let pattern = Pattern::parse_with(&format!("{text}^2"), 0, 3, Characters::Any).expect("a pattern");
        assert_eq!(pattern.text(1, 7).into_iter().collect::<String>(), format!("{text}\t"));
        assert!(Pattern::parse(text, 0, 3).is_err());
    }

    #[test]
    fn errors_name_the_place() {
        for (text, place) in [
            ("12^", 2),
            ("^3", 0),
            ("1^(n", 1),
            ("1^(m)", 3),
            ("1^(n*n)", 4),
            ("1^n^2", 3),
            ("1^n{,3}", 3),
            ("1^n{,/0}", 3),
            ("1^n{,/3", 3),
            ("[]^3", 0),
            ("[9-0]^3", 1),
            ("ab中c", 2),
            ("ab\\", 2),
            ("1^99999999999999999999", 2),
            ("1^(99999999999n)", 3),
            ("1^(1.000)", 3),
            ("1^(1,5)", 3),
            ("1^(1e7)", 3),
            ("1^{3,}", 4),
            ("\u{200b}ab\u{200b}中c", 4),
            ("a\u{200b}^", 2),
            ("1^n{,／０}", 3),
            ("(1(^2)^3", 3),
        ] {
            let error = Pattern::parse(text, 0, 2).expect_err(text);
            assert_eq!(error.at, place, "{text}: {error}");
        }
    }

    #[test]
    fn a_longer_draw_starts_like_a_shorter_one_and_alike_sets_draw_alike() {
        let long = at("[0-9]^n", 200);
        assert!(long.starts_with(&at("[0-9]^n", 120)));
        assert_eq!(at("[0-9]^n1", 50)[..50], at("[0-9]^n11", 50)[..50]);
        assert_ne!(at("[0-9]^n", 50), at("[0]^0[0-9]^n", 50), "each set has a stream of its own");
        let ones = at("[01]^2000", 1).matches('1').count();
        assert!((900..1100).contains(&ones), "{ones} ones in 2000 fair draws");
    }

    #[test]
    fn lengths_of_monsters_saturate() {
        let monster = "(".repeat(12) + "1^99999" + &")^99999".repeat(12);
        assert_eq!(Pattern::parse(&monster, 0, 3).map(|pattern| pattern.len(1)), Ok(u64::MAX));
        let thousand = Pattern::parse("1^(1,000)", 0, 3).map(|pattern| pattern.len(1));
        assert_eq!(thousand, Ok(1000));
        let deep = "(".repeat(5000) + "1" + &")^2".repeat(5000);
        assert!(Pattern::parse(&deep, 0, 3).is_err());
    }
}
