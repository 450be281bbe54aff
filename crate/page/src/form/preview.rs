//! How a long text or list of tokens is shown in a line: shortened in the middle, or around the place of a mistake.

/// A long list of tokens with its middle left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortened<'a> {
    /// The first tokens.
    pub head: &'a [String],
    /// Number of tokens left out.
    pub hidden: usize,
    /// The last tokens.
    pub tail: &'a [String],
}

/// Leaves out the middle where there are more tokens than this; what is left out is worth the ellipsis.
pub fn shorten(tokens: &[String], most: usize) -> Shortened<'_> {
    if tokens.len() <= most {
        return Shortened { head: tokens, hidden: 0, tail: &[] };
    }
    let tail = most / 3;
    let (head, rest) = tokens.split_at(most - tail);
    let (middle, tail) = rest.split_at(rest.len() - tail);
    Shortened { head, hidden: middle.len(), tail }
}

/// A typed text with a caret under the place of a mistake, as two lines of one width a character; a long text is cut around the place.
pub fn point_at(text: &str, at: usize) -> (String, String) {
    const BEFORE: usize = 24;
    const AFTER: usize = 12;
    let start = at.saturating_sub(BEFORE);
    let cut = if start > 0 { "…" } else { "" };
    let shown: String = text.chars().skip(start).take(at - start + AFTER).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let more = if text.chars().count() > at + AFTER { "…" } else { "" };
    let indent = at - start + cut.chars().count();
    (format!("{cut}{shown}{more}"), format!("{}^", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_lists_are_shortened_and_nothing_is_lost() {
        let tokens: Vec<String> = (0..40).map(|token| token.to_string()).collect();
        for most in [3, 12, 39, 40, 41] {
            let Shortened { head, hidden, tail } = shorten(&tokens, most);
            assert_eq!(head.len() + hidden + tail.len(), 40);
            assert!(head.len() + tail.len() <= most);
            assert_eq!([head, &tokens[head.len()..head.len() + hidden], tail].concat(), tokens);
        }
    }

    #[test]
    fn the_caret_stands_under_the_character() {
        for (text, at) in [("1^(n+", 1), ("1^", 2), ("ab中c", 2)] {
            let (shown, caret) = point_at(text, at);
            assert_eq!(shown, text);
            assert_eq!(caret.chars().count(), at + 1);
        }
        let long = "x".repeat(100) + "^" + &"y".repeat(100);
        let (shown, caret) = point_at(&long, 100);
        assert_eq!(shown.chars().nth(caret.chars().count() - 1), Some('^'));
        assert!(shown.chars().count() < 45 && shown.starts_with('…') && shown.ends_with('…'));
    }
}
