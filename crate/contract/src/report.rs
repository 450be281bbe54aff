//! Answers: plain numbers with their names and units, and where they came from.
//!
//! Plots, tables, CSV, JSON and the command line all read these. The JSON form is documented in docs/report.md; a number
//! that is not finite is written there as the string "NaN", "Infinity" or "-Infinity".

mod answers;
mod cures;
mod digest;
mod likeness;
mod meeting;
mod pinned;
mod representations;
mod search;
mod seeds;
mod separators;
mod simulation;
mod sweep;
mod tail;
mod theory;
mod tokens;

pub use answers::{Answer, Answers, Continuation, Continued, Length, LengthGeneralization, LengthsOf, Said};
pub use cures::{Compared, Comparison, Cost, CrossEntropy, PLAIN_TEXT};
pub use digest::{Agreement, Digest, SEES, Seen, SeenDistance, SeenToken};
pub use likeness::{LIKE, Likeness, Likest};
pub use meeting::{Coordinate, Meeting, Moment, PlanePoint, cut};
pub use pinned::{Pinned, PinnedCurve};
pub use representations::LastTokenRepresentations;
pub use search::Found;
pub use seeds::{Quantiles, Seeds};
pub use separators::SeparatorMap;
pub use simulation::{Simulated, Simulation};
pub use sweep::{Collapse, HeadCurve, StageCurve, Sweep, SweepMethod, from_on, lasting};
pub use tail::Tail;
pub use theory::{Anatomy, AnatomyOfLayer, FirstToken, PathTheory, Theory, Variation};
pub use tokens::{TokenText, TokenTexts, Tokens};

use crate::config::{Format, Metric, Model, Which};
use crate::real;
use crate::say;
use crate::sentence::Sentence;
use crate::warning::Warning;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the JSON form. Fields may be added within a version, never change their meaning.
pub const VERSION: u32 = 1;

/// Everything that was asked of one configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// The link that gives this report again.
    pub link: String,
    /// The program that computed it.
    pub engine: EngineInfo,
    /// The model that was asked.
    pub model: ModelInfo,
    /// What was made of the input.
    pub warnings: Vec<Warning>,
    /// The tokens of the two sequences at one n, as a language model reads them; none of other models, whose tokens are characters.
    #[serde(default)]
    pub tokens: Option<Tokens>,
    /// The two sequences at one n.
    pub pair: Option<Pair>,
    /// The numbers that the link says were seen beside those of the pair; none where it says none.
    #[serde(default)]
    pub sees: Option<Seen>,
    /// The distances at every n; none where the sequences do not depend on n.
    pub sweep: Option<Sweep>,
    /// The two last tokens at every n in one plane; none where the sequences do not depend on n.
    pub meeting: Option<Meeting>,
    /// The same distances at every n computed in f64: the reference.
    pub reference: Option<Sweep>,
    /// The sensitivity of the last token to every input token.
    pub sensitivity: Option<Sensitivity>,
    /// What the paper's statements say of this input.
    pub theory: Option<Theory>,
    /// The chosen cures beside the plain model.
    pub comparison: Option<Comparison>,
    /// The distance over the period of separators and n; none where no separator stands at every k-th place.
    pub separators: Option<SeparatorMap>,
    /// Two sequences that the model can hardly tell apart.
    pub found: Option<Found>,
    /// The simulation behind one of the paper's synthetic figures.
    pub simulation: Option<Simulation>,
    /// What the model answers; none where nothing is asked.
    pub answers: Option<Answers>,
    /// How the task is answered at many lengths.
    pub lengths: Option<LengthGeneralization>,
    /// What a language model writes behind both sequences; none of other models.
    #[serde(default)]
    pub continuation: Option<Continuation>,
    /// The distances of the pinned experiments; none where none is pinned.
    #[serde(default)]
    pub pinned: Option<Pinned>,
    /// The output's distances for several seeds; none where one is asked for.
    #[serde(default)]
    pub seeds: Option<Seeds>,
}

/// The program that computed a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Its version.
    pub version: String,
    /// The kind of device that computed.
    pub device: crate::device::DeviceKind,
    /// The device by name, such as the WebGPU adapter's; empty where it has none.
    pub adapter: String,
    /// The format the numbers were computed in.
    pub precision: String,
}

/// The model that was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// What kind of model: “seeded random weights”.
    pub name: Sentence,
    /// Its configuration.
    pub config: Model,
    /// Number of weights.
    pub parameters: u64,
}

/// Where a drawn number came from. Legends say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Computed by the engine with the model that the report names.
    Engine,
    /// A statement of theory, such as a format's machine epsilon.
    Theory,
    /// Read off the paper's figures.
    Paper,
}

/// The four distances between two vectors x and y.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// Σ |x − y|.
    #[serde(with = "real")]
    pub l1: f64,
    /// √Σ (x − y)².
    #[serde(with = "real")]
    pub l2: f64,
    /// max |x − y|.
    #[serde(with = "real")]
    pub linf: f64,
    /// 1 − x·y / (‖x‖ ‖y‖); not a number where one of them is zero.
    #[serde(with = "real")]
    pub cosine: f64,
}

impl Distances {
    /// The distances between two vectors of one length. A NaN in any coordinate makes every distance NaN.
    pub fn between<T: Copy + Into<f64>>(x: &[T], y: &[T]) -> Self {
        assert_eq!(x.len(), y.len(), "distances compare vectors of one length");
        let (mut l1, mut squares, mut linf) = (0.0, 0.0, 0.0_f64);
        let (mut dot, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for (&x, &y) in x.iter().zip(y) {
            let (x, y): (f64, f64) = (x.into(), y.into());
            let difference = (x - y).abs();
            l1 += difference;
            squares += difference * difference;
            // Not f64::max, which would drop a NaN.
            linf = if difference > linf || difference.is_nan() { difference } else { linf };
            dot += x * y;
            xx += x * x;
            yy += y * y;
        }
        let cosine = match 1.0 - dot / (xx.sqrt() * yy.sqrt()) {
            // The cosine of equal vectors is 1 by definition, but by rounding only nearly so; it can't be more.
            _ if squares == 0.0 && xx > 0.0 => 0.0,
            negative if negative < 0.0 => 0.0,
            cosine => cosine,
        };
        Self { l1, l2: squares.sqrt(), linf, cosine }
    }

    /// One of the four.
    pub fn get(&self, metric: Metric) -> f64 {
        match metric {
            Metric::L1 => self.l1,
            Metric::L2 => self.l2,
            Metric::Linf => self.linf,
            Metric::Cosine => self.cosine,
        }
    }
}

/// A place in the model at which last-token representations are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// What enters the first block: token embedding plus position.
    Embedding,
    /// The residual stream after this block, counted from 1: the paper's v^(l).
    Layer(usize),
    /// After the last norm: the paper's y, from which the next token is read.
    Output,
}

impl Stage {
    /// The stages of a model with so many layers, in the order of the forward pass.
    pub fn all(layers: usize) -> Vec<Self> {
        let mut stages = vec![Self::Embedding];
        stages.extend((1..=layers).map(Self::Layer));
        stages.push(Self::Output);
        stages
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedding => f.write_str(say!("embedding")),
            Self::Layer(layer) => f.write_str(&say!("layer {}", layer)),
            Self::Output => f.write_str(say!("output")),
        }
    }
}

/// One of the two sequences, as the model reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// One label a token.
    pub tokens: Vec<String>,
    /// The probability of each token of the alphabet to come next: softmax of the logits at the last token.
    #[serde(with = "real::list")]
    pub next: Vec<f64>,
    /// Attention weights of the layer and head that are looked at.
    pub attention: AttentionMap,
    /// The share of all heads whose attention to the first token, averaged over the queries, exceeds 0.8 (Barbero et al. 2025, arXiv
    /// 2504.02732).
    #[serde(with = "real")]
    pub sink_share: f64,
    /// The share of the last token's attention that the first token gets, mean over the heads: one entry for each layer.
    #[serde(with = "real::list", default)]
    pub sink_by_layer: Vec<f64>,
    /// The same of the head that gives it least.
    #[serde(with = "real::list", default)]
    pub sink_least_by_layer: Vec<f64>,
    /// The same of the head that gives it most.
    #[serde(with = "real::list", default)]
    pub sink_most_by_layer: Vec<f64>,
}

impl Reading {
    /// The most likely next token, the first of equals; none where a probability is no number.
    pub fn likeliest(&self) -> Option<usize> {
        if self.next.iter().any(|probability| !probability.is_finite()) {
            return None;
        }
        // The first of equals, not the last, as max_by would take.
        let best = self.next.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.next.iter().position(|&probability| probability == best)
    }
}

/// The attention weights of one head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttentionMap {
    /// The layer, from 0.
    pub layer: usize,
    /// The head, from 0.
    pub head: usize,
    /// The first token that is a row and a column; more than 0 where only the end of a long sequence is kept.
    pub first: usize,
    /// Number of rows and of columns.
    pub side: usize,
    /// Row by row: `weights[query * side + key]`, both counted from `first`.
    #[serde(with = "real::list")]
    pub weights: Vec<f64>,
}

/// Two sequences at one n.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The value of n.
    pub n: usize,
    /// The first sequence.
    pub a: Reading,
    /// The second sequence.
    pub b: Reading,
    /// The distance of the two last-token representations at each stage.
    pub stages: Vec<StageDistances>,
    /// The distance of the two last tokens' head outputs (weighted values, before the output projection): layer by layer, a
    /// number for each head.
    pub heads: Vec<Vec<Distances>>,
    /// The formats in which the two last tokens' representations are bit-identical at the output.
    pub identical_in: Vec<Format>,
    /// The likeliest next tokens of both as people read them, none of a model whose tokens are characters, numbered from BOS and space.
    #[serde(default)]
    pub labels: Vec<TokenText>,
}

impl Pair {
    /// What was read of one of the sequences.
    pub fn reading(&self, which: Which) -> &Reading {
        match which {
            Which::A => &self.a,
            Which::B => &self.b,
        }
    }
}

/// The distance of two last-token representations at one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageDistances {
    /// The stage.
    pub stage: Stage,
    /// The distances.
    pub distances: Distances,
}

/// The least, mean and greatest of several values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The least.
    #[serde(with = "real")]
    pub min: f64,
    /// The mean.
    #[serde(with = "real")]
    pub mean: f64,
    /// The greatest.
    #[serde(with = "real")]
    pub max: f64,
}

impl Spread {
    /// Over the heads of one layer. A NaN makes all three NaN.
    pub fn over(heads: &[Distances], metric: Metric) -> Self {
        Self::of(&heads.iter().map(|distances| distances.get(metric)).collect::<Vec<_>>())
    }

    /// Of numbers. A NaN makes all three NaN.
    pub fn of(values: &[f64]) -> Self {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        if mean.is_nan() {
            return Self { min: mean, mean, max: mean };
        }
        let values = || values.iter().copied();
        Self { min: values().fold(f64::INFINITY, f64::min), mean, max: values().fold(f64::NEG_INFINITY, f64::max) }
    }
}

/// ‖∂y_n/∂v_i^(0)‖_F for every token i: y_n the last token after the last norm, v^(0) what enters the first block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// The value of n.
    pub n: usize,
    /// The sequence.
    pub sequence: Which,
    /// One label a token.
    pub tokens: Vec<String>,
    /// With everything depending on the input.
    pub full: Profile,
    /// With the attention weights held fixed, as the paper's Theorem 5.1 assumes.
    pub frozen: Profile,
    /// What theory says of the same profile; none with the quick estimate, and where a sequence is too long for it.
    pub paths: Option<PathTheory>,
}

impl Sensitivity {
    /// Of several that are of some coordinates of y_n each, that of all of them.
    pub fn join(mut self, rest: Vec<Self>) -> Self {
        let (full, frozen) = rest.into_iter().map(|other| (other.full, other.frozen)).unzip();
        self.full.join(full);
        self.frozen.join(frozen);
        self
    }
}

/// One number for each input token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The Frobenius norm of the Jacobian's block, one for each token.
    #[serde(with = "real::list")]
    pub norm: Vec<f64>,
    /// The standard error of each norm; zeros where exact.
    #[serde(with = "real::list")]
    pub standard_error: Vec<f64>,
    /// How it was computed.
    pub method: JacobianMethod,
}

impl Profile {
    /// Exact norms of all rows, by those of some rows each: ‖J‖² = Σ ‖J_part‖².
    fn join(&mut self, rest: Vec<Self>) {
        for (token, norm) in self.norm.iter_mut().enumerate() {
            let squares = rest.iter().filter_map(|other| other.norm.get(token)).map(|norm| norm.powi(2));
            *norm = squares.fold(norm.powi(2), |sum, square| sum + square).sqrt();
        }
    }
}

/// How a sensitivity was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JacobianMethod {
    /// One vector–Jacobian product for each coordinate of y.
    Exact,
    /// Vector–Jacobian products with random signs r: E ‖rᵀJ‖² = ‖J‖_F².
    Estimate {
        /// How many.
        probes: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_what_their_formulas_say() {
        let found = Distances::between(&[1.0_f64, 2.0, -2.0], &[1.0, 0.0, -1.0]);
        assert_eq!((found.l1, found.linf), (3.0, 2.0));
        assert!((found.l2 - 5.0_f64.sqrt()).abs() < 1e-15);
        assert!((found.cosine - (1.0 - 3.0 / (3.0 * 2.0_f64.sqrt()))).abs() < 1e-15);
        assert_eq!(Distances::between(&[0.3_f32, 0.7], &[0.3, 0.7]), Distances::default());
    }

    #[test]
    fn what_is_not_finite_is_kept_and_written() -> serde_json::Result<()> {
        let found = Distances::between(&[f32::NAN, 2.0], &[1.0, 5.0]);
        assert!([found.l1, found.l2, found.linf, found.cosine].into_iter().all(f64::is_nan), "{found:?}");
        assert!(Distances::between(&[0.0_f32], &[1.0]).cosine.is_nan());
        let infinite = Distances::between(&[f32::INFINITY], &[1.0]);
        assert_eq!(infinite.linf, f64::INFINITY);

        let written = serde_json::to_string(&infinite)?;
        assert!(written.contains(r#""linf":"Infinity""#) && written.contains(r#""cosine":"NaN""#), "{written}");
        assert_eq!(serde_json::from_str::<Distances>(&written)?.linf, f64::INFINITY);
        Ok(())
    }

    #[test]
    fn a_spread_is_least_mean_greatest() {
        let heads = [1.0, 4.0, 1.0].map(|l1| Distances { l1, ..Distances::default() });
        assert_eq!(Spread::over(&heads, Metric::L1), Spread { min: 1.0, mean: 2.0, max: 4.0 });
    }
}
