//! What a typed text stands for: the tokens of a sequence, or the place of a mistake.

use glasses_contract::config::{Input, Which};
use glasses_contract::sequence::{self, InputError, Sequences};

/// The tokens of a sequence, or why there are none.
pub type Preview = Result<Expanded, InputError>;

/// A sequence as the model reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expanded {
    /// One label a token.
    pub tokens: Vec<String>,
    /// Whether the sequence changes with n.
    pub depends_on_n: bool,
}

/// The preview of one sequence; a mistake in the other one's text is none in this.
pub fn of(input: &Input, which: Which) -> Preview {
    let mut alone = input.clone();
    match which {
        Which::A => alone.b.clear(),
        Which::B => alone.a.clear(),
    }
    let sequences = Sequences::parse(&alone)?;
    let tokens = sequence::labels(&sequences.tokens(which, input.n)?);
    Ok(Expanded { tokens, depends_on_n: sequences.depend_on_n() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sequence_is_previewed_whatever_the_other_one_holds() {
        let input = Input { a: "1^n0".into(), b: "1^".into(), n: 3, ..Input::default() };
        let a = of(&input, Which::A).expect("A is fine");
        assert_eq!((a.tokens.concat(), a.depends_on_n), ("⟨bos⟩1110".into(), true));
        assert_eq!(of(&input, Which::B).map_err(|error| (error.key, error.at)), Err(("b".into(), Some(1))));
        let input = Input { suffix: "^".into(), ..input };
        assert_eq!(of(&input, Which::A).map_err(|error| error.key), Err("suffix".into()));
    }
}
