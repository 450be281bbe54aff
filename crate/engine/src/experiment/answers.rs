//! Answers: what does the model say about the two sequences at n, and is it right?

use super::decode::{decode, said};
use super::{Engine, NoAnswer, Progress, RespondWhole, pair::refuse_too_long};
use crate::library::Library;
use crate::progress::SubProgress;
use crate::transformer::Transformer;
use glasses_contract::config::{Experiment, Which};
use glasses_contract::question;
use glasses_contract::report::{Answer, Answers};
use glasses_contract::sequence::Sequences;

/// Likely tokens that are kept for each token of an answer.
const LIKELY: usize = 5;
/// Tokens of an answer beyond those of the right one: a wrong answer may be longer.
const MORE: usize = 4;

impl RespondWhole for question::Answers {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Answers, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<Answers, NoAnswer> {
    let task = config.input.task;
    let sequences = Sequences::parse(&config.input)?;
    let n = config.input.n;
    let a = of(transformer, config, &sequences, Which::A, &SubProgress::part(progress, 0, 2)).await?;
    let b = of(transformer, config, &sequences, Which::B, &SubProgress::part(progress, 1, 2)).await?;
    progress.step(1.0).await?;
    Ok(Answers { n, task, a, b })
}

async fn of(
    transformer: &Transformer,
    config: &Experiment,
    sequences: &Sequences,
    which: Which,
    progress: &impl Progress,
) -> Result<Answer, NoAnswer> {
    let prompt = sequences.tokens(which, config.input.n)?;
    let right = config.input.task.answer(&sequences.text(which, config.input.n));
    let most = right.as_ref().map_or(0, String::len) + MORE;
    refuse_too_long(config, prompt.len() + most)?;
    let decoded = decode(transformer, &prompt, most, progress).await?;
    let steps = decoded.probabilities.iter().map(|shares| said(shares, LIKELY, transformer.tokenizer())).collect();
    Ok(Answer { said: decoded.text, right, steps })
}
