//! What sets one family of transformers apart from another, and no control chooses: a model's file says it.

use crate::alphabet;
use serde::{Deserialize, Serialize};

/// The parts of a transformer that only its family decides. The default is that of the tiny models, whose shape the rest of
/// [`super::Model`] says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// Tokens that there are, V.
    pub vocabulary: usize,
    /// Heads that keys and values have, each of which serves as many heads of queries (Ainslie et al. 2023, arXiv 2305.13245); none where each head of
    /// queries has its own.
    pub key_value_heads: Option<usize>,
    /// Width of the feed-forward's hidden layer; none where it is four times that of the stream.
    pub hidden_width: Option<usize>,
    /// What the feed-forward's hidden layer is made by.
    pub activation: Activation,
    /// What scores the tokens.
    pub unembedding: Unembedding,
    /// Which coordinates turn together.
    pub rotary_pairs: RotaryPairs,
    /// The base of the wavelengths of rotary positions.
    pub rotary_base: f64,
    /// ε of the norms, which keeps a division by the size of a zero vector finite.
    pub norm_epsilon: f64,
}

/// What the feed-forward's hidden layer is made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activation {
    /// GELU(x W_up + b_up), and a bias behind W_down (Hendrycks and Gimpel 2016).
    Gelu,
    /// SiLU(x W_gate) · x W_up, without biases (Shazeer 2020, arXiv 2002.05202).
    SwiGlu,
}

/// What scores the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unembedding {
    /// A matrix of its own.
    Own,
    /// The embedding, transposed (Press and Wolf 2017).
    Tied,
}

/// Which coordinates of a head with d coordinates turn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RotaryPairs {
    /// i and i + d/2.
    Halves,
    /// 2i and 2i + 1.
    Adjacent,
}

impl Default for Architecture {
    fn default() -> Self {
        Self {
            vocabulary: alphabet::SIZE,
            key_value_heads: None,
            hidden_width: None,
            activation: Activation::Gelu,
            unembedding: Unembedding::Own,
            rotary_pairs: RotaryPairs::Halves,
            rotary_base: 10_000.0,
            norm_epsilon: 1e-5,
        }
    }
}
