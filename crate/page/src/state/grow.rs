//! Two texts that stay as they are, made to grow: what both end in is repeated n times, as the paper's sequences grow behind what differs. Where they
//! end in different tokens, what stands before those is repeated.

use glasses_contract::config::{Input, Which};
use glasses_contract::pattern::escape;
use glasses_contract::sequence::Sequences;

/// Longer texts, repeated a few times only, are more than a model reads.
const MOST: u64 = 512;

/// Each text as a pattern that is the text itself at n = 1. A text of one token has nothing before it, and stays. None where one can't
/// be read or is long, where one changes with n already, and where neither would grow.
pub fn grown(input: &Input) -> Option<Input> {
    let sequences = Sequences::parse(input).ok().filter(|sequences| !sequences.depend_on_n())?;
    if [Which::A, Which::B].into_iter().any(|which| sequences.len(which, input.n) > MOST) {
        return None;
    }
    let [a, b] = [Which::A, Which::B].map(|which| sequences.text(which, input.n));
    let shared = common_end(&a, &b);
    let grow = |text: &str| {
        if shared > 0 {
            let (head, end) = text.split_at(text.len() - shared);
            return Some(format!("{}({})^n", escape(head), escape(end)));
        }
        let (at, last) = text.char_indices().next_back().filter(|(at, _)| *at > 0)?;
        Some(format!("({})^n{}", escape(&text[..at]), escape(&last.to_string())))
    };
    let (a, b) = (grow(&a), grow(&b));
    let has_grown = a.is_some() || b.is_some();
    let keep = |grown: Option<String>, text: &String| grown.unwrap_or_else(|| text.clone());
    has_grown.then(|| Input { a: keep(a, &input.a), b: keep(b, &input.b), n: 1, ..input.clone() })
}

/// Bytes of what two different texts both end in; 0 for the same text twice.
fn common_end(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: &str, b: &str) -> Input {
        Input { a: a.into(), b: b.into(), n: 24, ..Input::default() }
    }

    #[test]
    fn what_both_end_in_is_repeated_or_else_what_stands_before_the_last_token() {
        for (a, b, grown_a, grown_b) in [
            ("the cat on the mat", "the cat on the hat", "the cat on the m(at)^n", "the cat on the h(at)^n"),
            ("1010110101", "10111", "101011010(1)^n", "1011(1)^n"),
            ("0111", "111", "0(111)^n", "(111)^n"),
            ("10", "10", "(1)^n0", "(1)^n0"),
            ("10110", "10111", "(1011)^n0", "(1011)^n1"),
            ("1^3", "0", "(11)^n1", "0"),
            (r"a\(b", r"a\^", r"(a\()^nb", r"(a)^n\^"),
        ] {
            let input = pair(a, b);
            let next = grown(&input).expect(a);
            assert_eq!((next.a.as_str(), next.b.as_str()), (grown_a, grown_b));
            let [before, after] = [&input, &next].map(|input| Sequences::parse(input).expect(a));
            assert!(after.depend_on_n());
            for which in [Which::A, Which::B] {
                assert_eq!(before.text(which, 24), after.text(which, next.n), "at n = 1 nothing has changed");
            }
        }
    }

    #[test]
    fn what_grows_already_or_can_not_stays() {
        for (a, b) in [("1^n", "11"), ("1", "0"), ("1^", "11"), ("1^600", "11")] {
            assert_eq!(grown(&pair(a, b)), None, "{a}");
        }
    }
}
