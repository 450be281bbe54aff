//! The attention formula, slot by slot.

use crate::choice::choice;
use serde::{Deserialize, Serialize};

/// The attention formula, a slot for each place where published variants differ, in the order in which they act:
/// cap → mask and reach → scale → sink → weigh → mix. The first member of each slot is the plain transformer:
/// softmax(q·k/√d_head + bias) over the visible keys, times the values. The numbers are the members' parameters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// How far scores can go.
    pub cap: Cap,
    /// The bound of [`Cap::Soft`].
    pub cap_at: f64,
    /// Which keys a query sees.
    pub mask: Mask,
    /// How far back it sees.
    pub reach: Reach,
    /// The keys that a windowed layer sees, the query's own among them.
    pub window: usize,
    /// What the scores are multiplied by.
    pub scale: Scale,
    /// c of [`Scale::Log`].
    pub log_factor: f64,
    /// m₀ of [`Scale::LogRelative`].
    pub reference_length: usize,
    /// δ of [`Scale::Power`].
    pub power_offset: f64,
    /// β of [`Scale::Power`].
    pub power_factor: f64,
    /// γ of [`Scale::Power`].
    pub power_exponent: f64,
    /// A place that takes attention without giving a value.
    pub sink: Sink,
    /// The score that the sink of [`Sink::Logit`] starts with, in every head.
    pub sink_logit: f64,
    /// How scores become weights.
    pub weigh: Weigh,
    /// α of [`Weigh::Entmax`].
    pub entmax_alpha: f64,
    /// a of [`Weigh::Clipped`].
    pub clip: f64,
    /// How the weighted values leave the head.
    pub mix: Mix,
}

impl Default for Attention {
    fn default() -> Self {
        Self {
            cap: Cap::default(),
            cap_at: 50.0,
            mask: Mask::default(),
            reach: Reach::default(),
            window: 16,
            scale: Scale::default(),
            log_factor: 0.43,
            reference_length: 16,
            power_offset: 1.0,
            power_factor: 0.5,
            power_exponent: 1.0,
            sink: Sink::default(),
            sink_logit: 1.0,
            weigh: Weigh::default(),
            entmax_alpha: 1.5,
            clip: 3.0,
            mix: Mix::default(),
        }
    }
}

impl Attention {
    /// Maps of attention weights that one head computes.
    pub fn maps(&self) -> usize {
        if self.mix == Mix::Differential { 2 } else { 1 }
    }

    /// Whether the layer sees only a window.
    pub fn is_windowed(&self, layer: usize) -> bool {
        match self.reach {
            Reach::Global => false,
            Reach::Local => true,
            Reach::Alternating => layer.is_multiple_of(2),
        }
    }

    /// Whether the weights that a query gives its keys add up to 1, as the formula has them: softmax and entmax divide among all visible keys, and no
    /// sink, no second map and no subtracted mean takes any of it. A gate acts on what the weights have mixed, not on them.
    pub fn rows_add_up_to_one(&self) -> bool {
        matches!(self.weigh, Weigh::Softmax | Weigh::Entmax) && self.sink == Sink::None && matches!(self.mix, Mix::Plain | Mix::Gated)
    }

    /// Whether in each of so many layers a token sees all tokens before it, and none behind.
    pub fn sees_all_before(&self, layers: usize) -> bool {
        self.mask == Mask::Causal && !(0..layers).any(|layer| self.is_windowed(layer))
    }
}

choice! {
    /// How far scores can go.
    Cap {
        None = "none", "none", "Scores are left as they are.";
        Soft = "soft", "soft cap", "s becomes cap · tanh(s / cap), position bias included (Gemma 2, with cap = 50).";
    }
}

choice! {
    /// Which keys a query sees.
    Mask {
        Causal = "causal", "causal", "A query sees its own position and everything before it.";
        Bidirectional = "both", "bidirectional", "A query sees every position, including those after it. The sweep then needs one forward pass per n.";
    }
}

choice! {
    /// How far a query sees.
    Reach {
        Global = "global", "global", "As far as the mask allows.";
        Local = "local", "window", "Only keys closer than the window: |i − j| < w, in every layer. A window slows the first token's take-over and does not remove it (Wu et al. 2025, arXiv 2502.01951).";
        Alternating = "alternating", "alternating", "A window in the first, third, … layer, everything in the others (Gemma 2 and 3; the paper's Appendix C.6).";
    }
}

choice! {
    /// What the scores s of a query with m visible keys are multiplied by, behind the division by √d_head.
    Scale {
        One = "sqrt", "1/√d only", "Nothing more than the division by the square root of the head's width.";
        Log = "log", "scalable softmax", "s becomes c · ln m · s; c = 1 is the log-n trick (Nakanishi 2025, arXiv 2501.19399; Chiang and Cholak 2022).";
        LogRelative = "log-relative", "log-n relative", "s becomes max(1, ln m / ln m₀) s: nothing changes for queries that see no more than m₀ keys, the length that a model knows (LogN-scaling in Bai et al. 2023, arXiv 2309.16609).";
        Adaptive = "adaptive", "adaptive temperature", "s becomes β s, with β = max(−0.037 H⁴ + 0.481 H³ − 2.3 H² + 4.917 H − 1.791, 1) where the entropy H of softmax(s) exceeds 0.5 nats, and 1 elsewhere (Veličković et al. 2024, arXiv 2410.01104).";
        Power = "power", "adaptive-scalable", "s becomes (δ + β (ln m)^γ) s: with entmax weights, adaptive-scalable entmax (Vasylenko et al. 2025, arXiv 2506.16640).";
    }
}

choice! {
    /// A place that takes attention without giving a value.
    Sink {
        None = "none", "none", "All attention goes to visible keys.";
        Zero = "zero", "softmax off by one", "A further key with score 0 and value 0: e^s_i / (1 + Σ e^s_j) (Miller 2023; Xiao et al. 2023, arXiv 2309.17453).";
        Logit = "logit", "sink logit", "A further score b for each head, whose weight is dropped: softmax over [s, b] (open-weight models of 2025).";
    }
}

choice! {
    /// How scores become weights.
    Weigh {
        Softmax = "softmax", "softmax", "Exponentials of the scores, divided by their sum over the visible keys.";
        Entmax = "entmax", "entmax", "[(α − 1) s − τ]₊^(1/(α − 1)), with τ such that the weights sum to one: sparse for α > 1 (Peters et al. 2019; Vasylenko et al. 2025).";
        Sigmoid = "sigmoid", "sigmoid", "σ(s) for each key by itself: the mass is not bounded, so that counts can survive (Gu et al. 2024, arXiv 2410.10781).";
        Clipped = "clipped", "clipped softmax", "clip((1 + a/m) softmax(s) − a/m, 0, 1) with m visible keys: exact zeros are within reach (Bondarenko et al. 2023, arXiv 2306.12929, with ζ = 1 and γ = −a/m).";
    }
}

choice! {
    /// How the weighted values leave the head.
    Mix {
        Plain = "plain", "plain", "The weighted sum of the values, as it is.";
        Centred = "centred", "rank-one removal", "1/m is subtracted from the weights of the m visible keys: A − (1/m) 11ᵀ in causal form (Nait Saada et al. 2024, arXiv 2410.07799).";
        Gated = "gated", "gated", "Each head's output is multiplied by σ(x · g_h + b_h), x the token's normed representation (Bondarenko et al. 2023, arXiv 2306.12929).";
        Differential = "differential", "differential", "A second map of weights is subtracted: A₁ − λ A₂ with λ = 0.8 − 0.6 e^(−0.3 (l−1)) in layer l, and each head's output goes through an RMS norm times 1 − λ (Ye et al. 2024, arXiv 2410.05258).";
    }
}
