//! The cures: named changes of a model that are compared with the plain one. One row a cure, and one line of [`Cure::apply`].

use super::{Attention, Cap, Mix, Model, Position, Reach, Scale, Sink, Weigh};
use crate::choice::choice;
use crate::members::Members;

choice! {
    /// A named change of the model.
    Cure {
        None = "", "plain", "";
        Adaptive = "adaptive", "adaptive temperature", "";
        Log = "log", "scalable softmax", "";
        LogRelative = "log-relative", "log-n relative", "";
        Entmax = "entmax", "adaptive-scalable entmax", "";
        Centred = "centred", "rank-one removal", "";
        Differential = "differential", "differential", "";
        Zero = "zero", "softmax off by one", "";
        Logit = "logit", "sink logit", "";
        Sigmoid = "sigmoid", "sigmoid", "";
        Clipped = "clipped", "clipped softmax", "";
        Gated = "gated", "gated", "";
        PRope = "prope", "p-RoPE", "";
        Alibi = "alibi", "ALiBi", "";
        Window = "window", "sliding window", "";
        Cap = "cap", "soft cap", "";
    }
}

/// Some cures.
pub type Cures = Members<Cure>;

impl Cure {
    /// Makes the cured model of one that is plain otherwise.
    pub fn apply(self, model: &mut Model) {
        let slots = &mut model.attention;
        match self {
            Self::None => {}
            Self::Adaptive => slots.scale = Scale::Adaptive,
            Self::Log => slots.scale = Scale::Log,
            Self::LogRelative => slots.scale = Scale::LogRelative,
            Self::Entmax => (slots.scale, slots.weigh) = (Scale::Power, Weigh::Entmax),
            Self::Centred => slots.mix = Mix::Centred,
            Self::Differential => slots.mix = Mix::Differential,
            Self::Zero => slots.sink = Sink::Zero,
            Self::Logit => slots.sink = Sink::Logit,
            Self::Sigmoid => slots.weigh = Weigh::Sigmoid,
            Self::Clipped => slots.weigh = Weigh::Clipped,
            Self::Gated => slots.mix = Mix::Gated,
            Self::PRope => model.position = Position::PRope,
            Self::Alibi => model.position = Position::Alibi,
            Self::Window => slots.reach = Reach::Local,
            Self::Cap => slots.cap = Cap::Soft,
        }
    }
}

impl Model {
    /// The model with the plain attention formula: what the cures are compared with. Everything else stays, the parameters of the cures too.
    pub fn plain(&self) -> Self {
        let Attention { cap, reach, scale, sink, weigh, mix, .. } = Attention::default();
        Self { attention: Attention { cap, reach, scale, sink, weigh, mix, ..self.attention }, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cure_changes_the_plain_model() {
        let plain = Model::default().plain();
        for cure in Cures::all() {
            let mut cured = plain.clone();
            cure.apply(&mut cured);
            assert_ne!(cured, plain, "{cure:?}");
        }
    }
}
