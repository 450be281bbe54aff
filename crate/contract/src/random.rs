//! Drawing from a seed: the same numbers on every machine.

use rand_core::Rng;

/// A whole number below a small one: the high half of a 32-bit draw times it, whose bias is under `end` · 2⁻³².
pub fn below(random: &mut impl Rng, end: usize) -> usize {
    ((u64::from(random.next_u32()) * end as u64) >> 32) as usize
}
