//! What a link claims of the state that it opens: the numbers that whoever made it saw there.

use crate::config::{Config, Experiment, Input, Metric, Model};
use crate::link;
use crate::open;
use crate::report::{Digest, Pair, Seen};

/// The digest of a link, and what it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    digest: Digest,
    metric: Metric,
    input: Input,
    model: Model,
}

impl Claim {
    /// That of a link; none where it has none.
    pub fn of(link: &str) -> Option<Self> {
        let digest = link::digest(link)?;
        let Config { experiment: Experiment { input, model, view, .. }, .. } = open::decode(link).0;
        Some(Self { digest, metric: view.metric, input, model })
    }

    /// Whether it is about these texts and this model.
    pub fn is_about(&self, asked: &Experiment) -> bool {
        (&self.input, &self.model) == (&asked.input, &asked.model)
    }

    /// Beside the pair of this model; none where that has no output.
    pub fn beside(&self, pair: &Pair, model: &Model) -> Option<Seen> {
        self.digest.beside(pair, self.metric, model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_of_its_texts_and_its_model_and_goes_into_no_other_link() {
        let link = "v=1&n=9&theme=dark&metric=l1&sees=0.5,18,18";
        let (config, notes) = open::decode(link);
        assert_eq!(notes, []);
        assert_eq!(open::encode(&config), "v=1&n=9&metric=l1&theme=dark");
        let claim = Claim::of(link).expect("it claims something");
        assert_eq!(claim.metric, Metric::L1);
        let about = |other: &str| claim.is_about(&open::decode(other).0);
        assert!(about("v=1&n=9") && about("v=1&n=9&lang=zh&layer=2&metric=l2"));
        assert!(!about("v=1") && !about("v=1&n=9&seed=2") && !about("v=1&n=9&a=10") && !about("v=1&n=9&fa=bf16"));
        assert_eq!(Claim::of("v=1&n=9"), None);
    }
}
