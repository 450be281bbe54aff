//! Everything that determines an answer: the model, the sequences, and what the reader looks at.
//!
//! The same `Config` gives the same report, bit for bit on the CPU; all randomness flows from the two seeds in it.

use crate::choice::choice;
use serde::{Deserialize, Serialize};

/// The whole state of the instrument. The link writes it, the form edits it, the engine answers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The sequences to compare.
    pub input: Input,
    /// The transformer that reads them.
    pub model: Model,
    /// What is looked at; changes no number of the model.
    pub view: View,
}

/// Two sequences as typed: pattern texts (see [`crate::pattern`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The first sequence.
    pub a: String,
    /// The second sequence.
    pub b: String,
    /// Text in front of both.
    pub prefix: String,
    /// Text behind both: the tokens that read the sequence.
    pub suffix: String,
    /// Whether a beginning-of-sequence token comes first.
    pub start: Start,
    /// The value of `n` in the patterns.
    pub n: usize,
    /// The sweep goes from n = 1 to here.
    pub max_n: usize,
    /// Seed of the random symbols in patterns.
    pub draw_seed: u32,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            a: "1^n".into(),
            b: "1^(n+1)".into(),
            prefix: String::new(),
            suffix: String::new(),
            start: Start::default(),
            n: 24,
            max_n: 256,
            draw_seed: 1,
        }
    }
}

/// The transformer: shape, parts and the seed its weights are drawn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Number of blocks (attention, then feed-forward), L.
    pub layers: usize,
    /// Attention heads in each layer, H. Divides the width.
    pub heads: usize,
    /// Width of the residual stream, d.
    pub width: usize,
    /// Seed of the weights.
    pub seed: u32,
    /// How a token's place enters the model.
    pub position: Position,
    /// The norm in front of attention, feed-forward and unembedding.
    pub norm: Norm,
    /// The parts of the attention formula.
    #[serde(default)]
    pub attention: Attention,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            layers: 4,
            heads: 4,
            width: 64,
            seed: 1,
            position: Position::default(),
            norm: Norm::default(),
            attention: Attention::default(),
        }
    }
}

impl Model {
    /// Width of one head, d / H.
    pub fn head_width(&self) -> usize {
        self.width / self.heads
    }

    /// Width of the feed-forward's hidden layer, 4 d.
    pub fn hidden_width(&self) -> usize {
        4 * self.width
    }
}

/// The attention formula, a slot for each place where published variants differ. The first member of each slot is
/// the plain transformer: softmax(q·k/√d_head + bias) over the visible keys, times the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// What the scores are multiplied by.
    pub scale: Scale,
    /// Which keys a query sees.
    pub mask: Mask,
    /// A place that takes attention without giving a value.
    pub sink: Sink,
    /// How scores become weights.
    pub weigh: Weigh,
    /// How the weighted values leave the head.
    pub mix: Mix,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The distance that plots show.
    pub metric: Metric,
    /// The layer whose attention map is shown, from 0.
    pub layer: usize,
    /// The head whose attention map is shown, from 0.
    pub head: usize,
    /// The sequence whose sensitivity and attention are shown.
    pub sequence: Which,
    /// The device that the reader asked for.
    pub device: DeviceChoice,
}

choice! {
    /// Whether a beginning-of-sequence token comes first.
    Start {
        Bos = "bos", "BOS token", "A beginning-of-sequence token stands in front of everything, as in most language models.";
        Nothing = "none", "nothing", "The typed text is all there is; unless positions are sinusoidal, 1ⁿ and 1ⁿ⁺¹ are then the same to the model.";
    }
}

choice! {
    /// How a token's place in the sequence enters the model. A scheme acts at the embedding, by rotating queries and keys, or as a bias on the scores.
    Position {
        None = "none", "none", "No positional information: only the causal mask tells places apart.";
        Sinusoidal = "sinusoidal", "sinusoidal", "Sines and cosines of the place are added to the embedding (Vaswani et al. 2017).";
        Rotary = "rotary", "rotary", "Queries and keys are rotated by an angle that grows with the place (Su et al. 2021).";
        Alibi = "alibi", "ALiBi", "Scores fall linearly with distance, at a slope of its own for each head (Press et al. 2022).";
    }
}

choice! {
    /// The norm in front of attention, feed-forward and unembedding.
    Norm {
        Layer = "layer", "layer norm", "Subtract the mean, divide by the standard deviation (Ba et al. 2016).";
        Rms = "rms", "RMS norm", "Divide by the root mean square (Zhang and Sennrich 2019).";
    }
}

choice! {
    /// What the scores are multiplied by.
    Scale { InverseSqrt = "sqrt", "1/√d", "Divide by the square root of the head's width."; }
}
choice! {
    /// Which keys a query sees.
    Mask { Causal = "causal", "causal", "A query sees its own place and everything before it."; }
}
choice! {
    /// A place that takes attention without giving a value.
    Sink { None = "none", "none", "No sink: all attention goes to visible keys."; }
}
choice! {
    /// How scores become weights.
    Weigh { Softmax = "softmax", "softmax", "Exponentials of the scores, divided by their sum over the visible keys."; }
}
choice! {
    /// How the weighted values leave the head.
    Mix { Plain = "plain", "plain", "The weighted sum of the values, as it is."; }
}

choice! {
    /// A distance between two last-token representations x and y.
    Metric {
        Linf = "linf", "L∞", "The largest difference in any coordinate, max |x − y|: what a float format must resolve.";
        L1 = "l1", "L1", "The sum of absolute differences, Σ |x − y|: the norm of the paper's Theorem 4.2.";
        L2 = "l2", "L2", "The Euclidean distance, √Σ (x − y)².";
        Cosine = "cosine", "cosine", "One minus the cosine of the angle between x and y.";
    }
}

choice! {
    /// One of the two sequences.
    Which {
        A = "a", "A", "The first sequence.";
        B = "b", "B", "The second sequence.";
    }
}

choice! {
    /// The device that the reader asked for.
    DeviceChoice {
        Auto = "auto", "automatic", "WebGPU where it has proved itself and is fast enough, the CPU otherwise.";
        Cpu = "cpu", "CPU", "The CPU engine, always.";
        WebGpu = "webgpu", "WebGPU", "The WebGPU engine, also where it is slower or runs in software.";
    }
}
