//! How a token's place enters the model.

use crate::choice::choice;

choice! {
    /// How a token's place in the sequence enters the model. A scheme acts at the embedding, by rotating queries and keys, or as a bias on the scores.
    Position {
        None = "none", "none", "No positional information: only the causal mask tells positions apart.";
        Sinusoidal = "sinusoidal", "sinusoidal", "Sines and cosines of the place are added to the embedding (Vaswani et al. 2017).";
        Learned = "learned", "learned", "A vector of its own for each place is added to the embedding; here it is drawn from the seed, N(0, ½) (Gehring et al. 2017).";
        Rotary = "rotary", "rotary", "Queries and keys are rotated by an angle that grows with the place (Su et al. 2021).";
        PRope = "prope", "p-RoPE", "Rotary with the fastest share p of the frequencies; the others do not turn. p = 0 is none, p = 1 rotary (Barbero et al. 2024, arXiv 2410.06205).";
        Alibi = "alibi", "ALiBi", "Scores fall linearly with distance: m |i − j| is subtracted, with the slope m = 2^(−8h/H) for head h of H (Press et al. 2022).";
    }
}

impl Position {
    /// Whether queries and keys are turned, in pairs of coordinates.
    pub fn turns(self) -> bool {
        matches!(self, Self::Rotary | Self::PRope)
    }
}
