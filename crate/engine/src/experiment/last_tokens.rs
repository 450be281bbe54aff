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
//!
//! A language model reads its shared prefix in stretches, so that what the first of them hold is known early, and at some n only where most sequences
//! have rows of their own.

mod plan;

use super::{Loaded, NoAnswer, Progress, pair::refuse_too_long};
use crate::measure::{self, Representations};
use crate::precision::Grid;
use crate::progress::{Stopped, Work};
use crate::transformer::Transformer;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Experiment, Input, Mask, Model, Which};
use glasses_contract::failure::Failure;
use glasses_contract::limits::{self, LANGUAGE_SWEEP};
use glasses_contract::report::{Collapse, Distances, SweepMethod, from_on};
use glasses_contract::sentence;
use glasses_contract::sequence::Sequences;
use glasses_contract::spaced::spaced;
use plan::Plan;
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

/// The last tokens of both sequences at every n, or at some.
pub(super) struct LastTokens {
    pub n: Vec<usize>,
    pub method: SweepMethod,
    /// A and B at each n, in turns.
    pub all: Rc<Vec<Vec<Token>>>,
    representations: Vec<Representations>,
    /// One for each sequence; none of those that are not read yet.
    found: Vec<Option<Found>>,
    /// The same of first tokens.
    firsts: Vec<Option<Found>>,
}

/// A last token: a row of some representations.
pub(super) type Row<'a> = (&'a Representations, usize);

/// Where a token of a sequence is found: in which observation, in which of its rows.
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
    /// As [`LastTokens::shown`].
    pub(super) async fn last_tokens(
        kept: &mut Option<Self>,
        loaded: &Rc<Loaded>,
        config: &Experiment,
        progress: &impl Progress,
        show: &mut impl FnMut(&LastTokens),
    ) -> Result<Rc<LastTokens>, NoAnswer> {
        // At every n there is no n.
        let input = Input { n: *limits::N.start(), ..config.input.clone() };
        if let Some(same) = kept.as_ref().filter(|kept| Rc::ptr_eq(&kept.loaded, loaded) && kept.input == input) {
            return Ok(same.last_tokens.clone());
        }
        *kept = None;
        let last_tokens = Rc::new(LastTokens::shown(&loaded.transformer, config, None, progress, show).await?);
        if last_tokens.representations.iter().map(Representations::count).sum::<usize>() <= MOST_KEPT {
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
        Self::shown(transformer, config, route, progress, &mut |_| {}).await
    }

    /// The same, shown while it grows: a language model takes seconds for it.
    ///
    /// # Errors
    /// If the input can't be read, there is too much to compute, the device fails, or `progress` says stop.
    pub(super) async fn shown(
        transformer: &Transformer,
        config: &Experiment,
        route: Option<Route>,
        progress: &impl Progress,
        show: &mut impl FnMut(&Self),
    ) -> Result<Self, NoAnswer> {
        let sequences = Sequences::parse(&config.input)?;
        let mut n: Vec<usize> = sequences.sweepable(config.input.max_n).collect();
        let Some(&longest) = n.last() else {
            // The reason that n = 1 can't be read is the reason to give.
            sequences.whole_text(Which::A, 1)?;
            sequences.whole_text(Which::B, 1)?;
            return Err(NoAnswer::Failed(Failure::Refused(sentence!("There is no n at which both sequences can be read."))));
        };
        refuse_too_long(config, sequences.len(Which::A, longest).max(sequences.len(Which::B, longest)) as usize)?;

        let route = if config.model.attention.mask == Mask::Causal { route } else { Some(Route::OneForwardEach) };
        if config.model.file.is_some() && n.len() > LANGUAGE_SWEEP {
            let some = spaced(n[0], longest, LANGUAGE_SWEEP);
            let texts = written(transformer, &sequences, &some, progress).await?;
            let of_their_own = Plan::new(&config.model, &texts, route).rows_of_their_own(&texts) * n.len() / some.len();
            let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
            if of_their_own > longest {
                n = some;
            }
        }
        let all = written(transformer, &sequences, &n, progress).await?;
        let plan = Plan::new(&config.model, &all, route);
        let method = if plan.is_shared() { SweepMethod::SharedPrefix } else { SweepMethod::OneForwardEach };
        let (found, firsts) = (vec![None; all.len()], vec![None; all.len()]);
        let mut read = Self { n, method, all: Rc::new(all), representations: Vec::new(), found, firsts };
        plan.run(transformer, &mut read, progress, show).await?;
        Ok(read)
    }

    /// The n at which both last tokens are read, and the two.
    pub(super) fn known(&self) -> impl Iterator<Item = (usize, [Row<'_>; 2])> {
        self.n.iter().zip(self.found.chunks_exact(2)).filter_map(|(&n, pair)| Some((n, [self.row(pair[0]?), self.row(pair[1]?)])))
    }

    /// The first token of A at the n of [`LastTokens::known`].
    pub(super) fn first_tokens(&self) -> impl Iterator<Item = Row<'_>> {
        let pairs = self.found.chunks_exact(2).zip(self.firsts.chunks_exact(2));
        pairs.filter(|(last, _)| last.iter().all(Option::is_some)).filter_map(|(_, first)| Some(self.row(first[0]?)))
    }

    fn row(&self, found: Found) -> Row<'_> {
        (&self.representations[found.observed], found.row)
    }

    /// The two last tokens at every n.
    pub(super) fn pairs(&self) -> impl Iterator<Item = [Row<'_>; 2]> {
        self.known().map(|(_, pair)| pair)
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

/// The sequences at some n, A and B in turns.
async fn written(
    transformer: &Transformer,
    sequences: &Sequences,
    n: &[usize],
    progress: &impl Progress,
) -> Result<Vec<Vec<Token>>, NoAnswer> {
    let tokenizer = transformer.tokenizer();
    let mut all = Vec::with_capacity(2 * n.len());
    for (index, &n) in n.iter().enumerate() {
        all.extend([tokenizer.sequence(sequences, Which::A, n)?, tokenizer.sequence(sequences, Which::B, n)?]);
        if index % WRITTEN_AT_ONCE == 0 {
            progress.step(0.0).await?;
        }
    }
    Ok(all)
}
