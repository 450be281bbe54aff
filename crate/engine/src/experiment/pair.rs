//! Pair: two sequences at one n. How far apart are their last tokens at each stage, what comes next, who looks where?

use super::{Engine, NoAnswer, Progress, Respond, run};
use crate::hook::{Hook, Recorder};
use crate::library::Library;
use crate::measure::{self, Observed};
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::tokenizer::Tokenizer;
use crate::transformer::Transformer;
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::alphabet::Token;
use glasses_contract::config::Experiment;
use glasses_contract::failure::Failure;
use glasses_contract::limits::{self, MAX_ATTENTION_SIDE};
use glasses_contract::question;
use glasses_contract::report::{AttentionMap, Pair, Reading, Stage, StageDistances, TokenText};
use glasses_contract::sentence;
use glasses_contract::sequence::Sequences;
use glasses_contract::site::Site;
use std::collections::BTreeSet;

impl Respond for question::Pair {
    async fn respond<L: Library>(
        self,
        _: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Pair, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<Pair, NoAnswer> {
    let sequences = Sequences::parse(&config.input)?;
    let tokenizer = transformer.tokenizer();
    let [a, b] = tokenizer.both(&sequences, config.input.n)?;
    refuse_too_long(config, a.len().max(b.len()))?;

    let (seen_a, others_a) = read(transformer, config, &a, progress, (0.0, 0.45)).await?;
    let (seen_b, others_b) = read(transformer, config, &b, progress, (0.45, 0.9)).await?;
    let others = others_a.into_iter().chain(others_b).collect();
    let (representations, others) = measure::read(vec![seen_a, seen_b], others, &config.model).await?;
    let [seen_a, seen_b] = [&representations[0], &representations[1]];
    let reading = |tokens: &[Token], others: &[Vec<f64>]| {
        let [next, map, first, last] = [&others[0], &others[1], &others[2], &others[3]];
        // The sink of the first token (Barbero et al. 2025): a head counts if it spends most of its attention there.
        let sinks = first.iter().filter(|&&mean| mean > SINK).count();
        let side = tokens.len().min(MAX_ATTENTION_SIDE);
        Reading {
            tokens: tokenizer.labels(tokens),
            next: next.clone(),
            attention: AttentionMap {
                layer: config.view.layer,
                head: config.view.head,
                first: tokens.len() - side,
                side,
                weights: map.clone(),
            },
            sink_share: sinks as f64 / first.len() as f64,
            sink_by_layer: last.chunks(config.model.heads).map(|heads| heads.iter().sum::<f64>() / heads.len() as f64).collect(),
        }
    };
    let distances = measure::stage_distances(config.model.layers, (seen_a, 0), (seen_b, 0));
    Ok(Pair {
        n: config.input.n,
        a: reading(&a, &others[..READ]),
        b: reading(&b, &others[READ..]),
        stages: Stage::all(config.model.layers)
            .into_iter()
            .zip(distances)
            .map(|(stage, distances)| StageDistances { stage, distances })
            .collect(),
        heads: measure::head_distances(&config.model, (seen_a, 0), (seen_b, 0)),
        identical_in: measure::identical_in(&config.model, seen_a.output(0), seen_b.output(0)),
        labels: if config.model.file.is_some() { labels(tokenizer, [&others[0], &others[READ]]) } else { Vec::new() },
    })
}

/// The likeliest tokens of some distributions, as people read them.
fn labels(tokenizer: &dyn Tokenizer, distributions: [&[f64]; 2]) -> Vec<TokenText> {
    let likeliest = |distribution: &[f64]| {
        let mut tokens: Vec<usize> = (0..distribution.len()).collect();
        tokens.sort_by(|&one, &other| distribution[other].total_cmp(&distribution[one]));
        tokens.truncate(LABELS);
        tokens
    };
    let tokens: BTreeSet<usize> = distributions.into_iter().flat_map(likeliest).collect();
    tokens.into_iter().map(|token| TokenText { token, text: tokenizer.label(Token(token as u32)) }).collect()
}

/// A sequence that a model of this size would read for minutes is refused in words.
pub(super) fn refuse_too_long(config: &Experiment, tokens: usize) -> Result<(), NoAnswer> {
    let most = limits::max_tokens(config);
    if tokens <= most {
        return Ok(());
    }
    Err(NoAnswer::Failed(Failure::Refused(sentence!(
        "A model of this size reads at most {} tokens here, and the longer sequence has {}: make n, the width or the number of layers smaller.",
        most,
        tokens
    ))))
}

/// Likeliest tokens that are put into words: as many as a picture shows, twice over.
const LABELS: usize = 20;

/// Mean attention to the first token from which on a head counts as a sink.
const SINK: f64 = 0.8;

/// What is read of a sequence beside its last token's representations.
const READ: usize = 4;

/// Reads one sequence: its last token; and its next-token probabilities, the end of its attention map, and every head's attention to the first
/// token, that of the mean query and that of the last.
async fn read(
    transformer: &Transformer,
    config: &Experiment,
    tokens: &[Token],
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<(Observed, Vec<Tensor<1>>), NoAnswer> {
    let (layer, head) = (config.view.layer, config.view.head);
    let recorder = Recorder::new(move |site| measure::wanted(site) || site == Site::Weights(layer));
    let rounding = Rounding::of(&config.model.formats);
    let mut hook = (rounding, (recorder, FirstToken::default()));
    let rows = transformer.embed(&[tokens], &[0], &mut hook);
    let (from, to) = share;
    let through_blocks = from + (to - from) * 0.9;
    let rows = run(transformer, rows, None, &mut hook, progress, (from, through_blocks)).await?;
    let y = transformer.output(rows, &mut hook);
    let (mut rounding, (recorder, first)) = hook;

    let [_, length, width] = y.dims();
    let last = y.slice([0..1, length - 1..length, 0..width]);
    let within = SubProgress::new(progress, (through_blocks, to));
    let work = Work::new(&within, 2 * (width * config.model.architecture.vocabulary) as u64);
    let logits = transformer.logits_in_steps(last, &mut rounding, &work).await?;
    let next = softmax(logits, 2).flatten(0, 2);

    let side = length.min(MAX_ATTENTION_SIDE);
    let map =
        recorder.weights(layer, head..head + 1, length).slice([0..1, 0..1, length - side..length, length - side..length]).flatten(0, 3);
    let seen = measure::observe(&recorder, transformer, &[length - 1]);
    let last = Tensor::cat(first.last.clone(), 0);
    Ok((seen, [next, map, first.mean(length), last].into()))
}

/// Adds up the attention that each head spends on the first token, without keeping the maps.
#[derive(Default)]
struct FirstToken {
    sums: Vec<Tensor<1>>,
    /// That of the last query alone.
    last: Vec<Tensor<1>>,
}

impl FirstToken {
    /// The mean over so many queries: one number for each layer and head; a layer's blocks are added up.
    fn mean(self, queries: usize) -> Tensor<1> {
        Tensor::cat(self.sums, 0).div_scalar(queries as f64)
    }
}

impl Hook for FirstToken {
    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        if let Site::Weights(layer) = site {
            let first = x.clone().narrow(3, 0, 1); // [1, head, query, 1]
            let queries = first.dims()[2];
            let last = first.clone().narrow(2, queries - 1, 1).flatten(0, 3); // [head]
            let sum = first.sum_dim(2).flatten(0, 3);
            match (self.sums.get_mut(layer), self.last.get_mut(layer)) {
                (Some(sums), Some(before)) => (*sums, *before) = (sums.clone() + sum, last),
                _ => {
                    self.sums.push(sum);
                    self.last.push(last);
                }
            }
        }
        x
    }
}
