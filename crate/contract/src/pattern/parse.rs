//! From text to a pattern; errors say where and what to write instead.

use super::{Affine, Atom, Item, Pattern, PatternError, Separator};
use crate::alphabet::{Characters, narrow};
use crate::number;
use crate::quote::{is_format, quote, visible};
use crate::sentence;
use crate::sentence::Sentence;

/// Groups in groups; more is no use to a person and a danger to the stack.
const MAX_DEPTH: usize = 16;

/// Keeps slope · n + offset far from the ends of an i64.
const MAX_NUMBER: i64 = 1_000_000;

pub(super) fn parse(text: &str, first_stream: u64, k: usize, characters: Characters) -> Result<Pattern, PatternError> {
    // Full-width characters are those that a Chinese keyboard types in place of the narrow ones. What can't be seen was left behind by the
    // program that a text was copied from.
    let (places, chars): (Vec<usize>, Vec<char>) = match characters {
        Characters::Alphabet => text.chars().map(narrow).enumerate().filter(|&(_, character)| !is_format(character)).unzip(),
        Characters::Any => text.chars().enumerate().unzip(),
    };
    let closing = closing(&chars);
    let mut parser = Parser { characters, chars: &chars, closing: &closing, at: 0, next_stream: first_stream, k, literal: None };
    let items = parser.items(chars.len(), 0).map_err(|error| {
        let at = places.get(error.at).copied().unwrap_or_else(|| text.chars().count());
        PatternError { at, ..error }
    })?;
    Ok(Pattern { items: items.into() })
}

/// As [`super::literal`] has it.
pub(super) fn literal(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().map(narrow).filter(|&character| !is_format(character)).collect();
    let closing = closing(&chars);
    let mut parser =
        Parser { characters: Characters::Alphabet, chars: &chars, closing: &closing, at: 0, next_stream: 0, k: 1, literal: None };
    parser.items(chars.len(), 0).ok()?;
    let from = parser.literal?;
    let braces = || chars[from..].iter().position(|&character| character == '}').map(|behind| from + behind);
    let close = if chars[from] == '{' { braces() } else { closing[from] };
    // Several that nothing closes are one mistake.
    let run = chars[from..].iter().take_while(|&&character| character == chars[from]).count();
    Some(chars[from..=close.unwrap_or(from + run - 1)].iter().collect())
}

/// The bracket that closes each one that opens, round and square ones each for themselves.
fn closing(chars: &[char]) -> Vec<Option<usize>> {
    let mut closing = vec![None; chars.len()];
    let (mut round, mut square) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < chars.len() {
        let closed = match chars[at] {
            '\\' => {
                at += 2;
                continue;
            }
            '(' => {
                round.push(at);
                None
            }
            '[' => {
                square.push(at);
                None
            }
            ')' => round.pop(),
            ']' => square.pop(),
            _ => None,
        };
        if let Some(open) = closed {
            closing[open] = Some(at);
        }
        at += 1;
    }
    closing
}

struct Parser<'a> {
    characters: Characters,
    chars: &'a [char],
    /// As [`closing`] finds them.
    closing: &'a [Option<usize>],
    at: usize,
    next_stream: u64,
    /// What `k` stands for.
    k: usize,
    /// The place of the first bracket that means itself and is not escaped.
    literal: Option<usize>,
}

impl Parser<'_> {
    fn items(&mut self, end: usize, depth: usize) -> Result<Vec<Item>, PatternError> {
        let mut items = Vec::new();
        while self.at < end {
            let atom = self.atom(end, depth)?;
            items.push(self.repeated(atom, end)?);
        }
        Ok(items)
    }

    fn atom(&mut self, end: usize, depth: usize) -> Result<Atom, PatternError> {
        let start = self.at;
        match self.chars[start] {
            '(' => {
                if let Some(close) = self.closing_before_power(start, end) {
                    if depth == MAX_DEPTH {
                        return Err(error(start, sentence!("groups can be nested {} deep, not deeper", MAX_DEPTH)));
                    }
                    self.at = start + 1;
                    let inner = self.items(close, depth + 1)?;
                    self.at = close + 1;
                    return Ok(Atom::Group(inner));
                }
            }
            '[' => {
                if let Some(close) = self.closing_before_power(start, end) {
                    return self.draw(start, close);
                }
            }
            '^' => {
                return Err(error(
                    start,
                    sentence!(
                        "“^” repeats what stands before it, and nothing that can be repeated does; write \\^ for the character itself"
                    ),
                ));
            }
            _ => {}
        }
        self.symbol(end).map(Atom::Symbol)
    }

    /// A set in brackets, to draw from.
    fn draw(&mut self, open: usize, close: usize) -> Result<Atom, PatternError> {
        let set = self.set(open, close)?;
        self.at = close + 1;
        let stream = self.next_stream;
        self.next_stream += 1;
        Ok(Atom::Draw { set, stream })
    }

    /// One character, or an escaped one.
    fn symbol(&mut self, end: usize) -> Result<char, PatternError> {
        if self.chars[self.at] == '\\' {
            self.at += 1;
            if self.at == end {
                return Err(error(
                    self.at - 1,
                    sentence!("“\\” makes the next character mean itself, and none follows; write \\\\ for a backslash"),
                ));
            }
        } else if "()[]{}".contains(self.chars[self.at]) {
            self.literal.get_or_insert(self.at);
        }
        let symbol = self.character_at(self.at)?;
        self.at += 1;
        Ok(symbol)
    }

    fn character_at(&self, at: usize) -> Result<char, PatternError> {
        let character = self.chars[at];
        if self.characters.has(character) {
            return Ok(character);
        }
        Err(error(at, sentence!("“{}” is not in the model's alphabet, which has the 95 printable ASCII characters", visible(character))))
    }

    /// The bracket that closes the one at `open`, if a `^` follows it: only then do brackets mean more than themselves.
    fn closing_before_power(&self, open: usize, end: usize) -> Option<usize> {
        self.closing[open].filter(|close| close + 1 < end && self.chars[close + 1] == '^')
    }

    /// `[0-9a]`: single characters and ranges.
    fn set(&self, open: usize, close: usize) -> Result<Vec<char>, PatternError> {
        let mut set = Vec::new();
        let mut at = open + 1;
        while at < close {
            let escaped = self.chars[at] == '\\' && at + 1 < close;
            at += usize::from(escaped);
            let low = self.character_at(at)?;
            if at + 2 < close && self.chars[at + 1] == '-' {
                let high = self.character_at(at + 2)?;
                if high < low {
                    return Err(error(at, sentence!("the range {}-{} runs backwards", self.chars[at], self.chars[at + 2])));
                }
                set.extend(low..=high);
                at += 3;
            } else {
                set.push(low);
                at += 1;
            }
        }
        if set.is_empty() {
            return Err(error(open, sentence!("the set is empty: write the symbols to draw from, such as [0-9]")));
        }
        Ok(set)
    }

    fn repeated(&mut self, atom: Atom, end: usize) -> Result<Item, PatternError> {
        if self.at == end || self.chars[self.at] != '^' {
            return Ok(Item { atom, count: Affine::ONE, separator: None });
        }
        let power = self.at;
        self.at += 1;
        let count = self.count(power, end)?;
        let separator = if self.at < end && self.chars[self.at] == '{' { Some(self.separator(end)?) } else { None };
        if self.at < end && self.chars[self.at] == '^' {
            return Err(error(self.at, sentence!("a repetition can't be repeated directly: put it into brackets, such as (1^n)^2")));
        }
        Ok(Item { atom, count, separator })
    }

    /// What stands behind `^`: a number, n, or an expression in brackets.
    fn count(&mut self, power: usize, end: usize) -> Result<Affine, PatternError> {
        let missing = || {
            error(power, sentence!("“^” needs a number, n, or an expression such as (n+1) behind it; write \\^ for the character itself"))
        };
        let closing = match self.chars[self.at..end].first() {
            Some('n') => {
                self.at += 1;
                return Ok(Affine { slope: 1, offset: 0 });
            }
            Some(digit) if digit.is_ascii_digit() => return Ok(Affine { slope: 0, offset: self.number(end)? }),
            Some('(') => ')',
            Some('{') => '}',
            _ => return Err(missing()),
        };
        let close = (self.at..end)
            .find(|&at| self.chars[at] == closing)
            .ok_or_else(|| error(power, sentence!("the expression behind “^” is not closed: “{}” is missing", closing)))?;
        self.at += 1;
        let affine = self.affine(close)?;
        self.at = close + 1;
        Ok(affine)
    }

    /// `12`, `n`, `2n`, `n+1`, `2n-3`.
    fn affine(&mut self, end: usize) -> Result<Affine, PatternError> {
        self.skip_spaces(end);
        let start = self.at;
        let leading = if self.digit_next(end) { Some(self.number_in_brackets(end)?) } else { None };
        self.skip_spaces(end);
        if self.at == end {
            return leading
                .map(|offset| Affine { slope: 0, offset })
                .ok_or_else(|| error(start, sentence!("the expression is empty: write a number, n, or such as n+1")));
        }
        if self.chars[self.at] != 'n' {
            return Err(error(self.at, only_n()));
        }
        self.at += 1;
        self.skip_spaces(end);
        let slope = leading.unwrap_or(1);
        if self.at == end {
            return Ok(Affine { slope, offset: 0 });
        }
        let sign = match self.chars[self.at] {
            '+' => 1,
            '-' | '−' | '\u{2010}'..='\u{2013}' => -1,
            _ => return Err(error(self.at, sentence!("behind n only + or - and a whole number can follow, such as 2n-1"))),
        };
        self.at += 1;
        self.skip_spaces(end);
        if !self.digit_next(end) {
            return Err(error(self.at - 1, sentence!("a whole number is missing behind the sign")));
        }
        let offset = sign * self.number_in_brackets(end)?;
        self.skip_spaces(end);
        if self.at < end {
            return Err(error(self.at, sentence!("the expression should end here: its form is 2n+1")));
        }
        Ok(Affine { slope, offset })
    }

    /// `{,/3}`, `{,/k+1}`, `{[a-z]/3}`: what to put behind every how many repetitions, and behind which the first time.
    fn separator(&mut self, end: usize) -> Result<Separator, PatternError> {
        let open = self.at;
        let wrong = || {
            error(
                open,
                sentence!(
                    "behind a repetition, braces put a separator after every k-th: write such as {,/3}, {,/k} or {[a-z]/3+1}, or \\{ for the character itself"
                ),
            )
        };
        let close = (open..end).find(|&at| self.chars[at] == '}').ok_or_else(wrong)?;
        let slash = (open..close).rfind(|&at| self.chars[at] == '/').ok_or_else(wrong)?;
        let behind: String = self.chars[slash + 1..close].iter().collect();
        let (every, first) = behind.split_once('+').map_or((behind.trim(), None), |(every, first)| (every.trim(), Some(first.trim())));
        let count = |text: &str| number::whole(text).ok().filter(|count| (1..=MAX_NUMBER as u64).contains(count)).ok_or_else(wrong);
        let follows_k = every == "k";
        let every = if follows_k { self.k as u64 } else { count(every)? };
        let first = first.map_or(Ok(every), count)?;
        if slash == open + 1 {
            return Err(wrong());
        }
        let mut filler = Vec::new();
        self.at = open + 1;
        let last_bracket = (open..slash).rfind(|&at| self.chars[at] == ']').unwrap_or(open);
        while self.at < slash {
            let is_set = self.chars[self.at] == '[' && self.at < last_bracket;
            let set = if is_set { (self.at..slash).find(|&at| self.chars[at] == ']') } else { None };
            filler.push(match set {
                Some(set_end) => self.draw(self.at, set_end)?,
                None => Atom::Symbol(self.symbol(slash)?),
            });
        }
        self.at = close + 1;
        Ok(Separator { filler, every, first, follows_k })
    }

    /// The digits behind `^`. Any other sign is text: `1^1,000` is a one, a comma and three zeros.
    fn number(&mut self, end: usize) -> Result<i64, PatternError> {
        let start = self.at;
        while self.digit_next(end) {
            self.at += 1;
        }
        self.up_to_most(start)
    }

    /// A number between brackets, where nothing is text.
    fn number_in_brackets(&mut self, end: usize) -> Result<i64, PatternError> {
        let start = self.at;
        while self.at < end && number::is_within(self.chars[self.at]) {
            self.at += 1;
        }
        // A sign behind it is none of the number: `{3,}` is a mistake at the comma.
        while self.at > start + 1 && !self.chars[self.at - 1].is_numeric() {
            self.at -= 1;
        }
        self.up_to_most(start)
    }

    fn up_to_most(&self, start: usize) -> Result<i64, PatternError> {
        let written: String = self.chars[start..self.at].iter().collect();
        match number::whole(&written).map(i64::try_from) {
            Ok(Ok(number)) if number <= MAX_NUMBER => Ok(number),
            Err(_) if !written.bytes().all(|digit| digit.is_ascii_digit()) => Err(error(start, only_n())),
            _ => Err(error(start, sentence!("{} is more than the largest number here, {}", quote(&written), MAX_NUMBER))),
        }
    }

    fn digit_next(&self, end: usize) -> bool {
        self.at < end && self.chars[self.at].is_ascii_digit()
    }

    fn skip_spaces(&mut self, end: usize) {
        while self.at < end && self.chars[self.at] == ' ' {
            self.at += 1;
        }
    }
}

fn only_n() -> Sentence {
    sentence!("only n and whole numbers can stand here, such as n, 2n or n+1")
}

fn error(at: usize, sentence: Sentence) -> PatternError {
    PatternError { at, sentence }
}
