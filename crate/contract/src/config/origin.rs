//! Where a model's weights come from.

use crate::choice::choice;

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
