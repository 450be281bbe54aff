//! Continuation: what the model writes behind each of the two sequences at n, always the most likely token.
//!
//! What the two share is read once, and a token that was written costs one row. Both are written on in turns, and shown as they grow.

use super::decode::{Decoder, argmax, said};
use super::{Engine, NoAnswer, Progress, RespondWhole, pair::refuse_too_long};
use crate::device;
use crate::library::Library;
use crate::progress::SubProgress;
use crate::tokenizer::Tokenizer;
use crate::transformer::Transformer;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Experiment, Which};
use glasses_contract::question::{self, Answer};
use glasses_contract::report::{Continuation, Continued};
use glasses_contract::sequence::Sequences;

/// Tokens that are written at the most.
const MOST: usize = 24;
/// Likely tokens that are kept for each: the one that is written and the runner-up.
const LIKELY: usize = 2;
/// What a few rows cost, in rows: weights are read whatever the number of rows.
const LEAST_ROWS: usize = 16;

impl RespondWhole for question::Continuation {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Continuation, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<Continuation, NoAnswer> {
    let sequences = Sequences::parse(&config.input)?;
    let tokenizer = transformer.tokenizer();
    let [a, b] = tokenizer.both(&sequences, config.input.n)?;
    refuse_too_long(config, a.len().max(b.len()) + MOST)?;

    let mut continuation = Continuation { n: config.input.n, a: Continued::default(), b: Continued::default() };
    let rows = |unread: usize| unread.max(LEAST_ROWS) as f32;
    let total = rows(a.len()) + rows(b.len()) + rows(1) * (2 * (MOST - 1)) as f32;
    let mut done = 0.0;
    let mut of_a = Writer::new(Decoder::new(transformer, &a));
    let mut of_b = None;
    for _ in 0..MOST {
        for which in [Which::A, Which::B] {
            let (writer, written) = match which {
                Which::A => (&mut of_a, &mut continuation.a),
                Which::B => (of_b.get_or_insert_with(|| Writer::new(of_a.decoder.beside(&b))), &mut continuation.b),
            };
            if written.ended {
                continue;
            }
            let share = (done, (done + rows(writer.decoder.unread()) / total).min(1.0));
            writer.write(written, tokenizer, &SubProgress::new(progress, share)).await?;
            done = share.1;
            progress.show(Answer::Continuation(continuation.clone()));
        }
    }
    Ok(continuation)
}

/// A text on which is written.
struct Writer<'a> {
    decoder: Decoder<'a>,
    /// What was written.
    tokens: Vec<Token>,
}

impl<'a> Writer<'a> {
    fn new(decoder: Decoder<'a>) -> Self {
        Self { decoder, tokens: Vec::new() }
    }

    /// Writes the most likely token, if a probability is no number none.
    async fn write(&mut self, written: &mut Continued, tokenizer: &dyn Tokenizer, progress: &impl Progress) -> Result<(), NoAnswer> {
        let (_, next) = self.decoder.read(progress).await?;
        let probabilities = device::read(vec![next]).await?.pop().unwrap_or_default();
        let best = argmax(&probabilities);
        self.decoder.push(best);
        written.ended = best.is_none_or(|best| tokenizer.is_end(best));
        if best.is_some() {
            written.steps.push(said(&probabilities, LIKELY, tokenizer));
        }
        if !written.ended {
            self.tokens.extend(best);
            written.text = tokenizer.text(&self.tokens);
        }
        Ok(())
    }
}
