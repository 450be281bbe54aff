//! The cures: named changes of a model that are compared with the plain one. One row a cure.

use crate::config::{Attention, Cap, Config, Mix, Position, Reach, Scale, Sink, Weigh};
use crate::locale::tr;
use serde::{Deserialize, Serialize};

/// A named change of the model.
pub struct Cure {
    /// As it stands in a link.
    pub word: &'static str,
    /// As people read it, in English.
    pub label: &'static str,
    /// Makes it of a model that is plain otherwise.
    pub apply: fn(&mut Config),
}

/// Some cures, as a set of rows of [`CURES`]: bit i is row i.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cures(u32);

/// Every cure that can be compared.
pub static CURES: &[Cure] = &[
    Cure { word: "adaptive", label: "adaptive temperature", apply: |config| config.model.attention.scale = Scale::Adaptive },
    Cure { word: "log", label: "scalable softmax", apply: |config| config.model.attention.scale = Scale::Log },
    Cure {
        word: "entmax",
        label: "adaptive-scalable entmax",
        apply: |config| (config.model.attention.scale, config.model.attention.weigh) = (Scale::Power, Weigh::Entmax),
    },
    Cure { word: "centred", label: "rank-one removal", apply: |config| config.model.attention.mix = Mix::Centred },
    Cure { word: "differential", label: "differential", apply: |config| config.model.attention.mix = Mix::Differential },
    Cure { word: "zero", label: "softmax off by one", apply: |config| config.model.attention.sink = Sink::Zero },
    Cure { word: "logit", label: "sink logit", apply: |config| config.model.attention.sink = Sink::Logit },
    Cure { word: "sigmoid", label: "sigmoid", apply: |config| config.model.attention.weigh = Weigh::Sigmoid },
    Cure { word: "clipped", label: "clipped softmax", apply: |config| config.model.attention.weigh = Weigh::Clipped },
    Cure { word: "gated", label: "gated", apply: |config| config.model.attention.mix = Mix::Gated },
    Cure { word: "prope", label: "p-RoPE", apply: |config| config.model.position = Position::PRope },
    Cure { word: "alibi", label: "ALiBi", apply: |config| config.model.position = Position::Alibi },
    Cure { word: "window", label: "sliding window", apply: |config| config.model.attention.reach = Reach::Local },
    Cure { word: "cap", label: "soft cap", apply: |config| config.model.attention.cap = Cap::Soft },
];

impl Cure {
    /// As people read it.
    pub fn label(&self) -> &'static str {
        tr(self.label)
    }
}

impl Cures {
    /// No cure.
    pub const NONE: Self = Self(0);

    /// The chosen cures, in the order of the table.
    pub fn chosen(self) -> impl Iterator<Item = &'static Cure> {
        CURES.iter().enumerate().filter(move |(row, _)| self.0 >> row & 1 == 1).map(|(_, cure)| cure)
    }

    /// Whether this cure is chosen.
    pub fn contains(self, word: &str) -> bool {
        self.chosen().any(|cure| cure.word == word)
    }

    /// With this cure chosen if it is not, and the other way round.
    pub fn toggled(self, word: &str) -> Self {
        let row = CURES.iter().position(|cure| cure.word == word);
        Self(self.0 ^ row.map_or(0, |row| 1 << row))
    }

    /// The words of the chosen cures, with commas between them.
    pub fn write(self) -> String {
        self.chosen().map(|cure| cure.word).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`Cures::write`] writes, in any order.
    pub fn read(text: &str) -> Option<Self> {
        let mut chosen = Self::NONE;
        for word in text.split(',').filter(|word| !word.is_empty()) {
            let row = CURES.iter().position(|cure| cure.word == word)?;
            chosen.0 |= 1 << row;
        }
        Some(chosen)
    }
}

impl Default for Cures {
    fn default() -> Self {
        Self::NONE.toggled("log").toggled("sigmoid").toggled("alibi")
    }
}

/// The model with the plain attention formula: what the cures are compared with. Everything else stays, the parameters of the cures too.
pub fn plain(config: &Config) -> Config {
    let kept = config.model.attention;
    let mut config = config.clone();
    let Attention { cap, reach, scale, sink, weigh, mix, .. } = Attention::default();
    config.model.attention = Attention { cap, reach, scale, sink, weigh, mix, ..kept };
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_cures_is_written_and_read_and_every_cure_changes_the_model() {
        assert_eq!(Cures::read(""), Some(Cures::NONE));
        assert_eq!(Cures::read("nope"), None);
        let base = plain(&Config::default());
        let mut all = Cures::NONE;
        for cure in CURES {
            all = all.toggled(cure.word);
            assert_eq!(Cures::read(&all.write()), Some(all));
            let mut cured = base.clone();
            (cure.apply)(&mut cured);
            assert_ne!(cured, base, "{}", cure.word);
        }
        assert_eq!(all.chosen().count(), CURES.len());
    }
}
