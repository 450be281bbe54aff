//! Pair: two sequences at one n. How far apart are their last tokens at each stage, what comes next, who looks where?

use super::kv_cache::{extended, first, is_kept};
use super::prefix_cache::{Beginning, PrefixCache, ReadRows, ReadSequence};
use super::{Engine, NoAnswer, Progress, RespondWhole, run};
use crate::hook::{Hook, Recorder};
use crate::library::Library;
use crate::measure::{self, Observed, Representations};
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::tokenizer::Tokenizer;
use crate::transformer::{KvCache, LEAST_ROWS, Transformer};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::alphabet::Token;
use glasses_contract::config::Experiment;
use glasses_contract::device::DeviceKind;
use glasses_contract::failure::Failure;
use glasses_contract::limits::{self, MAX_ATTENTION_SIDE};
use glasses_contract::question;
use glasses_contract::report::{AttentionMap, Pair, Reading, Spread, Stage, StageDistances, TokenText};
use glasses_contract::sentence;
use glasses_contract::sequence::Sequences;
use glasses_contract::site::Site;
use std::collections::BTreeSet;

impl RespondWhole for question::Pair {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Pair, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        let is_exact = engine.compute.kind == DeviceKind::Cpu && loaded.transformer.is_batch_invariant(&hook(config, false));
        answer(&loaded.transformer, config, engine.prefixes.of(&loaded), is_exact, progress).await
    }
}

/// The pair, by as few rows as it takes where those before them need not be read again: what comes out `is_exact` then, bit for bit.
async fn answer(
    transformer: &Transformer,
    config: &Experiment,
    prefixes: &mut PrefixCache,
    is_exact: bool,
    progress: &impl Progress,
) -> Result<Pair, NoAnswer> {
    let sequences = Sequences::parse(&config.input)?;
    let tokenizer = transformer.tokenizer();
    let [a, b] = tokenizer.both(&sequences, config.input.n)?;
    refuse_too_long(config, a.len().max(b.len()))?;

    let forwards = Forwards { transformer, config, is_exact };
    let mut others: Vec<&ReadSequence> = prefixes.sequences().iter().collect();
    let of_a = forwards.forward(&a, &others, progress, (0.0, 0.45)).await?;
    let [a, b] = if is_exact {
        let read_a = forwards.read([of_a]).await?;
        others.extend(read_a.iter().map(|read| &read.sequence));
        let of_b = forwards.forward(&b, &others, progress, (0.45, 0.9)).await?;
        let read_b = forwards.read([of_b]).await?;
        let ([a], [b]) = (read_a, read_b);
        [a, b]
    } else {
        let of_b = forwards.forward(&b, &others, progress, (0.45, 0.9)).await?;
        forwards.read([of_a, of_b]).await?
    };
    let reading = |read: &Read| {
        let ReadSequence { tokens, rows, .. } = &read.sequence;
        let first = rows.mean_first_token();
        // The sink of the first token (Barbero et al. 2025): a head counts if it spends most of its attention there.
        let sink_heads = first.iter().filter(|&&mean| mean > SINK).count();
        let sinks: Vec<Spread> = rows.last_first_token().chunks(config.model.heads).map(Spread::of).collect();
        let side = tokens.len().min(MAX_ATTENTION_SIDE);
        Reading {
            tokens: tokenizer.labels(tokens),
            next: read.next.clone(),
            attention: AttentionMap {
                layer: config.view.layer,
                head: config.view.head,
                first: tokens.len() - side,
                side,
                weights: rows.map.last(side),
            },
            sink_share: sink_heads as f64 / first.len() as f64,
            sink_by_layer: sinks.iter().map(|sink| sink.mean).collect(),
            sink_least_by_layer: sinks.iter().map(|sink| sink.min).collect(),
            sink_most_by_layer: sinks.iter().map(|sink| sink.max).collect(),
        }
    };
    let [seen_a, seen_b] = [&a, &b].map(|read| (&read.representations, 0));
    let pair = Pair {
        n: config.input.n,
        a: reading(&a),
        b: reading(&b),
        stages: Stage::all(config.model.layers)
            .into_iter()
            .zip(measure::stage_distances(config.model.layers, seen_a, seen_b))
            .map(|(stage, distances)| StageDistances { stage, distances })
            .collect(),
        heads: measure::head_distances(&config.model, seen_a, seen_b),
        identical_in: measure::identical_in(&config.model, seen_a.0.output(0), seen_b.0.output(0)),
        labels: if config.model.file.is_some() { labels(tokenizer, [&a.next, &b.next]) } else { Vec::new() },
    };
    prefixes.keep([a, b].map(|read| read.sequence));
    Ok(pair)
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

/// What is seen of a forward: the representations of the last token, the map that is shown, attention to the first token, and keys and values, where they
/// are kept.
fn hook(config: &Experiment, keeps: bool) -> (Rounding, (Recorder<impl Fn(Site) -> bool + use<>>, FirstToken)) {
    let layer = config.view.layer;
    let recorder = Recorder::new(move |site| measure::wanted(site) || (keeps && is_kept(site)) || site == Site::Weights(layer));
    (Rounding::of(&config.model.formats), (recorder, FirstToken::default()))
}

/// How sequences go through the model.
struct Forwards<'a> {
    transformer: &'a Transformer,
    config: &'a Experiment,
    /// Whether rows have the same bits whatever other rows there are.
    is_exact: bool,
}

/// What was seen of a sequence, still on the device.
struct Forward<'a> {
    tokens: Vec<Token>,
    /// The sequence that it goes on from, and behind how many tokens.
    before: Option<(&'a ReadSequence, usize)>,
    map_from: usize,
    kv: Option<KvCache>,
    seen: Observed,
    /// The next token's probabilities, the map's rows, and each row's attention to the first token.
    others: [Tensor<1>; 3],
}

/// A sequence with its last token's representations, and the next token's probabilities.
struct Read {
    sequence: ReadSequence,
    representations: Representations,
    next: Vec<f64>,
}

impl Forwards<'_> {
    /// Sends one sequence through, or its end behind one of the others that begins as it does.
    async fn forward<'b>(
        &self,
        tokens: &[Token],
        others: &[&'b ReadSequence],
        progress: &impl Progress,
        (from, to): (f32, f32),
    ) -> Result<Forward<'b>, NoAnswer> {
        let Self { transformer, config, is_exact } = *self;
        let (layer, head) = (config.view.layer, config.view.head);
        let beginning = if is_exact { Beginning::of(tokens, (layer, head), others) } else { None };
        let before = beginning.map(|beginning| (others[beginning.other], beginning.known));
        let (known, length) = (before.map_or(0, |(_, known)| known), tokens.len());
        let cache = before.and_then(|(other, known)| other.kv.as_ref().map(|kv| first(kv, known)));

        let mut hook = hook(config, is_exact);
        let rows = transformer.embed(&[&tokens[known..]], &[known], &mut hook);
        let through_blocks = from + (to - from) * 0.9;
        let rows = run(transformer, rows, cache.as_ref(), &mut hook, progress, (from, through_blocks)).await?;
        let y = transformer.output(rows, &mut hook);
        let (mut rounding, (recorder, first_token)) = hook;

        let [_, count, width] = y.dims();
        let within = SubProgress::new(progress, (through_blocks, to));
        let work = Work::new(&within, 2 * (width * config.model.architecture.vocabulary) as u64);
        let logits = transformer.logits_in_steps(y.narrow(1, count - 1, 1), &mut rounding, &work).await?;
        let next = softmax(logits, 2).flatten(0, 2);

        let map_from = ReadRows::map_from(before.map(|(other, known)| (&other.rows.map, known)), length, (layer, head), is_exact);
        let first_row = map_from.max(known);
        let map = recorder.weights(layer, head..head + 1, length);
        let map = map.narrow(2, first_row - known, length - first_row).narrow(3, map_from, length - map_from).flatten(0, 3);
        Ok(Forward {
            tokens: tokens.to_vec(),
            before,
            map_from,
            kv: (is_exact && length >= LEAST_ROWS).then(|| extended(cache.as_ref(), &recorder, transformer.layers())),
            seen: measure::observe(&recorder, transformer, &[count - 1]),
            others: [next, map, first_token.rows()],
        })
    }

    /// Takes what was seen of some sequences off the device, in one go.
    async fn read<const N: usize>(&self, forwards: [Forward<'_>; N]) -> Result<[Read; N], NoAnswer> {
        let view = (self.config.view.layer, self.config.view.head);
        let mut seen = Vec::with_capacity(N);
        let mut others = Vec::with_capacity(3 * N);
        let begun = forwards.map(|forward| {
            seen.push(forward.seen);
            others.extend(forward.others);
            (forward.tokens, forward.before, forward.map_from, forward.kv)
        });
        let (representations, others) = measure::read(seen, others, &self.config.model).await?;
        let (mut representations, mut others) = (representations.into_iter(), others.into_iter());
        let mut number = || others.next().unwrap_or_default();
        Ok(begun.map(|(tokens, before, map_from, kv)| {
            let [next, map, first] = [number(), number(), number()];
            let before = before.map(|(other, known)| (&other.rows, known));
            let rows = ReadRows::joined(before, tokens.len(), view, map_from, (&first, &map));
            let representations = representations.next().unwrap_or_default();
            Read { sequence: ReadSequence { tokens, kv, rows }, representations, next }
        }))
    }
}

/// The attention of each row and head to the first token, without the maps.
#[derive(Default)]
struct FirstToken {
    /// For each layer, block after block, [1, head, rows, 1].
    layers: Vec<Vec<Tensor<4>>>,
}

impl FirstToken {
    /// All of it, [layer · head, row].
    fn rows(self) -> Tensor<1> {
        Tensor::cat(self.layers.into_iter().map(|blocks| Tensor::cat(blocks, 2).flatten(0, 3)).collect(), 0)
    }
}

impl Hook for FirstToken {
    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        if let Site::Weights(layer) = site {
            self.layers.resize_with(self.layers.len().max(layer + 1), Vec::new);
            // A sum over the one key: a part of a map would keep all of it.
            self.layers[layer].push(x.clone().narrow(3, 0, 1).sum_dim(3));
        }
        x
    }

    fn wants(&self, site: Site) -> bool {
        matches!(site, Site::Weights(_))
    }

    fn replaces(&self, _site: Site) -> bool {
        false
    }
}
