//! Where a model's weights come from: a seed, the user, or one of the trained models that come with the page, which are listed here.

use crate::choice::{Choice, Word, choice};

/// A model that comes with the page; its file and its recipe stand in www/weights.
pub struct Trained {
    /// How a configuration names it; its word names the files.
    pub origin: WeightsSource,
    /// The link that it was trained by: the model, and how.
    pub recipe: &'static str,
    /// The SHA-256 of its file, in hexadecimal digits.
    pub sha256: &'static str,
}

/// Declares [`WeightsSource`] and [`TRAINED`]: one row a trained model, between the seed and the user's own.
macro_rules! origins {
    (
        first: $seed:ident = $seed_word:literal, $seed_label:literal, $seed_help:literal;
        trained: { $($trained:ident = $word:literal, $label:literal, $help:literal, $recipe:literal, $sha256:literal;)* }
        last: $own:ident = $own_word:literal, $own_label:literal, $own_help:literal;
    ) => {
        choice! {
            /// Where a model's weights come from.
            WeightsSource {
                $seed = $seed_word, $seed_label, $seed_help;
                $($trained = $word, $label, $help;)*
                $own = $own_word, $own_label, $own_help;
            }
        }

        /// Every trained model that comes with the page.
        pub static TRAINED: &[Trained] = &[$(Trained { origin: WeightsSource::$trained, recipe: $recipe, sha256: $sha256 }),*];
    };
}

origins! {
    first: Seed = "seed", "random, from the seed",
        "Drawn from the seed and not trained: enough for collapse, not for right and wrong answers.";
    trained: {
        Rotary = "rotary", "trained, rotary",
            "Trained by us on counting and copying, with rotary positions.",
            "v=1&layers=3&pos=rotary&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=6000&batch=64",
            "13dc306b4864f191b6f8653aa8b4e74c65a5efb49f368873826007422f36daae";
        Sinusoidal = "sinusoidal", "trained, sinusoidal",
            "Trained by us on counting and copying, with sinusoidal positions.",
            "v=1&layers=3&pos=sinusoidal&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=16000&batch=64",
            "13f8fa4e2aef2ea5af1837afbe695bceb9f7bf36f4a5f6e28ac22cc8ef561d4d";
        Alibi = "alibi", "trained, ALiBi",
            "Trained by us on counting and copying, with ALiBi.",
            "v=1&layers=3&pos=alibi&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=8000&batch=64",
            "4ac36d8bf28c25fc0056473ac1ab6eb5271288537893bc12b4bc9ac1f40b870c";
        NoPositions = "nopos", "trained, no positions",
            "Trained by us on counting and copying, without positions.",
            "v=1&layers=3&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=12000&batch=64",
            "4904d3469e3ff0cceddfeb9842e907974ce93a2b200e5807dd9f48252d7dfe4c";
        Scalable = "scalable", "trained, scalable softmax",
            "Trained by us on counting and copying, with rotary positions and scalable softmax.",
            "v=1&layers=3&pos=rotary&scale=log&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=6000&batch=64",
            "97a5b4a2eea866e85d02bd71afdc65754963d23ed5e480647511c0efadab4961";
        Sigmoid = "sigmoid", "trained, sigmoid",
            "Trained by us on counting and copying, with rotary positions and sigmoid attention.",
            "v=1&layers=3&pos=rotary&weigh=sigmoid&tasks=sum,ones,digits,word,last,first,whole&length=64&steps=16000&batch=64",
            "68cea0618cee1db94e046b15f3858fbd07d57f0e992bf8e1e8afc35693be8da8";
        Commas = "commas", "trained, with commas",
            "Trained by us on counting and copying, with rotary positions and a comma after every third element.",
            "v=1&layers=3&pos=rotary&tasks=sum,ones,digits,word,last,first,whole&length=64&commas=3&steps=8000&batch=64",
            "880ed7dfa32b2c00cd88fbe8083851d7b0cda1a3f40cbe621469cc3a5b644305";
    }
    last: Own = "own", "my own", "The model that was trained, or opened from a file, in this browser.";
}

impl WeightsSource {
    /// Whether its label says which positions it has.
    pub fn is_named_after_positions(self) -> bool {
        matches!(self, Self::Rotary | Self::Sinusoidal | Self::Alibi | Self::NoPositions)
    }

    /// Whether the weights are those of a model that comes with the page.
    pub fn is_shipped(self) -> bool {
        TRAINED.iter().any(|row| row.origin == self)
    }
}

/// The models that can answer beside another: behind nothing at all, those that come with the page, which stand between the first and the
/// last origin.
pub static BESIDE: [Word; WeightsSource::WORDS.len() - 1] = {
    let mut words = [const { Word { word: "seed", label: "nothing", help: "One model alone." } }; WeightsSource::WORDS.len() - 1];
    let mut row = 1;
    while row < words.len() {
        let Word { word, label, help } = WeightsSource::WORDS[row];
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
        let trained = WeightsSource::ALL.iter().filter(|origin| origin.is_shipped());
        assert_eq!(trained.map(|origin| origin.word()).collect::<Vec<_>>(), BESIDE[1..].iter().map(|word| word.word).collect::<Vec<_>>());
    }
}
