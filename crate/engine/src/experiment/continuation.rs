//! Continuation: what the model writes behind each of the two sequences at n, always the most likely token.
//!
//! What the two share is read once, and a token that was written costs one row. Both are written on together, so that the weights are read once for a
//! token of each, and shown as they grow.

use super::decode::{Decoder, argmax, said};
use super::{Engine, NoAnswer, Progress, RespondWhole, pair::refuse_too_long};
use crate::device;
use crate::library::Library;
use crate::progress::SubProgress;
use crate::tokenizer::Tokenizer;
use crate::transformer::Transformer;
use glasses_contract::alphabet::Token;
use glasses_contract::config::Experiment;
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
    let total = rows(a.len()) + rows(b.len()) + rows(1) * (MOST - 1) as f32;
    let mut done = 0.0;
    let mut within = |unread: usize| {
        let share = (done, (done + rows(unread) / total).min(1.0));
        done = share.1;
        SubProgress::new(progress, share)
    };
    let mut of_a = Writer::new(Decoder::new(transformer, &a));
    let progress_of_a = within(of_a.decoder.unread());
    write(vec![(&mut of_a, &mut continuation.a)], tokenizer, &progress_of_a).await?;
    progress.show(Answer::Continuation(continuation.clone()));
    let mut of_b = Writer::new(of_a.decoder.beside(&b));
    let progress_of_b = within(of_b.decoder.unread());
    write(vec![(&mut of_b, &mut continuation.b)], tokenizer, &progress_of_b).await?;
    progress.show(Answer::Continuation(continuation.clone()));
    for _ in 1..MOST {
        let both = [(&mut of_a, &mut continuation.a), (&mut of_b, &mut continuation.b)];
        let unfinished: Vec<_> = both.into_iter().filter(|(_, written)| !written.ended).collect();
        if unfinished.is_empty() {
            break;
        }
        write(unfinished, tokenizer, &within(1)).await?;
        progress.show(Answer::Continuation(continuation.clone()));
    }
    Ok(continuation)
}

/// Writes the most likely token on each of some texts; none where a probability is no number.
async fn write(
    mut texts: Vec<(&mut Writer<'_>, &mut Continued)>,
    tokenizer: &dyn Tokenizer,
    progress: &impl Progress,
) -> Result<(), NoAnswer> {
    let mut decoders: Vec<&mut Decoder> = texts.iter_mut().map(|(writer, _)| &mut writer.decoder).collect();
    let next = Decoder::read_all(&mut decoders, progress).await?;
    for ((writer, written), probabilities) in texts.into_iter().zip(device::read(next).await?) {
        writer.write(written, &probabilities, tokenizer);
    }
    Ok(())
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

    /// Writes the most likely token.
    fn write(&mut self, written: &mut Continued, probabilities: &[f64], tokenizer: &dyn Tokenizer) {
        let best = argmax(probabilities);
        self.decoder.push(best);
        written.ended = best.is_none_or(|best| tokenizer.is_end(best));
        if best.is_some() {
            written.steps.push(said(probabilities, LIKELY, tokenizer));
        }
        if !written.ended {
            self.tokens.extend(best);
            written.text = tokenizer.text(&self.tokens);
        }
    }
}
