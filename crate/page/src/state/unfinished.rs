//! A text that is no pattern yet, on its way to one: a few characters more would make it one.

use glasses_contract::pattern::Pattern;

/// What may follow next, the shortest first: whoever types these is told how to go on rather than that something is wrong.
const ENDINGS: [&str; 11] = ["n", "\\", ")", "1)", "n)", "]", "9]", "}", "3}", "/3}", ",/3}"];

/// The text with the shortest ending that makes it a pattern; none where it is one, or where no ending helps.
pub fn completed(text: &str) -> Option<String> {
    let reads = |text: &str| Pattern::parse(text, 0, 1).is_ok();
    if text.is_empty() || reads(text) {
        return None;
    }
    ENDINGS.iter().map(|ending| format!("{text}{ending}")).find(|whole| reads(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_its_way_is_told_how_to_go_on() {
        for (text, whole) in [("1^", "1^n"), ("1^(n", "1^(n)"), ("1^(n+", "1^(n+1)")] {
            assert_eq!(completed(text).as_deref(), Some(whole));
        }
    }

    #[test]
    fn a_separator_on_its_way_is_told_as_it_is_written() {
        for (text, whole) in
            [("1^n{", "1^n{,/3}"), ("1^n{,", "1^n{,/3}"), ("1^n{,/", "1^n{,/3}"), ("1^n{,/3", "1^n{,/3}"), ("1^n{,/k", "1^n{,/k}")]
        {
            assert_eq!(completed(text).as_deref(), Some(whole), "{text}");
        }
    }

    #[test]
    fn what_is_whole_or_wrong_is_not_completed() {
        for text in ["", "1^n", "101", "中", "11^(n*2)"] {
            assert_eq!(completed(text), None, "{text}");
        }
    }
}
