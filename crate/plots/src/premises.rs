//! What figures suppose of what they show: of a model, and of the two texts; and what is said where that is not so.

use glasses_contract::config::{Model, Residual};
use glasses_contract::say;

/// What shares, bounds, rollout and distances suppose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Premises {
    /// Whether the weights that a query gives its keys add up to 1: without that, nothing made of them is a share.
    pub adds_up: bool,
    /// Whether there are skip connections, of which the I in ½(Λ + I) stands for one.
    pub skips: bool,
    /// Whether the two texts differ: without that there is nothing to tell apart.
    pub differ: bool,
}

impl Default for Premises {
    /// The plain transformer's, of two texts.
    fn default() -> Self {
        Self::of(&Model::default())
    }
}

impl Premises {
    /// A model's, of two texts.
    pub fn of(model: &Model) -> Self {
        Self { adds_up: model.attention.rows_add_up_to_one(), skips: model.block.residual == Residual::On, differ: true }
    }

    /// That there is one text and not two, where that is so.
    pub(crate) fn one_text(self) -> Option<&'static str> {
        (!self.differ).then(one_text)
    }

    /// That weights are no shares, where they are none.
    pub(crate) fn no_shares(self) -> &'static str {
        if self.adds_up { "" } else { say!("These weights do not add up to 1: the numbers are no shares.") }
    }

    /// What a product of ½(Λ + I) supposes, where it is not so.
    pub(crate) fn no_skips(self) -> &'static str {
        if self.skips { "" } else { say!("The I in ½(Λ + I) stands for skip connections, and this model has none.") }
    }
}

/// That there is one text and not two.
pub(crate) fn one_text() -> &'static str {
    say!("A and B are the same text.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::{Mix, Weigh};

    #[test]
    fn a_model_that_is_not_plain_is_said_to_be_so() {
        let plain = Premises::default();
        assert_eq!((plain.no_shares(), plain.no_skips()), ("", ""));
        let mut model = Model::default();
        model.attention.mix = Mix::Gated;
        assert_eq!(Premises::of(&model), plain, "a gate leaves weights as they are");
        model.attention.weigh = Weigh::Sigmoid;
        model.block.residual = Residual::Off;
        let other = Premises::of(&model);
        assert_eq!(other.no_shares(), "These weights do not add up to 1: the numbers are no shares.");
        assert_eq!(other.no_skips(), "The I in ½(Λ + I) stands for skip connections, and this model has none.");
    }
}
