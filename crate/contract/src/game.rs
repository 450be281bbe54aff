//! A game: who counts better, a person or a model, while texts grow longer?

use crate::random;
use crate::report::{Length, LengthsOf};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// Texts of a game.
pub const ROUNDS: usize = 6;
/// How long a game takes at the most, in seconds.
pub const SECONDS: u32 = 30;

/// A text that is nothing but ones, and what the model made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Ones in the text.
    pub n: usize,
    /// The model's answer, as it wrote it.
    pub said: String,
}

/// Points of the person and of the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The person's.
    pub you: usize,
    /// The model's.
    pub model: usize,
}

/// How a model answers beyond the lengths at which it is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blindness {
    /// Up to this length it is always right; 0 where it is wrong at once.
    pub right_to: usize,
    /// How many longer texts it was asked about.
    pub longer: usize,
    /// The answers that it gave to those, each once, in the order of the texts.
    pub answers: Vec<String>,
}

/// The rounds of a game, longer and longer: of the lengths at which the model was asked, one out of each of [`ROUNDS`] bands whose ends grow in
/// equal ratios. The same seed gives the same rounds. Empty where there are fewer lengths than bands.
pub fn rounds(lengths: &[Length], seed: usize) -> Vec<Round> {
    let mut random = ChaCha8Rng::seed_from_u64(seed as u64);
    let count = lengths.len();
    if count < ROUNDS {
        return Vec::new();
    }
    let mut from = 0;
    let mut all = Vec::with_capacity(ROUNDS);
    for band in 1..=ROUNDS {
        let ideal = (count as f64).powf(band as f64 / ROUNDS as f64).round() as usize;
        // Each band, those that are left included, has one length at least.
        let to = ideal.clamp(from + 1, count - (ROUNDS - band));
        let length = &lengths[from + random::below(&mut random, to - from)];
        all.push(Round { n: length.n, said: length.said.first().cloned().unwrap_or_default() });
        from = to;
    }
    all
}

impl Round {
    /// Whether the model is right.
    pub fn is_right(&self) -> bool {
        self.said.parse() == Ok(self.n)
    }

    /// Who was nearer, or both.
    pub fn score(&self, guess: usize) -> Score {
        let off = |answer: usize| answer.abs_diff(self.n);
        let model = self.said.parse().map_or(usize::MAX, off);
        Score { you: usize::from(off(guess) <= model), model: usize::from(model <= off(guess)) }
    }
}

/// The score of all guesses; rounds without one count for nobody.
pub fn score(rounds: &[Round], guesses: &[usize]) -> Score {
    rounds
        .iter()
        .zip(guesses)
        .map(|(round, &guess)| round.score(guess))
        .fold(Score::default(), |sum, score| Score { you: sum.you + score.you, model: sum.model + score.model })
}

/// Up to where a model is right, and what is left of its answers behind that.
pub fn blindness(of: &LengthsOf) -> Blindness {
    let right = of.lengths.iter().take_while(|length| length.exact() == length.said.len()).count();
    let mut answers: Vec<String> = Vec::new();
    for said in of.lengths[right..].iter().flat_map(|length| &length.said) {
        if !answers.contains(said) {
            answers.push(said.clone());
        }
    }
    Blindness { right_to: right.checked_sub(1).map_or(0, |last| of.lengths[last].n), longer: of.lengths.len() - right, answers }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WeightsSource;
    use crate::report::Spread;
    use crate::sentence::Sentence;

    /// A model that is right up to 64.
    fn lengths(count: usize) -> Vec<Length> {
        let length = |n: usize| Length {
            n,
            right: vec![n.to_string()],
            said: vec![if n <= 64 { n.to_string() } else { "99".into() }],
            twin: Spread { min: 0.0, mean: 0.0, max: 0.0 },
            identical_in: vec![],
            same_next: 0,
        };
        (1..=count).map(|index| length(index * 12)).collect()
    }

    #[test]
    fn rounds_grow_and_are_the_same_for_the_same_seed() {
        for count in [6, 7, 12, 40] {
            for seed in 1..50 {
                let rounds = rounds(&lengths(count), seed);
                assert_eq!(rounds.len(), ROUNDS);
                assert!(rounds.is_sorted_by(|before, after| before.n < after.n), "{rounds:?}");
            }
        }
        let games: Vec<_> = (1..20).map(|seed| rounds(&lengths(40), seed)).collect();
        assert_eq!(games[6], rounds(&lengths(40), 7));
        assert!(games.iter().any(|game| *game != games[0]));
        assert_eq!(rounds(&lengths(5), 1), []);
    }

    #[test]
    fn whoever_is_nearer_gets_the_point_and_both_where_they_are_alike() {
        let round = |n, said: &str| Round { n, said: said.into() };
        assert_eq!(round(200, "99").score(190), Score { you: 1, model: 0 });
        assert_eq!(round(200, "99").score(20), Score { you: 0, model: 1 });
        assert_eq!(round(20, "20").score(20), Score { you: 1, model: 1 });
        assert_eq!(round(20, "h~").score(1), Score { you: 1, model: 0 }, "what is no number is never near");
        assert!(round(20, "20").is_right() && !round(20, "21").is_right());
        assert_eq!(score(&[round(12, "12"), round(200, "99"), round(400, "99")], &[12, 210]), Score { you: 2, model: 1 });
    }

    #[test]
    fn blindness_is_what_is_said_beyond_the_last_right_answer() {
        let of = |lengths| LengthsOf { origin: WeightsSource::Alibi, name: Sentence::verbatim("trained"), trained_to: Some(64), lengths };
        assert_eq!(blindness(&of(lengths(40))), Blindness { right_to: 60, longer: 35, answers: vec!["99".into()] });
        assert_eq!(blindness(&of(vec![])), Blindness { right_to: 0, longer: 0, answers: vec![] });
    }
}
