//! What goes through the model for the last tokens of many sequences, and in which order.

use super::{BATCH_TOKENS, Found, LastTokens, Route};
use crate::experiment::kv_cache::{extended, is_kept, shared};
use crate::experiment::{NoAnswer, Progress, run};
use crate::hook::Recorder;
use crate::measure::{self, Observed};
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::transformer::{KvCache, Transformer};
use glasses_contract::alphabet::Token;
use glasses_contract::config::Model;
use glasses_contract::limits::rows_flop;
use glasses_contract::site::Site;
use std::collections::BTreeMap;

/// Tokens of the first stretch of a language model's shared prefix: its numbers are there after a fraction of a second.
const FIRST_STRETCH: usize = 64;
/// Tokens of a later stretch. Each reads all weights once more, and holds the scores of its rows at once.
const STRETCH: usize = 192;

/// What goes through the model: shared prefixes, and the suffixes that leave them, in batches of one length. Sequences go by their index.
pub(super) struct Plan {
    shared_prefixes: Vec<SharedPrefix>,
    /// Sequences that share nothing, one forward each.
    unshared: Vec<usize>,
}

/// A sequence whose prefixes others share.
struct SharedPrefix {
    sequence: usize,
    /// Sequences that are prefixes of it, with their length, which is not 0.
    prefixes: Vec<(usize, usize)>,
    /// The others that share at least one token with it: by length of the suffix, the sequence and where the suffix begins.
    suffixes: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Plan {
    /// A plan for sequences of a model, the longest A and the longest B last.
    pub(super) fn new(model: &Model, all: &[Vec<Token>], route: Option<Route>) -> Self {
        let nothing_shared = || Self { shared_prefixes: Vec::new(), unshared: (0..all.len()).collect() };
        if route == Some(Route::OneForwardEach) {
            return nothing_shared();
        }
        // The longest A and the longest B are the candidates; one that is a prefix of the other adds nothing.
        let (a, b) = (all.len() - 2, all.len() - 1);
        let plan = match shared(&all[a], &all[b]) {
            shared if shared == all[a].len() => Self::on(&[b], all),
            shared if shared == all[b].len() => Self::on(&[a], all),
            // What a language model reads costs by its rows above all, and the end of one may be fewer rows behind the other.
            _ if model.file.is_some() => {
                let plans = [&[a, b][..], &[b], &[a]].map(|candidates| Self::on(candidates, all));
                plans.into_iter().min_by_key(|plan| plan.rows(all)).unwrap_or_else(nothing_shared)
            }
            _ => Self::on(&[a, b], all),
        };
        // Where little is shared, suffixes cost more than they save: they attend to the whole shared prefix, masked or not.
        let each: usize = all.iter().map(Vec::len).sum();
        if route.is_none() && 2 * (plan.rows(all) - plan.rows_of_unshared(all)) > each { nothing_shared() } else { plan }
    }

    /// With these sequences as shared prefixes.
    fn on(candidates: &[usize], all: &[Vec<Token>]) -> Self {
        let mut shared_prefixes: Vec<SharedPrefix> =
            candidates.iter().map(|&sequence| SharedPrefix { sequence, prefixes: Vec::new(), suffixes: BTreeMap::new() }).collect();
        let mut unshared = Vec::new();
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
                }
            }
        }
        Self { shared_prefixes, unshared }
    }

    /// Rows that go through the model.
    fn rows(&self, all: &[Vec<Token>]) -> usize {
        self.shared_prefixes.iter().map(|shared_prefix| all[shared_prefix.sequence].len()).sum::<usize>() + self.rows_of_their_own(all)
    }

    fn rows_of_unshared(&self, all: &[Vec<Token>]) -> usize {
        self.unshared.iter().map(|&sequence| all[sequence].len()).sum()
    }

    /// Whether sequences share what is read once.
    pub(super) fn is_shared(&self) -> bool {
        !self.shared_prefixes.is_empty()
    }

    /// Rows that are read for one sequence alone.
    pub(super) fn rows_of_their_own(&self, all: &[Vec<Token>]) -> usize {
        let suffixes = self.shared_prefixes.iter().flat_map(|shared_prefix| &shared_prefix.suffixes);
        suffixes.map(|(length, suffixes)| length * suffixes.len()).sum::<usize>() + self.rows_of_unshared(all)
    }

    /// The forwards, with a recorder at each; notes where every sequence's last token was seen. Where a prefix is read in stretches, what is known is
    /// shown after each.
    pub(super) async fn run(
        &self,
        transformer: &Transformer,
        last_tokens: &mut LastTokens,
        progress: &impl Progress,
        show: &mut impl FnMut(&LastTokens),
    ) -> Result<(), NoAnswer> {
        let is_shown = transformer.model().file.is_some();
        let pace = Pace { progress, total: self.flop(transformer.model(), &last_tokens.all), done: 0.0 };
        let mut forwards = Forwards { transformer, last_tokens, waiting: Vec::new(), pace };
        let mut walks: Vec<Walk> = self.shared_prefixes.iter().map(|shared_prefix| Walk { shared_prefix, read: 0, cache: None }).collect();
        loop {
            let mut is_done = true;
            for walk in &mut walks {
                is_done &= !walk.step(&mut forwards, is_shown).await?;
            }
            if is_shown {
                forwards.show(show).await?;
            }
            if is_done {
                break;
            }
        }
        for (at, &sequence) in self.unshared.iter().enumerate() {
            let all = forwards.last_tokens.all.clone();
            let tokens = all[sequence].as_slice();
            let seen = forwards.read(&[tokens], &[0], None, measure::wanted).await?;
            forwards.note(&seen, &[(sequence, tokens.len() - 1)], &[sequence]).await?;
            if is_shown && at % 2 == 1 {
                forwards.show(show).await?;
            }
        }
        forwards.look().await
    }

    /// Floating-point operations of all forwards. A suffix attends to its whole shared prefix, masked or not.
    fn flop(&self, model: &Model, all: &[Vec<Token>]) -> f32 {
        let scored = 2.0 * (model.width * model.architecture.vocabulary) as f32;
        let whole = |sequence: usize| rows_flop(model, all[sequence].len(), 0) as f32;
        let suffixes = |shared_prefix: &SharedPrefix| -> f32 {
            let before = all[shared_prefix.sequence].len();
            shared_prefix.suffixes.iter().map(|(&length, suffixes)| suffixes.len() as f32 * rows_flop(model, length, before) as f32).sum()
        };
        let shared_prefixes =
            self.shared_prefixes.iter().map(|shared_prefix| whole(shared_prefix.sequence) + suffixes(shared_prefix)).sum::<f32>();
        let scores = (all.len() + self.shared_prefixes.len() + self.unshared.len()) as f32 * scored;
        shared_prefixes + self.unshared.iter().map(|&sequence| whole(sequence)).sum::<f32>() + scores
    }
}

/// How far the reading of a shared prefix is.
struct Walk<'a> {
    shared_prefix: &'a SharedPrefix,
    /// Tokens that are read.
    read: usize,
    /// Their keys and values.
    cache: Option<KvCache>,
}

impl Walk<'_> {
    /// Reads the next stretch of the prefix, or all of it, and the suffixes that leave it there; says whether something is left.
    async fn step(&mut self, forwards: &mut Forwards<'_, impl Progress>, in_stretches: bool) -> Result<bool, NoAnswer> {
        let SharedPrefix { sequence, prefixes, suffixes } = self.shared_prefix;
        let all = forwards.last_tokens.all.clone();
        let whole = all[*sequence].as_slice();
        let before = self.read;
        let next = if before == 0 { FIRST_STRETCH } else { before + STRETCH };
        let end = if in_stretches { next.min(whole.len()) } else { whole.len() };
        if before == end {
            return Ok(false);
        }
        let wanted = |site| measure::wanted(site) || is_kept(site);
        let seen = forwards.read(&[&whole[before..end]], &[before], self.cache.as_ref(), wanted).await?;
        let is_here = |place: usize| (before + 1..=end).contains(&place);
        let rows: Vec<_> =
            prefixes.iter().filter(|(_, length)| is_here(*length)).map(|&(sequence, length)| (sequence, length - 1 - before)).collect();
        // The first token does not see what follows: it is the same in all that begin with it.
        let all_here = prefixes.iter().chain(suffixes.values().flatten()).filter(|_| before == 0);
        let firsts: Vec<usize> = all_here.map(|&(sequence, _)| sequence).collect();
        forwards.note(&seen, &rows, &firsts).await?;
        let cache = extended(self.cache.as_ref(), &seen, forwards.transformer.layers());
        drop(seen);

        for (&length, suffixes) in suffixes {
            let here: Vec<(usize, usize)> = suffixes.iter().copied().filter(|(_, leaves)| is_here(*leaves)).collect();
            for batch in here.chunks((BATCH_TOKENS / length).max(1)) {
                let sequences: Vec<&[Token]> = batch.iter().map(|&(sequence, leaves)| &all[sequence][leaves..]).collect();
                let starts: Vec<usize> = batch.iter().map(|&(_, leaves)| leaves).collect();
                let seen = forwards.read(&sequences, &starts, Some(&cache), measure::wanted).await?;
                let rows: Vec<_> = batch.iter().enumerate().map(|(place, &(sequence, _))| (sequence, (place + 1) * length - 1)).collect();
                forwards.note(&seen, &rows, &[]).await?;
            }
        }
        (self.read, self.cache) = (end, Some(cache));
        Ok(end < whole.len())
    }
}

/// The forwards so far, and what was seen in them.
struct Forwards<'a, P: Progress> {
    transformer: &'a Transformer,
    last_tokens: &'a mut LastTokens,
    /// What was seen and is still on the device.
    waiting: Vec<Observed>,
    pace: Pace<'a, P>,
}

impl<P: Progress> Forwards<'_, P> {
    /// One forward.
    async fn read<Wanted: Fn(Site) -> bool>(
        &mut self,
        sequences: &[&[Token]],
        starts: &[usize],
        cache: Option<&KvCache>,
        wanted: Wanted,
    ) -> Result<Recorder<Wanted>, NoAnswer> {
        let (transformer, model) = (self.transformer, self.transformer.model());
        let mut hook = (Rounding::of(&model.formats), Recorder::new(wanted));
        let rows = transformer.embed(sequences, starts, &mut hook);
        let flop = transformer.flop(&rows, cache);
        let rows = run(transformer, rows, cache, &mut hook, self.pace.progress, self.pace.share(flop)).await?;
        transformer.output(rows, &mut hook);
        Ok(hook.1)
    }

    /// Notes where the last tokens of sequences are in a forward, sequence and row, and whose first token its first row is.
    async fn note(&mut self, seen: &Recorder<impl Fn(Site) -> bool>, places: &[(usize, usize)], firsts: &[usize]) -> Result<(), NoAnswer> {
        // What is the last token of one sequence may be that of another too.
        let mut rows: Vec<usize> = places.iter().map(|&(_, row)| row).collect();
        rows.extend((!firsts.is_empty()).then_some(0));
        rows.sort_unstable();
        rows.dedup();
        if rows.is_empty() {
            return Ok(());
        }
        let model = self.transformer.model();
        let flop = 2 * (rows.len() * model.width * model.architecture.vocabulary) as u64;
        let within = SubProgress::new(self.pace.progress, self.pace.share(flop));
        let work = Work::new(&within, flop);
        let observed = measure::observe_with_next(seen, self.transformer, &rows, &mut Rounding::of(&model.formats), &work).await?;
        let at = self.last_tokens.representations.len() + self.waiting.len();
        for (sequence, row) in places {
            let row = rows.binary_search(row).ok();
            self.last_tokens.found[*sequence] = row.map(|row| Found { observed: at, row });
        }
        // Rows are sorted.
        firsts.iter().for_each(|&sequence| self.last_tokens.firsts[sequence] = Some(Found { observed: at, row: 0 }));
        self.waiting.push(observed);
        Ok(())
    }

    /// Takes what was seen off the device, in one go.
    async fn look(&mut self) -> Result<(), NoAnswer> {
        let waiting = std::mem::take(&mut self.waiting);
        let (read, _) = measure::read(waiting, vec![], self.transformer.model()).await?;
        self.last_tokens.representations.extend(read);
        Ok(())
    }

    /// The same, and shows what is known.
    async fn show(&mut self, show: &mut impl FnMut(&LastTokens)) -> Result<(), NoAnswer> {
        self.look().await?;
        show(self.last_tokens);
        Ok(())
    }
}

/// Which share of all operations is done.
struct Pace<'a, P: Progress> {
    progress: &'a P,
    total: f32,
    done: f32,
}

impl<P: Progress> Pace<'_, P> {
    /// The share of the whole that so many operations are, behind those that are done.
    fn share(&mut self, flop: u64) -> (f32, f32) {
        let from = self.done;
        self.done = (from + flop as f32 / self.total).min(1.0);
        (from, self.done)
    }
}
