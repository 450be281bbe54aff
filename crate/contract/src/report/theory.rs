//! What the paper's statements say of an input: numbers of theory, beside those that are measured.

use crate::config::Which;
use crate::real;
use serde::{Deserialize, Serialize};

/// Theory for the profile ‖∂y_n/∂v_i^(0)‖, one number for each token i.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathTheory {
    /// The bound of Theorem 5.1 / B.5, in the form of its proof, with the model's own constants: C times the sum over all causal
    /// paths of the products of ᾱ = (Σ_h |α^h| ‖W_V^h W_O^h‖₂) / β₁ + δ. Times √d, since a Frobenius norm is at most √d times the
    /// spectral norm that the theorem bounds. None where the model has parts that the theorem does not know.
    #[serde(with = "real::list")]
    pub bound: Vec<f64>,
    /// Attention rollout (Abnar and Zuidema 2020), the last row of Π ½(A + I), A the mean over heads of |α|: weights of rank-one removal
    /// and of differential heads may be negative. With normalising constants as in Proposition 5.2 the bound is this number.
    #[serde(with = "real::list")]
    pub rollout: Vec<f64>,
    /// Number of causal paths through the layers, C(n − i + L − 1, L − 1); empty where a window or no causal mask makes other paths.
    #[serde(with = "real::list")]
    pub paths: Vec<f64>,
    /// How strongly a token counts by its place alone, in closed form and up to a constant (Wu et al. 2025, arXiv 2502.01951): with ALiBi
    /// C(L + d, d) e^(−d m), with rotary positions C(L + d, d) e^(−½ d² θ²), d = n − i. Empty for other positions.
    #[serde(with = "real::list", default)]
    pub place: Vec<f64>,
}

/// What the statements say of the two sequences at n.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Theory {
    /// The value of n.
    pub n: usize,
    /// The sequence whose tokens the first-token limit is about.
    pub sequence: Which,
    /// One label a token.
    pub tokens: Vec<String>,
    /// Lemma B.2: how far the two last tokens' attention rows are from each other, layer by layer.
    pub variation: Vec<Variation>,
    /// Proposition B.4: what the total variation of 1010… and 0101… keeps to, 2 (e − 1) / (e + 1).
    #[serde(with = "real")]
    pub alternating: f64,
    /// Proposition 5.2 with uniform causal attention, as deep as the reader chose.
    pub uniform: FirstToken,
    /// The same with the mean of this model's first layer's |α| over heads in all layers.
    pub measured: FirstToken,
    /// The last row of the matrix product at the chosen depth for the measured attention, one number a token.
    #[serde(with = "real::list")]
    pub profile: Vec<f64>,
    /// The same for uniform attention.
    #[serde(with = "real::list")]
    pub uniform_profile: Vec<f64>,
    /// How the last token of that sequence reads the others.
    pub anatomy: Anatomy,
}

/// All attention of a sequence, and how much of each token is in every representation after every layer. Of a long sequence its
/// first and last tokens are kept, although all take part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anatomy {
    /// The tokens that are kept, counted from 0.
    pub shown: Vec<usize>,
    /// Layer by layer.
    pub layers: Vec<AnatomyOfLayer>,
    /// Number of causal paths from each token that is kept to the last one, as [`PathTheory::paths`].
    #[serde(with = "real::list")]
    pub paths: Vec<f64>,
    /// The likeliest next token, as people read it.
    pub answer: String,
    /// Its probability.
    #[serde(with = "real")]
    pub probability: f64,
}

/// One layer, between the tokens that are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnatomyOfLayer {
    /// Attention weights, head by head: `weights[(head * side + query) * side + key]`.
    #[serde(with = "real::list")]
    pub weights: Vec<f64>,
    /// Attention rollout up to this layer, Π ½(A + I) with A the mean over heads of |α|: `influence[position * side + token]` is the share
    /// of a token in what stands at a position. The last position's of the last layer is [`PathTheory::rollout`].
    #[serde(with = "real::list")]
    pub influence: Vec<f64>,
}

impl Anatomy {
    /// Number of tokens kept from the start of a long sequence, and from its end.
    pub const KEPT: (usize, usize) = (6, 20);

    /// The tokens that are kept of so many.
    pub fn shown(tokens: usize) -> Vec<usize> {
        let (first, last) = Self::KEPT;
        (0..tokens).filter(|&token| tokens <= first + last || token < first || token + last >= tokens).collect()
    }
}

/// The distance of two attention rows, Σ |α_j − α*_j| over all keys (the paper's total variation, without the factor ½); the shorter
/// row counts as zero where it has no key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variation {
    /// The layer, from 1.
    pub layer: usize,
    /// One number for each head.
    #[serde(with = "real::list")]
    pub heads: Vec<f64>,
}

/// The share of the first token in the last row of [½(Λ + I)]^L, for every depth L from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstToken {
    /// One number for each depth.
    #[serde(with = "real::list")]
    pub share: Vec<f64>,
}
