//! `tokens`: the tokens that the model of a link reads.

use crate::failure::Failure;
use crate::language::open_with;
use crate::shipped::Shipped;
use crate::table::Table;
use crate::{note_all, print};
use glasses_contract::config::Which;
use glasses_contract::sequence::Sequences;
use glasses_engine::tokenizer::{Characters, Tokenizer};

/// Prints the tokens of a link's sequences at n, with their numbers.
///
/// # Errors
/// A sentence, if the sequences can't be read or the standard output can't be written to.
pub fn print(address: &str, library: &Shipped) -> Result<(), Failure> {
    let (config, _, warnings) = open_with(address, library)?;
    note_all(&warnings);
    let tokenizer: &dyn Tokenizer = match library.language() {
        Some(language_model) => language_model.tokenizer(),
        None => &Characters,
    };
    let answer = |error: glasses_contract::sequence::InputError| Failure::Answer(error.to_string());
    let sequences = Sequences::parse(&config.input).map_err(answer)?;
    let mut table = Table::new(["sequence", "place", "number", "token"]);
    for (name, which) in [("A", Which::A), ("B", Which::B)] {
        let tokens = tokenizer.sequence(&sequences, which, config.input.n).map_err(answer)?;
        for (at, (token, label)) in tokens.iter().zip(tokenizer.labels(&tokens)).enumerate() {
            table.row([name.into(), (at + 1).to_string(), token.0.to_string(), label]);
        }
    }
    print::print(&table.to_string())
}
