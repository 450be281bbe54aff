//! Tokens: what the two texts at n are to the model, before it reads them.

use super::{Engine, NoAnswer, Progress, RespondWhole};
use crate::library::Library;
use glasses_contract::config::{Experiment, Which};
use glasses_contract::limits::MAX_ATTENTION_SIDE;
use glasses_contract::question;
use glasses_contract::report::{TokenTexts, Tokens};
use glasses_contract::sequence::Sequences;

impl RespondWhole for question::Tokens {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Tokens, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        let (sequences, tokenizer) = (Sequences::parse(&config.input)?, loaded.transformer.tokenizer());
        let texts = |which| {
            let tokens = tokenizer.sequence(&sequences, which, config.input.n)?;
            let first = tokens.len().saturating_sub(MAX_ATTENTION_SIDE);
            Ok::<_, NoAnswer>(TokenTexts { count: tokens.len(), first, labels: tokenizer.labels(&tokens[first..]) })
        };
        Ok(Tokens { n: config.input.n, a: texts(Which::A)?, b: texts(Which::B)? })
    }
}
