//! The notation: any text is a pattern or has a mistake at one of its places, and what it stands for takes no more work than its
//! characters and its tokens.

use crate::knock;
use glasses_contract::pattern::{Expanded, Pattern};
use proptest::collection::vec;
use proptest::prelude::*;

/// Texts made of the pieces of the notation, right and wrong, also many times the same one.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(vec![
            "(", ")", "[", "]", "{", "}", "^", "^n", "^0", "^2", "^(n+1)", "^(n-3)", "^(2n)", "^(99999999999n)", "^(1,000)", "^1000000",
            "\\", "1", "a", ",", "/", "/3}", "/k+1}", "{,", "{[a-z]", "[0-9]", "[ab]^1", "a^0", "（", "）", "＾", "２０", "ｎ", "−", "\u{200b}", "中",
        ]).prop_map(String::from),
        1 => ".{0,3}",
    ];
    let free = vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    // What repeats what stands for nothing, in groups.
    let nothing = (proptest::sample::select(vec!["a^0", "[ab]^0", "(2^0)^9", "(1^(n-5000))^2{,/7}"]), 1..400_usize, 0..12_usize).prop_map(
        |(nothing, times, depth)| (0..depth).fold(format!("(1{})^n", nothing.repeat(times)), |text, _| format!("({text}{nothing})^2")),
    );
    let deep = (1..4096_usize, "[(\\[{]").prop_map(|(times, bracket)| bracket.repeat(times));
    prop_oneof![6 => free, 1 => nothing, 1 => deep]
}

#[test]
fn any_text_is_a_pattern_or_has_a_mistake_at_a_place() {
    knock(3_000, (texts(), 0..40_usize, 1..4_usize), |(text, n, k)| {
        let characters = text.chars().count();
        match Pattern::parse(&text, 0, k) {
            Err(error) => prop_assert!(error.at <= characters && error.sentence.to_string().chars().count() < 300, "{}", error),
            Ok(pattern) if pattern.len(n) <= 4096 => {
                let Expanded { text: expanded, visited } = pattern.expand(n, 1);
                prop_assert_eq!(expanded.len() as u64, pattern.len(n));
                prop_assert!(visited <= characters as u64 + 3 * expanded.len() as u64, "{} visits for {} characters", visited, expanded.len());
            }
            Ok(_) => {}
        }
        Ok(())
    });
}
