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

/// The models that can answer beside another: behind nothing at all, those that come with the page, which stand between the first and the
/// last origin.
pub static BESIDE: [Word; Origin::WORDS.len() - 1] = {
    let mut words = [const { Word { word: "seed", label: "nothing", help: "One model alone." } }; Origin::WORDS.len() - 1];
    let mut row = 1;
    while row < words.len() {
        let Word { word, label, help } = Origin::WORDS[row];
        words[row] = Word { word, label, help };
        row += 1;
    }
    words
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_that_comes_with_the_page_can_stand_beside() {
        let trained = Origin::ALL.iter().filter(|origin| origin.is_shipped());
        assert_eq!(trained.map(|origin| origin.word()).collect::<Vec<_>>(), BESIDE[1..].iter().map(|word| word.word).collect::<Vec<_>>());
    }
}
