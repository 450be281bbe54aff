//! What is said of the anatomy: under its title, and as its finding.

use super::Anatomy;
use crate::number;
use crate::value_axis::not_finite;
use glasses_contract::locale::together;
use glasses_contract::say;

/// Tokens whose counts stand in the caption, at the most.
const MOST_NAMED: usize = 8;

impl Anatomy {
    pub(super) fn notes(&self) -> Vec<String> {
        let anatomy = &self.theory.anatomy;
        let mut notes = vec![
            self.model.clone(),
            say!(
                "With each layer × ½(α + δ), α the mean over heads: attention rollout, and the factor of Theorem 5.1 with the constants of Proposition 5.2. Threads of less than 1% are not drawn."
            )
            .into(),
        ];
        let supposed = [self.premises.no_skips(), self.premises.no_shares()];
        notes.extend(supposed.into_iter().filter(|words| !words.is_empty()).map(str::to_owned));
        if anatomy.shown.len() < self.theory.tokens.len() {
            notes.push(say!("{} of {} tokens are drawn; all are computed.", anatomy.shown.len(), self.theory.tokens.len()));
        }
        if anatomy.layers.iter().any(|layer| layer.weights.iter().chain(&layer.influence).any(|value| !value.is_finite())) {
            notes.push(not_finite().into());
        }
        notes
    }

    /// A number of the rollout: a share, or a factor where weights are no shares.
    pub(super) fn written(&self, share: f64) -> String {
        if self.premises.adds_up { number::percent(share) } else { format!("×\u{a0}{}", number::short(share)) }
    }

    /// What is left of the followed token at the end, and along how many paths it comes.
    pub(super) fn told(&self) -> String {
        if self.side() == 0 {
            return say!("{}: no tokens yet.", self.title());
        }
        let (followed, paths) = (self.followed(), &self.theory.anatomy.paths);
        let share = self.reaches(followed);
        let ways = paths.get(followed).map_or_else(String::new, |&count| {
            if count == 1.0 {
                return say!("It comes along one path.").into();
            }
            say!("It comes along {} paths, on average {} along each.", number::tick(count), self.written(share / count))
        });
        let counted = if (1..=MOST_NAMED).contains(&paths.len()) {
            let counts: Vec<String> = paths.iter().map(|&count| number::tick(count)).collect();
            say!("Causal paths to the last token, by token: {}.", counts.join(say!(", ")))
        } else {
            String::new()
        };
        let told = match self.premises.adds_up {
            true => say!(
                "Of what the answer is read from, {} is from {} (attention rollout); an equal share would be {}.",
                number::percent(share),
                self.name(followed),
                number::percent(1.0 / self.theory.tokens.len().max(1) as f64)
            ),
            false => say!(
                "From {} to what the answer is read from, the factor is {} (attention rollout).",
                self.name(followed),
                number::short(share)
            ),
        };
        together([
            told,
            self.premises.no_shares().into(),
            self.premises.no_skips().into(),
            ways,
            say!(
                "The likeliest next token is {}, with {}.",
                number::quoted(&self.theory.anatomy.answer),
                number::percent(self.theory.anatomy.probability)
            ),
            counted,
        ])
    }
}
