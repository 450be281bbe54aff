//! Everything that determines an answer, and how the page around it is set.
//!
//! The same [`Experiment`] gives the same report, bit for bit on the CPU; all randomness flows from the two seeds in it.

mod architecture;
mod attention;
mod block;
mod cure;
mod file_hash;
mod formats;
mod frame;
mod language;
mod pinned;
mod position;
mod training;
mod weights_source;

pub use architecture::{Activation, Architecture, RotaryPairs, Unembedding};
pub use attention::{Attention, Cap, Mask, Mix, Reach, Scale, Sink, Weigh};
pub use block::{Block, FeedForward, Residual};
pub use cure::{Cure, Cures};
pub use file_hash::FileHash;
pub use formats::{Format, Formats};
pub use frame::{Frame, Part, Parts, Place, Presenting, Scheme};
pub use language::Language;
pub use pinned::Pinned;
pub use position::Position;
pub use training::{Tasks, Training};
pub use weights_source::{BESIDE, TRAINED, Trained, WeightsSource};

use crate::alphabet::Characters;
use crate::choice::choice;
use crate::task::{QuestionPosition, Task};
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

/// The whole state of the instrument: the link writes it, the form edits it. It reads as the experiment in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// What is asked.
    pub experiment: Experiment,
    /// What stands around the question; changes no answer.
    pub frame: Frame,
}

impl Deref for Config {
    type Target = Experiment;

    fn deref(&self) -> &Experiment {
        &self.experiment
    }
}

impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Experiment {
        &mut self.experiment
    }
}

impl From<Experiment> for Config {
    fn from(experiment: Experiment) -> Self {
        Self { experiment, frame: Frame::default() }
    }
}

/// What answers depend on: the engine is asked about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The sequences to compare.
    pub input: Input,
    /// The transformer that reads them.
    pub model: Model,
    /// How it is trained, where it is.
    pub training: Training,
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
    /// Whether a language model reads the texts as they are, or as a message to it.
    pub chat: Chat,
    /// The value of `n` in the patterns.
    pub n: usize,
    /// The sweep goes from n = 1 to here.
    pub max_n: usize,
    /// The value of `k` in the patterns: the period of separators.
    pub k: usize,
    /// Seed of the random symbols in patterns.
    pub draw_seed: u32,
    /// The question that is put about the sequences, in place of the texts in front of and behind them.
    pub task: Task,
    /// Where the question stands.
    pub asked: QuestionPosition,
    /// The characters that the texts may have: the model decides it, and no link holds it.
    pub characters: Characters,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            a: "1^n".into(),
            b: "1^(n+1)".into(),
            prefix: String::new(),
            suffix: String::new(),
            start: Start::default(),
            chat: Chat::default(),
            n: 24,
            max_n: 256,
            k: 3,
            draw_seed: 1,
            task: Task::default(),
            asked: QuestionPosition::default(),
            characters: Characters::default(),
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
    /// Where the weights come from.
    pub weights: WeightsSource,
    /// The file of a language model, where it is one: everything but the float formats and the slots of attention without weights is the file's.
    pub file: Option<FileHash>,
    /// Counts the models of [`WeightsSource::Own`] that one page has held, so that a newer one is not taken for an older. No link holds it.
    pub revision: u32,
    /// Seed of the weights.
    pub seed: u32,
    /// How a token's place enters the model.
    pub position: Position,
    /// The share p of a head's coordinates that p-RoPE turns; other schemes do not look at it.
    pub rotary_share: f64,
    /// The norm in front of attention, feed-forward and unembedding.
    pub norm: Norm,
    /// The parts of the attention formula.
    pub attention: Attention,
    /// Which halves of a block there are.
    pub block: Block,
    /// The float formats that stored values are rounded to.
    pub formats: Formats,
    /// What the family of the model decides. A file says it, so that neither a link nor a report holds it.
    #[serde(skip)]
    pub architecture: Architecture,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            layers: 4,
            heads: 4,
            width: 64,
            weights: WeightsSource::default(),
            file: None,
            revision: 0,
            seed: 1,
            position: Position::default(),
            rotary_share: 0.75,
            norm: Norm::default(),
            attention: Attention::default(),
            block: Block::default(),
            formats: Formats::default(),
            architecture: Architecture::default(),
        }
    }
}

impl Model {
    /// Whether its weights are drawn from its seed: nobody trained them.
    pub fn is_drawn(&self) -> bool {
        self.weights == WeightsSource::Seed && self.file.is_none()
    }

    /// Width of one head, d / H.
    pub fn head_width(&self) -> usize {
        self.width / self.heads
    }

    /// Heads of keys and values.
    pub fn key_value_heads(&self) -> usize {
        self.architecture.key_value_heads.unwrap_or(self.heads)
    }

    /// Width of the feed-forward's hidden layer, 4 d where the family says nothing else.
    pub fn hidden_width(&self) -> usize {
        self.architecture.hidden_width.unwrap_or(4 * self.width)
    }
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The distance that plots show.
    pub metric: Metric,
    /// The layer whose attention map is shown, from 0.
    pub layer: usize,
    /// The head whose attention map is shown, from 0.
    pub head: usize,
    /// The sequence whose sensitivity and attention are shown.
    pub sequence: Which,
    /// Whether profiles over tokens are shown as they are or each divided by its greatest value.
    pub units: Units,
    /// The instrument below the main figures.
    pub tool: Tool,
    /// The cures that are compared with the plain model.
    pub cures: Cures,
    /// The depth to which the first-token limit is followed, in layers.
    pub depth: usize,
    /// The published picture that is shown beside ours.
    pub paper: Published,
    /// The trained model that answers beside the one that is asked; none where it is [`WeightsSource::Seed`].
    pub beside: WeightsSource,
    /// Over how many seeds the output's distance is drawn as a band, from the model's own on; 1 is none.
    pub seeds: usize,
    /// The experiments whose distances are drawn beside those of this one.
    pub pinned: Pinned,
    /// The float format whose cell is drawn around the two last tokens.
    pub cell: Format,
    /// The device that the reader asked for.
    pub device: DeviceChoice,
}

impl Default for View {
    fn default() -> Self {
        Self {
            metric: Metric::default(),
            layer: 0,
            head: 0,
            sequence: Which::default(),
            units: Units::default(),
            tool: Tool::default(),
            cures: Cures::of(&[Cure::Log, Cure::Sigmoid, Cure::Alibi]),
            depth: 16,
            paper: Published::default(),
            beside: WeightsSource::default(),
            seeds: 1,
            pinned: Pinned::default(),
            cell: Format::E5m2,
            device: DeviceChoice::default(),
        }
    }
}

choice! {
    /// Whether a beginning-of-sequence token comes first.
    Start {
        Bos = "bos", "BOS token", "A beginning-of-sequence token comes first, as in most language models.";
        Nothing = "none", "nothing", "The typed text is all there is; unless positions are added to the embedding, 1ⁿ and 1ⁿ⁺¹ are then the same to the model.";
    }
}

choice! {
    /// How a language model reads the texts.
    Chat {
        Raw = "raw", "raw text", "The model goes on with the texts, as it went on with texts in training.";
        Template = "template", "chat template", "The texts stand in the file's chat template, as what a user says; the model answers.";
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
    /// A distance between two last-token representations x and y.
    Metric {
        Linf = "linf", "L∞", "The largest difference in any coordinate, max |x − y|: what a float format must resolve.";
        L1 = "l1", "L1", "The sum of absolute differences, Σ |x − y|: the norm of the paper's Theorem 4.2.";
        L2 = "l2", "L2", "The Euclidean distance, √Σ (x − y)².";
        Cosine = "cosine", "cosine", "One minus the cosine of the angle between x and y.";
    }
}

choice! {
    /// How profiles over tokens are drawn.
    Units {
        Absolute = "absolute", "as they are", "Every curve in its own units: norms, bounds, shares and counts.";
        Normalised = "normalised", "normalised", "Every curve divided by its greatest value, so that their shapes compare.";
    }
}

choice! {
    /// The instrument below the main figures. Only the one that is shown is computed.
    Tool {
        Theory = "theory", "Theory", "What the paper's statements say of these two sequences: total variation, and the limit in which only the first token counts.";
        Cures = "cures", "Cures", "Cured models beside the plain one, on the same sequences and seed.";
        Separators = "separators", "Separators", "The distance for every period k of the separators in the texts.";
        Search = "search", "Find a pair", "Finds two sequences of equal length that this model can barely tell apart.";
        Answers = "answers", "Answers", "How often a task is answered right as the sequence grows, and how far apart the model can hold what has different answers.";
        Train = "train", "Train", "Train a tiny model in this browser, and use it everywhere on this page.";
        Paper = "paper", "Paper", "The paper's synthetic figures, simulated here beside the published curves.";
    }
}

choice! {
    /// A published picture to show beside ours.
    Published {
        None = "none", "none", "No published curve.";
        Fig5a = "5a", "Figure 5a", "Gemma 7B, counting ones in ones: L∞ distance of the last layer's heads at n and n + 1 (digitised).";
        Fig5b = "5b", "Figure 5b", "Gemma 7B, counting ones in random digits (digitised).";
        Fig5c = "5c", "Figure 5c", "Gemma 7B, copying from ones (digitised).";
        Fig5d = "5d", "Figure 5d", "Gemma 7B, copying from digits with a comma after every third (digitised).";
        Fig8 = "8", "Figure 8", "One attention layer with sinusoidal positions and random weights: its output converges.";
        Fig9 = "9", "Figure 9", "Total variation of two softmaxes over more and more entries.";
        Fig10 = "10", "Figure 10", "One untrained head with four kinds of positions.";
        Lost = "lost", "Lost in the middle", "Accuracy of GPT-3.5 over the place of the document with the answer, of twenty (Liu et al. 2023, arXiv 2307.03172).";
        Fig12 = "12", "Figure 12", "Gemma 7B, the question in front of the sequence (digitised).";
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
        Auto = "auto", "automatic", "WebGPU if it has passed its tests and is fast enough, the CPU otherwise.";
        Cpu = "cpu", "CPU", "Always the CPU engine.";
        WebGpu = "webgpu", "WebGPU", "The WebGPU engine, even if it is slower or runs in software.";
    }
}
