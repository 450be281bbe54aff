//! Search: two sequences of one length that the model can hardly tell apart.
//!
//! It begins with sequences of the symbols that were typed, and looks around each: every exchange of one symbol, and of two
//! neighbours. From the closest pair it goes on by changing both sequences alike, which keeps what differs and changes what surrounds
//! it, and stops where rounds of such changes bring the two no closer. Everything is drawn from the seed, so the same question finds the
//! same pair.

use super::{Engine, NoAnswer, NoProgress, Progress, RespondWhole, last_tokens::BATCH_TOKENS};
use crate::hook::Recorder;
use crate::library::Library;
use crate::measure::{self, Representations};
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::transformer::Transformer;
use glasses_contract::alphabet::{Token, character};
use glasses_contract::config::{Experiment, Which};
use glasses_contract::failure::Failure;
use glasses_contract::question;
use glasses_contract::report::{Distances, Found};
use glasses_contract::sequence::Sequences;
use glasses_contract::{open, pattern, random, sentence};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// Sequences to look around, the first of them A itself.
const STARTS: usize = 4;
/// Sequences that are compared with each start.
const NEIGHBOURS: usize = 192;
/// Changes of both that are tried in each round.
const CHANGES: usize = 48;
/// Rounds at the most.
const ROUNDS: usize = 16;
/// Rounds that brought nothing before the search gives up.
const PATIENCE: usize = 3;

/// The two middles, between prefix and suffix.
type Middles = [Vec<Token>; 2];

impl RespondWhole for question::Search {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Found, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<Found, NoAnswer> {
    let mut search = Search::new(transformer, config)?;
    let mut best: Option<(f64, Middles)> = None;
    let steps = (STARTS + ROUNDS) as f32;
    for start in 0..STARTS {
        let start_middle = search.start(start);
        let around = search.neighbours(&start_middle);
        let pairs: Vec<Middles> = around.into_iter().map(|other| [start_middle.clone(), other]).collect();
        progress.step(start as f32 / steps).await?;
        search.keep_closest(&mut best, pairs, progress, (start as f32 / steps, (start + 1) as f32 / steps)).await?;
    }
    let mut idle = 0;
    for round in 0..ROUNDS {
        let Some((before, pair)) = best.clone() else { break };
        if before == 0.0 || idle == PATIENCE {
            break;
        }
        let changed = (0..CHANGES).filter_map(|_| search.change(&pair)).collect();
        let share = ((STARTS + round) as f32 / steps, (STARTS + round + 1) as f32 / steps);
        search.keep_closest(&mut best, changed, progress, share).await?;
        let closer = best.as_ref().is_some_and(|(closest, _)| *closest < before);
        idle = if closer { 0 } else { idle + 1 };
    }
    let finished = idle == PATIENCE || best.as_ref().is_some_and(|(closest, _)| *closest == 0.0);
    let Some((_, [a, b])) = best else {
        let sentence = sentence!("Only one sequence has this length and these symbols: make n larger, or type a second symbol.");
        return Err(NoAnswer::Failed(Failure::Refused(sentence)));
    };
    search.report([a, b], finished, progress).await
}

struct Search<'a> {
    transformer: &'a Transformer,
    config: &'a Experiment,
    /// What stands in front of every sequence, and behind it.
    around: [Vec<Token>; 2],
    /// A's own symbols at n.
    first: Vec<Token>,
    symbols: Vec<Token>,
    random: ChaCha8Rng,
    read: usize,
}

impl<'a> Search<'a> {
    fn new(transformer: &'a Transformer, config: &'a Experiment) -> Result<Self, NoAnswer> {
        let input = &config.input;
        let sequences = Sequences::parse(input)?;
        let [before, first, behind] = sequences.in_parts(Which::A, input.n)?;
        super::pair::refuse_too_long(config, before.len() + first.len() + behind.len())?;
        let [_, second, _] = sequences.in_parts(Which::B, input.n)?;
        let mut symbols: Vec<Token> = first.iter().chain(&second).copied().collect();
        symbols.extend("10".chars().filter_map(glasses_contract::alphabet::token));
        symbols.sort_unstable();
        symbols.dedup();
        let around = [before, behind];
        let random = ChaCha8Rng::seed_from_u64(u64::from(input.draw_seed));
        Ok(Self { transformer, config, around, first, symbols, random, read: 0 })
    }

    fn below(&mut self, end: usize) -> usize {
        random::below(&mut self.random, end)
    }

    fn symbol(&mut self) -> Token {
        let at = self.below(self.symbols.len());
        self.symbols[at]
    }

    /// A itself, then sequences of the same length drawn from the symbols.
    fn start(&mut self, index: usize) -> Vec<Token> {
        if index == 0 {
            return self.first.clone();
        }
        (0..self.first.len()).map(|_| self.symbol()).collect()
    }

    /// Sequences that differ from this one in one symbol, or in the order of two neighbours; a draw of them where there are many.
    fn neighbours(&mut self, middle: &[Token]) -> Vec<Vec<Token>> {
        // Where it differs, and by which symbol; by none where two neighbours change places. Of a long sequence there are hundreds of
        // thousands, too many to write out.
        let mut all: Vec<(usize, Option<Token>)> = Vec::new();
        for at in 0..middle.len() {
            all.extend(self.symbols.iter().filter(|&&symbol| symbol != middle[at]).map(|&symbol| (at, Some(symbol))));
            if at > 0 && middle[at - 1] != middle[at] {
                all.push((at, None));
            }
        }
        while all.len() > NEIGHBOURS {
            let out = self.below(all.len());
            all.swap_remove(out);
        }
        let written = |(at, symbol): (usize, Option<Token>)| {
            let mut other = middle.to_vec();
            match symbol {
                Some(symbol) => other[at] = symbol,
                None => other.swap(at - 1, at),
            }
            other
        };
        all.into_iter().map(written).collect()
    }

    /// Both changed alike at one place at which they agree; none if that changes nothing.
    fn change(&mut self, [a, b]: &Middles) -> Option<Middles> {
        let (at, symbol) = (self.below(a.len()), self.symbol());
        if a[at] != b[at] || a[at] == symbol {
            return None;
        }
        let put = |middle: &Vec<Token>| {
            let mut middle = middle.clone();
            middle[at] = symbol;
            middle
        };
        Some([put(a), put(b)])
    }

    async fn keep_closest(
        &mut self,
        best: &mut Option<(f64, Middles)>,
        pairs: Vec<Middles>,
        progress: &impl Progress,
        share: (f32, f32),
    ) -> Result<(), NoAnswer> {
        let within = SubProgress::new(progress, share);
        let length = self.around.iter().map(Vec::len).sum::<usize>() + self.first.len();
        let at_once = (BATCH_TOKENS / (2 * length)).max(1);
        let batches = pairs.len().div_ceil(at_once);
        for (index, batch) in pairs.chunks(at_once).enumerate() {
            let seen = self.read(batch, &SubProgress::part(&within, index, batches)).await?;
            for (place, pair) in batch.iter().enumerate() {
                let distance = self.distances(&seen, place).get(self.config.view.metric);
                // A number is closer than none.
                if best.as_ref().is_none_or(|(closest, _)| distance < *closest || closest.is_nan()) {
                    *best = Some((distance, pair.clone()));
                }
            }
        }
        Ok(())
    }

    fn distances(&self, seen: &Representations, pair: usize) -> Distances {
        Distances::between(seen.output(2 * pair), seen.output(2 * pair + 1))
    }

    /// The last tokens of some pairs, one after the other.
    async fn read(&mut self, pairs: &[Middles], progress: &impl Progress) -> Result<Representations, NoAnswer> {
        let [before, behind] = &self.around;
        let whole: Vec<Vec<Token>> = pairs.iter().flatten().map(|middle| [before, middle, behind].map(Vec::as_slice).concat()).collect();
        let sequences: Vec<&[Token]> = whole.iter().map(Vec::as_slice).collect();
        let length = sequences.first().map_or(0, |sequence| sequence.len());
        let rounding = Rounding::of(&self.config.model.formats);
        let mut hook = (rounding, Recorder::new(measure::wanted));
        let rows = self.transformer.embed(&sequences, &vec![0; sequences.len()], &mut hook);
        let rows = self.transformer.blocks(rows, None, &mut hook, progress).await?;
        self.transformer.output(rows, &mut hook);
        let last: Vec<usize> = (1..=sequences.len()).map(|sequence| sequence * length - 1).collect();
        let work = Work::new(&NoProgress, 0);
        let observed = measure::observe_with_next(&hook.1, self.transformer, &last, &mut hook.0, &work).await?;
        let (mut seen, _) = measure::read(vec![observed], vec![], &self.config.model).await?;
        self.read += sequences.len();
        seen.pop().ok_or(NoAnswer::Stopped)
    }

    async fn report(mut self, pair: Middles, finished: bool, progress: &impl Progress) -> Result<Found, NoAnswer> {
        let seen = self.read(std::slice::from_ref(&pair), &SubProgress::new(progress, (1.0, 1.0))).await?;
        let text = |middle: &[Token]| pattern::escape(&middle.iter().copied().filter_map(character).collect::<String>());
        let [a, b] = [text(&pair[0]), text(&pair[1])];
        let mut config = self.config.clone();
        (config.input.a, config.input.b) = (a.clone(), b.clone());
        Ok(Found {
            n: self.config.input.n,
            differing: pair[0].iter().zip(&pair[1]).filter(|(a, b)| a != b).count(),
            distances: self.distances(&seen, 0),
            identical_in: measure::identical_in(&self.config.model, seen.output(0), seen.output(1)),
            same_next: seen.next(0) == seen.next(1),
            read: self.read,
            finished,
            link: open::encode(&config.into()),
            a,
            b,
        })
    }
}
