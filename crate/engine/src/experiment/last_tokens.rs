//! The last tokens of both sequences at every n, by as few forwards as it takes.
//!
//! Prefix sharing: in a causal model the representation of a token does not see what follows. So one forward over the longest
//! sequence holds the last token of every sequence that is a prefix of it. A sequence that leaves it (by a query token at the end, say)
//! costs its suffix only: a few rows that attend to the KV cache of the shared prefix, up to where they leave it, and to each other. All
//! suffixes of one length go through the model as one batch.
//!
//! Where a token does see what follows, every sequence has a forward of its own.
//!
//! Nothing is assumed about the notation: how much of its prefix a sequence shares is found by comparing tokens.

use super::{Loaded, NoAnswer, Progress, pair::refuse_too_long, run};
use crate::hook::Recorder;
use crate::measure::{self, Observed, Representations};
use crate::precision::{Grid, Rounding};
use crate::progress::{Stopped, Work};
use crate::transformer::attention::LayerKv;
use crate::transformer::{KvCache, Transformer};
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Experiment, Input, Mask, Model, Which};
use glasses_contract::failure::Failure;
use glasses_contract::limits::{self, rows_flop};
use glasses_contract::report::{Collapse, Distances, SweepMethod, from_on};
use glasses_contract::sentence;
use glasses_contract::sequence::Sequences;
use glasses_contract::site::Site;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Tokens of suffixes that go through the model at once.
pub(super) const BATCH_TOKENS: usize = 4096;

/// Values of n whose sequences are written out between two steps of progress.
const WRITTEN_AT_ONCE: usize = 64;

/// Numbers that are kept for the next question at the most: 64 MiB of f64.
const MOST_KEPT: usize = 8 << 20;

/// What rounding a number to a format and comparing it amounts to, in floating-point operations of a matrix product.
const FLOP_OF_A_COMPARISON: u64 = 40;

/// Which way to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// One forward over the longest sequence, and the suffixes of the others.
    SharedPrefix,
    /// One forward for each n and sequence.
    OneForwardEach,
}

/// The last tokens of both sequences at every n.
pub(super) struct LastTokens {
    pub n: Vec<usize>,
    pub method: SweepMethod,
    /// A and B at each n, in turns.
    pub all: Vec<Vec<Token>>,
    representations: Vec<Representations>,
    found: Vec<Found>,
}

/// A last token: a row of some representations.
pub(super) type Row<'a> = (&'a Representations, usize);

/// Where a sequence's last token is found: in which observation, in which of its rows.
#[derive(Clone, Copy, Debug)]
struct Found {
    observed: usize,
    row: usize,
}

/// Last tokens, and all that they depend on.
pub(super) struct Kept {
    loaded: Rc<Loaded>,
    input: Input,
    last_tokens: Rc<LastTokens>,
}

impl Kept {
    /// The last tokens of a model's sequences: those that are kept, where they are the same, since the sweep and the meeting ask for them in turns.
    ///
    /// # Errors
    /// As [`LastTokens::at_every_n`].
    pub(super) async fn last_tokens(
        kept: &mut Option<Self>,
        loaded: &Rc<Loaded>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Rc<LastTokens>, NoAnswer> {
        // At every n there is no n.
        let input = Input { n: *limits::N.start(), ..config.input.clone() };
        if let Some(same) = kept.as_ref().filter(|kept| Rc::ptr_eq(&kept.loaded, loaded) && kept.input == input) {
            return Ok(same.last_tokens.clone());
        }
        *kept = None;
        let last_tokens = Rc::new(LastTokens::at_every_n(&loaded.transformer, config, None, progress).await?);
        let of_a_token = 2 * (config.model.layers + 1) * config.model.width;
        if last_tokens.all.len() * of_a_token <= MOST_KEPT {
            *kept = Some(Self { loaded: loaded.clone(), input, last_tokens: last_tokens.clone() });
        }
        Ok(last_tokens)
    }
}

impl LastTokens {
    pub(super) async fn at_every_n(
        transformer: &Transformer,
        config: &Experiment,
        route: Option<Route>,
        progress: &impl Progress,
    ) -> Result<Self, NoAnswer> {
        let sequences = Sequences::parse(&config.input)?;
        let n: Vec<usize> = sequences.sweepable(config.input.max_n).collect();
        let Some(&longest) = n.last() else {
            // The reason that n = 1 can't be read is the reason to give.
            sequences.whole_text(Which::A, 1)?;
            sequences.whole_text(Which::B, 1)?;
            return Err(NoAnswer::Failed(Failure::Refused(sentence!("There is no n at which both sequences can be read."))));
        };
        refuse_too_long(config, sequences.len(Which::A, longest).max(sequences.len(Which::B, longest)) as usize)?;

        let tokenizer = transformer.tokenizer();
        let mut all = Vec::with_capacity(2 * n.len());
        for (index, &n) in n.iter().enumerate() {
            all.extend([tokenizer.sequence(&sequences, Which::A, n)?, tokenizer.sequence(&sequences, Which::B, n)?]);
            if index % WRITTEN_AT_ONCE == 0 {
                progress.step(0.0).await?;
            }
        }
        let route = if config.model.attention.mask == Mask::Causal { route } else { Some(Route::OneForwardEach) };
        let plan = Plan::new(&all, route);
        let (observed, found) = plan.run(transformer, &all, progress).await?;
        let (representations, _) = measure::read(observed, vec![], &config.model).await?;
        let method = if plan.shared_prefixes.is_empty() { SweepMethod::OneForwardEach } else { SweepMethod::SharedPrefix };
        Ok(Self { n, method, all, representations, found })
    }

    /// The two last tokens at every n.
    pub(super) fn pairs(&self) -> impl Iterator<Item = [Row<'_>; 2]> {
        self.found.chunks_exact(2).map(|pair| [pair[0], pair[1]].map(|found| (&self.representations[found.observed], found.row)))
    }

    /// Their distances at the output.
    pub(super) fn output_distances(&self) -> Vec<Distances> {
        self.pairs().map(|[a, b]| Distances::between(a.0.output(a.1), b.0.output(b.1))).collect()
    }

    /// The collapse lengths of some stages in every format.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub(super) async fn collapse(
        &self,
        model: &Model,
        stages: std::ops::Range<usize>,
        progress: &impl Progress,
    ) -> Result<Vec<Collapse>, Stopped> {
        let of_a_stage = FLOP_OF_A_COMPARISON * (self.n.len() * model.width) as u64;
        let work = Work::new(progress, of_a_stage * (measure::COMPARED.len() * stages.len()) as u64);
        let mut all = Vec::with_capacity(measure::COMPARED.len());
        for format in measure::COMPARED {
            let grid = Grid::of(format, model.formats.bits);
            let mut collapse = Collapse { format, stages: Vec::with_capacity(stages.len()) };
            for stage in stages.clone() {
                let same: Vec<bool> =
                    self.pairs().map(|[a, b]| measure::identical(a.0.stage(stage, a.1), b.0.stage(stage, b.1), grid)).collect();
                collapse.stages.push(from_on(&self.n, &same));
                work.add(of_a_stage).await?;
            }
            all.push(collapse);
        }
        Ok(all)
    }
}

/// What goes through the model: shared prefixes, and the suffixes that leave them, in batches of one length. Sequences go by their index.
struct Plan {
    shared_prefixes: Vec<SharedPrefix>,
    /// Sequences that share nothing, one forward each.
    unshared: Vec<usize>,
}

/// A sequence whose prefixes others share.
struct SharedPrefix {
    sequence: usize,
    /// Sequences that are prefixes of it, with their length.
    prefixes: Vec<(usize, usize)>,
    /// The others that share at least one token with it: by length of the suffix, the sequence and where the suffix begins.
    suffixes: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Plan {
    fn new(all: &[Vec<Token>], route: Option<Route>) -> Self {
        let nothing_shared = || Self { shared_prefixes: Vec::new(), unshared: (0..all.len()).collect() };
        if route == Some(Route::OneForwardEach) {
            return nothing_shared();
        }
        // The longest A and the longest B are the candidates; one that is a prefix of the other adds nothing.
        let (a, b) = (all.len() - 2, all.len() - 1);
        let candidates = match shared(&all[a], &all[b]) {
            shared if shared == all[a].len() => vec![b],
            shared if shared == all[b].len() => vec![a],
            _ => vec![a, b],
        };
        let mut shared_prefixes: Vec<SharedPrefix> =
            candidates.iter().map(|&sequence| SharedPrefix { sequence, prefixes: Vec::new(), suffixes: BTreeMap::new() }).collect();
        let mut unshared = Vec::new();
        let mut tokens: usize = candidates.iter().map(|&sequence| all[sequence].len()).sum();
        for (index, sequence) in all.iter().enumerate() {
            let best = shared_prefixes
                .iter_mut()
                .map(|shared_prefix| (shared(&all[shared_prefix.sequence], sequence), shared_prefix))
                .max_by_key(|(shared, _)| *shared);
            match best {
                Some((0, _)) | None => unshared.push(index),
                Some((shared, shared_prefix)) if shared == sequence.len() => shared_prefix.prefixes.push((index, shared)),
                Some((shared, shared_prefix)) => {
                    shared_prefix.suffixes.entry(sequence.len() - shared).or_default().push((index, shared));
                    tokens += sequence.len() - shared;
                }
            }
        }
        // Where little is shared, suffixes cost more than they save: they attend to the whole shared prefix, masked or not.
        let each: usize = all.iter().map(Vec::len).sum();
        if route.is_none() && 2 * tokens > each { nothing_shared() } else { Self { shared_prefixes, unshared } }
    }

    /// The forwards, with a recorder at each; says where every sequence's last token was seen.
    async fn run(
        &self,
        transformer: &Transformer,
        all: &[Vec<Token>],
        progress: &impl Progress,
    ) -> Result<(Vec<Observed>, Vec<Found>), NoAnswer> {
        let model = transformer.model();
        let mut seen = Seen { observed: Vec::new(), found: vec![Found { observed: 0, row: 0 }; all.len()] };
        let flop = |rows: usize, before: usize| rows_flop(model, rows, before) as f32;
        let total = self.flop(model, all);
        let mut done = 0.0;
        for shared_prefix in &self.shared_prefixes {
            let tokens = all[shared_prefix.sequence].as_slice();
            let wanted = |site| measure::wanted(site) || matches!(site, Site::Key(_) | Site::Value(_));
            let share = (done, done + flop(tokens.len(), 0) / total);
            let recorder = forward(transformer, &[tokens], &[0], None, wanted, progress, share).await?;
            done = share.1;
            let rows: Vec<_> = shared_prefix.prefixes.iter().map(|&(sequence, length)| (sequence, length - 1)).collect();
            seen.note(measure_rows(&recorder, transformer, &rows), &rows);

            let cache = cache(&recorder, model.layers);
            for (&length, suffixes) in &shared_prefix.suffixes {
                for batch in suffixes.chunks((BATCH_TOKENS / length).max(1)) {
                    let sequences: Vec<&[Token]> = batch.iter().map(|&(sequence, leaves)| &all[sequence][leaves..]).collect();
                    let starts: Vec<usize> = batch.iter().map(|&(_, leaves)| leaves).collect();
                    let share = (done, done + batch.len() as f32 * flop(length, tokens.len()) / total);
                    let recorder = forward(transformer, &sequences, &starts, Some(&cache), measure::wanted, progress, share).await?;
                    done = share.1;
                    let rows: Vec<_> =
                        batch.iter().enumerate().map(|(place, &(sequence, _))| (sequence, (place + 1) * length - 1)).collect();
                    seen.note(measure_rows(&recorder, transformer, &rows), &rows);
                }
            }
        }
        for &sequence in &self.unshared {
            let tokens = all[sequence].as_slice();
            let share = (done, done + flop(tokens.len(), 0) / total);
            let recorder = forward(transformer, &[tokens], &[0], None, measure::wanted, progress, share).await?;
            done = share.1;
            let rows = [(sequence, tokens.len() - 1)];
            seen.note(measure_rows(&recorder, transformer, &rows), &rows);
        }
        Ok((seen.observed, seen.found))
    }

    /// Floating-point operations of all forwards. A suffix attends to its whole shared prefix, masked or not.
    fn flop(&self, model: &Model, all: &[Vec<Token>]) -> f32 {
        let whole = |sequence: usize| rows_flop(model, all[sequence].len(), 0) as f32;
        let suffixes = |shared_prefix: &SharedPrefix| -> f32 {
            let before = all[shared_prefix.sequence].len();
            shared_prefix.suffixes.iter().map(|(&length, suffixes)| suffixes.len() as f32 * rows_flop(model, length, before) as f32).sum()
        };
        let shared_prefixes =
            self.shared_prefixes.iter().map(|shared_prefix| whole(shared_prefix.sequence) + suffixes(shared_prefix)).sum::<f32>();
        shared_prefixes + self.unshared.iter().map(|&sequence| whole(sequence)).sum::<f32>()
    }
}

/// The observations so far, and where each sequence's last token is among them.
struct Seen {
    observed: Vec<Observed>,
    found: Vec<Found>,
}

impl Seen {
    fn note(&mut self, observed: Observed, rows: &[(usize, usize)]) {
        for (row, &(sequence, _)) in rows.iter().enumerate() {
            self.found[sequence] = Found { observed: self.observed.len(), row };
        }
        self.observed.push(observed);
    }
}

fn measure_rows<Wanted: Fn(Site) -> bool>(recorder: &Recorder<Wanted>, transformer: &Transformer, rows: &[(usize, usize)]) -> Observed {
    let rows: Vec<usize> = rows.iter().map(|&(_, row)| row).collect();
    measure::observe(recorder, transformer, &rows, &mut Rounding::of(&transformer.model().formats))
}

async fn forward<Wanted: Fn(Site) -> bool>(
    transformer: &Transformer,
    sequences: &[&[Token]],
    starts: &[usize],
    cache: Option<&KvCache>,
    wanted: Wanted,
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<Recorder<Wanted>, NoAnswer> {
    let mut hook = (Rounding::of(&transformer.model().formats), Recorder::new(wanted));
    let rows = transformer.embed(sequences, starts, &mut hook);
    let rows = run(transformer, rows, cache, &mut hook, progress, share).await?;
    transformer.output(rows, &mut hook);
    Ok(hook.1)
}

fn cache(recorder: &Recorder<impl Fn(Site) -> bool>, layers: usize) -> KvCache {
    let whole = |site| recorder.head_blocks(site).into_iter().next();
    (0..layers).filter_map(|layer| Some(LayerKv { keys: whole(Site::Key(layer))?, values: whole(Site::Value(layer))? })).collect()
}

/// How many tokens two sequences share from the start.
pub(super) fn shared(a: &[Token], b: &[Token]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
