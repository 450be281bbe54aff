//! From a pattern to the text that it stands for, in time that the two bound: what stands for no character is looked at once.

use super::{Atom, Item, Separator};
use crate::random;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use std::collections::BTreeMap;

pub(super) fn len(items: &[Item], n: usize) -> u64 {
    items.iter().map(|item| item_len(item, n)).fold(0, u64::saturating_add)
}

fn item_len(item: &Item, n: usize) -> u64 {
    let one = match &item.atom {
        Atom::Symbol(_) | Atom::Draw { .. } => 1,
        Atom::Group(inner) => len(inner, n),
    };
    let count = item.count.at(n);
    let separators = match &item.separator {
        Some(separator) => separator.times(count).saturating_mul(separator.filler.len() as u64),
        None => 0,
    };
    one.saturating_mul(count).saturating_add(separators)
}

/// A text, and what it took to write it.
pub struct Expanded {
    /// Its characters.
    pub text: Vec<char>,
    /// Items of the pattern that were looked at, each time that they were.
    pub visited: u64,
}

pub(super) fn expand(items: &[Item], n: usize, draw_seed: u32) -> Expanded {
    let mut visited = 0;
    let parts = with_characters(items, n, &mut visited);
    let mut expansion = Expansion { draw_seed, streams: BTreeMap::new(), text: Vec::new(), visited };
    expansion.parts(&parts);
    Expanded { text: expansion.text, visited: expansion.visited }
}

/// An item at one n that has characters there.
struct Part<'a> {
    what: What<'a>,
    count: u64,
    separator: Option<&'a Separator>,
}

enum What<'a> {
    Atom(&'a Atom),
    Group(Vec<Part<'a>>),
    /// A group without characters, between whose repetitions separators stand.
    Nothing,
}

/// The items without those that have no characters at this n, and with what stands in groups that are taken once in place of these. Each item is
/// visited once, however often the group that it is in is repeated.
fn with_characters<'a>(items: &'a [Item], n: usize, visited: &mut u64) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for item in items {
        *visited += 1;
        let count = item.count.at(n);
        if count == 0 {
            continue;
        }
        let separator = item.separator.as_ref().filter(|separator| separator.times(count) > 0 && !separator.filler.is_empty());
        let what = match &item.atom {
            Atom::Group(inner) => match with_characters(inner, n, visited) {
                inner if inner.is_empty() && separator.is_none() => continue,
                inner if inner.is_empty() => What::Nothing,
                inner if count == 1 => {
                    parts.extend(inner);
                    continue;
                }
                inner => What::Group(inner),
            },
            atom => What::Atom(atom),
        };
        parts.push(Part { what, count, separator });
    }
    parts
}

struct Expansion {
    draw_seed: u32,
    streams: BTreeMap<u64, ChaCha8Rng>,
    text: Vec<char>,
    visited: u64,
}

impl Expansion {
    /// Whatever is visited here writes at least one character, and each group in groups at least doubles them: three visits a character at the most.
    fn parts(&mut self, parts: &[Part<'_>]) {
        for part in parts {
            if let What::Nothing = part.what {
                let separators = part.separator.iter();
                separators.for_each(|separator| (0..separator.times(part.count)).for_each(|_| self.atoms(&separator.filler)));
                continue;
            }
            for done in 0..part.count {
                if let Some(separator) = part.separator.filter(|separator| separator.follows(done)) {
                    self.atoms(&separator.filler);
                }
                match &part.what {
                    What::Group(parts) => {
                        self.visited += 1;
                        self.parts(parts);
                    }
                    What::Atom(atom) => self.atom(atom),
                    What::Nothing => {}
                }
            }
        }
    }

    fn atoms(&mut self, atoms: &[Atom]) {
        atoms.iter().for_each(|atom| self.atom(atom));
    }

    fn atom(&mut self, atom: &Atom) {
        self.visited += 1;
        match atom {
            Atom::Symbol(character) => self.text.push(*character),
            Atom::Draw { set, stream } => {
                let drawn = self.draw(*stream, set.len());
                self.text.push(set[drawn]);
            }
            // Groups are parts, and no separator holds one.
            Atom::Group(_) => {}
        }
    }

    /// A whole number below `below`, from a stream of its own.
    fn draw(&mut self, stream: u64, below: usize) -> usize {
        let seed = u64::from(self.draw_seed);
        let generator = self.streams.entry(stream).or_insert_with(|| {
            let mut generator = ChaCha8Rng::seed_from_u64(seed);
            generator.set_stream(stream);
            generator
        });
        random::below(generator, below)
    }
}
