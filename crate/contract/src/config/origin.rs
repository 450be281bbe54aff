//! Where a model's weights come from.

use crate::choice::{Choice, Word, choice};

choice! {
    /// Where a model's weights come from.
    Origin {
        Seed = "seed", "random, from the seed", "Drawn from the seed and not trained: enough for collapse, not for right and wrong answers.";
        Rotary = "rotary", "trained, rotary", "Trained by us on counting and copying, with rotary positions.";
        Sinusoidal = "sinusoidal", "trained, sinusoidal", "Trained by us on counting and copying, with sinusoidal positions.";
        Alibi = "alibi", "trained, ALiBi", "Trained by us on counting and copying, with ALiBi.";
        NoPositions = "nopos", "trained, no positions", "Trained by us on counting and copying, without positions.";
        Scalable = "scalable", "trained, scalable softmax", "Trained by us on counting and copying, with rotary positions and scalable softmax.";
        Sigmoid = "sigmoid", "trained, sigmoid", "Trained by us on counting and copying, with rotary positions and sigmoid attention.";
        Commas = "commas", "trained, with commas", "Trained by us on counting and copying, with rotary positions and a comma after every third element.";
        Own = "own", "my own", "The model that was trained, or opened from a file, in this browser.";
    }
}

impl Origin {
    /// Whether the weights are those of a model that comes with the page.
    pub fn is_shipped(self) -> bool {
        !matches!(self, Self::Seed | Self::Own)
    }
}

/// The models that can answer beside another: those that come with the page, behind nothing at all.
pub static BESIDE: [Word; 8] =
    [Word { word: "seed", label: "nothing", help: "One model alone." }, word(1), word(2), word(3), word(4), word(5), word(6), word(7)];

const fn word(row: usize) -> Word {
    let Word { word, label, help } = Origin::WORDS[row];
    Word { word, label, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_that_comes_with_the_page_can_stand_beside() {
        let trained = Origin::ALL.iter().filter(|origin| origin.is_shipped());
        assert_eq!(trained.map(|origin| origin.word()).collect::<Vec<_>>(), BESIDE[1..].iter().map(|word| word.word).collect::<Vec<_>>());
    }
}
