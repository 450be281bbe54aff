//! Pair: two sequences at one n. How far apart are their last tokens at each stage, what comes next, who looks where?

use super::{NoAnswer, Progress, run};
use crate::measure::{self, Observed};
use crate::tap::{Nothing, Recorder};
use crate::transformer::Transformer;
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Config, Which};
use glasses_contract::limits::{self, MAX_ATTENTION_SIDE};
use glasses_contract::message::Failure;
use glasses_contract::report::{AttentionMap, Pair, Reading, Stage, StageDistances};
use glasses_contract::sequence::{self, Sequences};
use glasses_contract::site::Site;

pub(super) async fn answer(transformer: &Transformer, config: &Config, progress: &impl Progress) -> Result<Pair, NoAnswer> {
    let sequences = Sequences::parse(&config.input)?;
    let [a, b] = [sequences.tokens(Which::A, config.input.n)?, sequences.tokens(Which::B, config.input.n)?];
    refuse_too_long(config, a.len().max(b.len()))?;

    let (seen_a, next_a, map_a) = read(transformer, config, &a, progress, (0.0, 0.45)).await?;
    let (seen_b, next_b, map_b) = read(transformer, config, &b, progress, (0.45, 0.9)).await?;
    let (representations, others) = measure::read(vec![seen_a, seen_b], vec![next_a, map_a, next_b, map_b], &config.model).await?;
    let [seen_a, seen_b] = [&representations[0], &representations[1]];
    let reading = |tokens: &[Token], next: &[f32], map: &[f32]| {
        let side = tokens.len().min(MAX_ATTENTION_SIDE);
        Reading {
            tokens: sequence::labels(tokens),
            next: widen(next),
            attention: AttentionMap {
                layer: config.view.layer,
                head: config.view.head,
                first: tokens.len() - side,
                side,
                weights: widen(map),
            },
        }
    };
    let distances = measure::stage_distances(config.model.layers, (seen_a, 0), (seen_b, 0));
    Ok(Pair {
        n: config.input.n,
        a: reading(&a, &others[0], &others[1]),
        b: reading(&b, &others[2], &others[3]),
        stages: Stage::all(config.model.layers)
            .into_iter()
            .zip(distances)
            .map(|(stage, distances)| StageDistances { stage, distances })
            .collect(),
        heads: measure::head_distances(&config.model, (seen_a, 0), (seen_b, 0)),
    })
}

/// A sequence that a model of this size would read for minutes is refused in words.
pub(super) fn refuse_too_long(config: &Config, tokens: usize) -> Result<(), NoAnswer> {
    let most = limits::max_tokens(config);
    if tokens <= most {
        return Ok(());
    }
    Err(NoAnswer::Failed(Failure::Refused(format!(
        "A model of this size reads at most {most} tokens here, and the longer sequence has {tokens}: make n, the width or the number of layers smaller."
    ))))
}

/// Reads one sequence: its last token, its next-token probabilities, the end of its attention map.
async fn read(
    transformer: &Transformer,
    config: &Config,
    tokens: &[Token],
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<(Observed, Tensor<1>, Tensor<1>), NoAnswer> {
    let (layer, head) = (config.view.layer, config.view.head);
    let mut recorder = Recorder::new(move |site| measure::wanted(site) || site == Site::Weights(layer));
    let rows = transformer.embed(&[tokens], &[0], &mut recorder);
    let rows = run(transformer, rows, None, &mut recorder, progress, share).await?;
    let y = transformer.output(rows, &mut recorder);

    let [_, length, width] = y.dims();
    let last = y.slice([0..1, length - 1..length, 0..width]);
    let logits = transformer.logits(last, &mut Nothing);
    let next = softmax(logits, 2).flatten(0, 2);

    let side = length.min(MAX_ATTENTION_SIDE);
    let map = recorder.head_blocks(Site::Weights(layer)).into_iter().map(|block| {
        let [_, _, rows, keys] = block.dims();
        // A block knows only the keys up to its last row; what follows has no weight.
        block.slice([0..1, head..head + 1, 0..rows, 0..keys]).pad((0, length - keys, 0, 0), 0.0)
    });
    let map = Tensor::cat(map.collect(), 2).slice([0..1, 0..1, length - side..length, length - side..length]).flatten(0, 3);
    Ok((measure::observe(&recorder, &config.model, &[length - 1], transformer.device()), next, map))
}

fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}
