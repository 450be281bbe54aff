//! What a typed text stands for: the tokens of a sequence, or the place of a mistake.

use glasses_contract::alphabet::Characters;
use glasses_contract::config::Which;
use glasses_contract::sequence::{self, InputError, Parsed};

/// One label a token of a sequence, or why there are none. Of a language model, whose tokens its engine knows, one a character.
pub type Preview = Result<Vec<String>, InputError>;

/// The preview of one sequence at n; a mistake in the other one's text is none in this.
pub fn of(parsed: &Parsed, which: Which, n: usize, characters: Characters) -> Preview {
    let sequences = parsed.alone(which)?;
    Ok(match characters {
        Characters::Alphabet => sequence::labels(&sequences.tokens(which, n)?),
        Characters::Any => sequences.whole_text(which, n)?.chars().map(String::from).collect(),
    })
}
