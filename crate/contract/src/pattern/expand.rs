//! From a pattern to tokens.

use super::{Atom, Item};
use crate::alphabet::Token;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
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

pub(super) fn tokens(items: &[Item], n: usize, draw_seed: u32) -> Vec<Token> {
    let mut expansion = Expansion { n, draw_seed, streams: BTreeMap::new(), tokens: Vec::new() };
    expansion.items(items);
    expansion.tokens
}

struct Expansion {
    n: usize,
    draw_seed: u32,
    streams: BTreeMap<u64, ChaCha8Rng>,
    tokens: Vec<Token>,
}

impl Expansion {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            // What has no tokens isn't gone through, however often it is repeated.
            if let Atom::Group(inner) = &item.atom
                && len(inner, self.n) == 0
            {
                let fillers = item.separator.iter().filter(|separator| !separator.filler.is_empty());
                for separator in fillers {
                    (0..separator.times(item.count.at(self.n))).for_each(|_| separator.filler.iter().for_each(|atom| self.atom(atom)));
                }
                continue;
            }
            for done in 0..item.count.at(self.n) {
                if let Some(separator) = item.separator.as_ref().filter(|separator| separator.follows(done)) {
                    separator.filler.iter().for_each(|atom| self.atom(atom));
                }
                self.atom(&item.atom);
            }
        }
    }

    fn atom(&mut self, atom: &Atom) {
        match atom {
            Atom::Symbol(token) => self.tokens.push(*token),
            Atom::Group(inner) => self.items(inner),
            Atom::Draw { set, stream } => {
                let drawn = self.draw(*stream, set.len());
                self.tokens.push(set[drawn]);
            }
        }
    }

    /// A whole number below `below`: the high half of a 32-bit draw times `below`, whose bias is under 2⁻²⁵ for sets of this size.
    fn draw(&mut self, stream: u64, below: usize) -> usize {
        let seed = u64::from(self.draw_seed);
        let generator = self.streams.entry(stream).or_insert_with(|| {
            let mut generator = ChaCha8Rng::seed_from_u64(seed);
            generator.set_stream(stream);
            generator
        });
        ((u64::from(generator.next_u32()) * below as u64) >> 32) as usize
    }
}
