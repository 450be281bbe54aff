//! The model on one page: a decoder-only, pre-norm transformer.
//!
//! ```text
//! x⁰ = embed(tokens)                              + position, where the scheme adds one
//! z  = xˡ + attention(norm₁(xˡ))                  block l, first half; “xˡ +” only with skip connections
//! xˡ⁺¹ = z + feed_forward(norm₂(z))               block l, second half; z where there is none
//! y  = norm₃(xᴸ)          logits = y · unembed    the next token is read off the last row of y
//! ```
//! Notation as in Barbero et al. 2024: xˡ is their v^(l). Exact definitions, down to the ε of the norms: docs/model.md.

pub mod attention;
pub mod feed_forward;
pub mod layered;
mod linear;
pub mod norm;
pub mod position;
mod visible;

use crate::device::Memory;
use crate::precision::Grid;
use crate::progress::{Progress, Stopped, Work};
use crate::tap::Tap;
use crate::train::Parameters;
use crate::weights::Weights;
use attention::{Attention, KeysValues};
use burn::tensor::Tensor;
use feed_forward::FeedForward;
use glasses_contract::alphabet::{self, Token};
use glasses_contract::config::{self, Model, Residual};
use glasses_contract::limits;
use glasses_contract::site::Site;
use linear::Linear;
use norm::Norm;
use position::{Places, Scheme};
use std::ops::Range;
use visible::Standing;

/// A transformer with its weights on a device.
pub struct Transformer {
    /// The embedding, [alphabet, width].
    embed: Tensor<2>,
    blocks: Vec<Block>,
    final_norm: Norm,
    /// The unembedding, [width, alphabet].
    unembed: Linear,
    positions: Scheme,
    model: Model,
    memory: Memory,
    weights: Weights,
}

struct Block {
    attention_norm: Norm,
    attention: Attention,
    /// The second half, where the model has one.
    feed_forward: Option<(Norm, FeedForward)>,
}

/// Token rows on their way through the model: `batch` sequences of equal length, each standing where its past ends.
pub struct Rows<'a> {
    /// The residual stream, [batch, rows, width].
    pub x: Tensor<3>,
    places: Places<'a>,
    standing: Standing,
}

/// For each block, the keys and values of tokens that came before: what later rows need to know of them.
pub type Past = Vec<KeysValues>;

/// An array that the weights lack or that has another shape than the model needs.
#[derive(Debug, thiserror::Error)]
#[error("the weights have no array “{name}” of shape {shape:?}")]
pub struct MissingWeights {
    name: String,
    shape: Vec<usize>,
}

impl Transformer {
    /// Puts a model together from its weights, rounded to the format that the model stores them in.
    ///
    /// # Errors
    /// If an array is missing or has the wrong shape.
    pub fn new(model: &Model, weights: Weights, memory: &Memory) -> Result<Self, MissingWeights> {
        let mut begun = Self::begin(model, weights, memory)?;
        while begun.add_block()? {}
        Ok(begun)
    }

    /// The same without its blocks, for those who add one after the other and let others run in between.
    ///
    /// # Errors
    /// As [`Transformer::new`].
    pub fn begin(model: &Model, weights: Weights, memory: &Memory) -> Result<Self, MissingWeights> {
        let around = Self::around_blocks(model, &stored(model, &weights, memory))?;
        Ok(Self { weights, ..around })
    }

    /// Adds the next block; says whether there was one left to add.
    ///
    /// # Errors
    /// As [`Transformer::new`].
    pub fn add_block(&mut self) -> Result<bool, MissingWeights> {
        let layer = self.blocks.len();
        if layer == self.model.layers {
            return Ok(false);
        }
        let block = Block::of_layer(&self.model, layer, &stored(&self.model, &self.weights, &self.memory))?;
        self.blocks.push(block);
        Ok(true)
    }

    /// Puts a model together from parameters that gradients are wanted of. Its [`Transformer::numbers`] are empty.
    ///
    /// # Errors
    /// If a parameter is missing or has the wrong shape.
    pub fn of_parameters(model: &Model, parameters: &Parameters, memory: &Memory) -> Result<Self, MissingWeights> {
        let loader = Loader { source: Source::Parameters(parameters), memory, path: String::new() };
        let blocks = (0..model.layers).map(|layer| Block::of_layer(model, layer, &loader)).collect::<Result<_, _>>()?;
        Ok(Self { blocks, ..Self::around_blocks(model, &loader)? })
    }

    fn around_blocks(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let embed = loader.matrix("embed.weight", [alphabet::SIZE, model.width])?;
        let unembed = loader.linear(&["unembed.weight"], [model.width, alphabet::SIZE])?;
        let final_norm = Norm::new(model, &loader.at("final_norm"))?;
        let positions = Scheme::new(model, loader)?;
        let (model, memory) = (model.clone(), loader.memory.clone());
        Ok(Self { embed, blocks: Vec::new(), final_norm, unembed, positions, model, memory, weights: Weights::default() })
    }

    /// An array of the weights as plain numbers, rounded as the model stores them; empty where the model has none of this name.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let grid = Grid::of(self.model.formats.weights, self.model.formats.bits);
        let stored = |value: f32| f64::from(grid.map_or(value, |grid| grid.round(value)));
        self.weights.get(name).map_or_else(Vec::new, |array| array.values.iter().map(|&value| stored(value)).collect())
    }

    /// The first extent of an array of the weights; 0 where the model has none of this name.
    pub fn rows_of(&self, name: &str) -> usize {
        self.weights.get(name).and_then(|array| array.shape.first().copied()).unwrap_or(0)
    }

    /// The configuration.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Where it computes.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Number of blocks.
    pub fn layers(&self) -> usize {
        self.blocks.len()
    }

    /// What enters the first block. All sequences are of one length; sequence b starts at place `starts[b]`, behind as many
    /// tokens of its past.
    pub fn embed(&self, sequences: &[&[Token]], starts: &[usize], tap: &mut impl Tap) -> Rows<'_> {
        let (batch, rows) = (sequences.len(), sequences.first().map_or(0, |sequence| sequence.len()));
        let tokens = self.memory.indices(sequences.iter().flat_map(|sequence| sequence.iter().map(|token| usize::from(token.0))));
        let x = self.embed.clone().select(0, tokens).reshape([batch, rows, self.model.width]);
        let rows = self.rows(x, starts);
        Rows { x: tap.stream(Site::Embedding, rows.places.embed(rows.x)), ..rows }
    }

    /// Rows that begin with a given residual stream x⁰, [batch, rows, width], in place of embedded tokens.
    pub fn from_embedding(&self, x: Tensor<3>) -> Rows<'_> {
        let starts = vec![0; x.dims()[0]];
        self.rows(x, &starts)
    }

    fn rows(&self, x: Tensor<3>, starts: &[usize]) -> Rows<'_> {
        let rows = x.dims()[1];
        // Sequences that all start at one place share its tables.
        let starts = if starts.windows(2).all(|pair| pair[0] == pair[1]) { &starts[..starts.len().min(1)] } else { starts };
        let places = Places::new(&self.positions, &self.model, starts, rows, &self.memory);
        Rows { x, places, standing: Standing::new(starts, rows, &self.memory) }
    }

    /// One block: attention, then feed-forward, each added to the residual stream. `past` holds what came before, if anything did.
    ///
    /// # Errors
    /// If `work` says stop; it is told of the block's operations as they are done, and stepped at the end.
    pub async fn block<'a>(
        &self,
        layer: usize,
        rows: Rows<'a>,
        past: Option<&Past>,
        tap: &mut impl Tap,
        work: &Work<'_, impl Progress>,
    ) -> Result<Rows<'a>, Stopped> {
        let Rows { x, places, standing } = rows;
        let block = &self.blocks[layer];
        let normed = tap.stream(Site::AttentionNorm(layer), block.attention_norm.forward(x.clone()));
        let attended = block.attention.forward(layer, normed, &places, &standing, past.map(|past| &past[layer]), tap, work).await?;
        let attended = tap.stream(Site::AttentionOutput(layer), attended);
        let z = tap.stream(Site::ResidualMiddle(layer), self.skip(x, attended));
        let x = match &block.feed_forward {
            Some((norm, feed_forward)) => {
                let normed = tap.stream(Site::FeedForwardNorm(layer), norm.forward(z.clone()));
                let fed = feed_forward.forward(layer, normed, tap, work).await?;
                self.skip(z, tap.stream(Site::FeedForwardOutput(layer), fed))
            }
            None => z,
        };
        work.step().await?;
        Ok(Rows { x: tap.stream(Site::Residual(layer), x), places, standing })
    }

    /// What flows past a half of a block, and what the half makes of it.
    fn skip(&self, past: Tensor<3>, made: Tensor<3>) -> Tensor<3> {
        match self.model.block.residual {
            Residual::On => past + made,
            Residual::Off => made,
        }
    }

    /// The last norm: y, [batch, rows, width].
    pub fn output(&self, rows: Rows, tap: &mut impl Tap) -> Tensor<3> {
        tap.stream(Site::FinalNorm, self.final_norm.forward(rows.x))
    }

    /// All blocks, one behind the other, with a step of progress behind each at the least.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn blocks<'a>(
        &self,
        mut rows: Rows<'a>,
        past: Option<&Past>,
        tap: &mut impl Tap,
        progress: &impl Progress,
    ) -> Result<Rows<'a>, Stopped> {
        let work = self.work(&rows, past, progress);
        for layer in 0..self.layers() {
            rows = self.block(layer, rows, past, tap, &work).await?;
        }
        Ok(rows)
    }

    /// What it takes to send these rows through all blocks.
    pub fn work<'a, P: Progress>(&self, rows: &Rows, past: Option<&Past>, progress: &'a P) -> Work<'a, P> {
        Work::new(progress, self.flop(rows, past))
    }

    /// Floating-point operations of these rows through all blocks.
    pub fn flop(&self, rows: &Rows, past: Option<&Past>) -> u64 {
        let [batch, count, _] = rows.x.dims();
        let before = past.and_then(|past| past.first()).map_or(0, |past| past.keys.dims()[2]);
        batch as u64 * limits::rows_flop(&self.model, count, before)
    }

    /// y of whole sequences of one length, [batch, rows, width]: embedding, all blocks and the last norm, one behind the other.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn read(&self, sequences: &[&[Token]], tap: &mut impl Tap, progress: &impl Progress) -> Result<Tensor<3>, Stopped> {
        let rows = self.embed(sequences, &vec![0; sequences.len()], tap);
        let rows = self.blocks(rows, None, tap, progress).await?;
        Ok(self.output(rows, tap))
    }

    /// One score for each token of the alphabet, [batch, rows, alphabet].
    pub fn logits(&self, y: Tensor<3>, tap: &mut impl Tap) -> Tensor<3> {
        tap.stream(Site::Logits, self.unembed.at_once(y))
    }
}

impl Block {
    fn of_layer(model: &Model, layer: usize, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let loader = loader.at(&format!("layers.{layer}"));
        let feed_forward = match model.block.feed_forward {
            config::FeedForward::On => {
                Some((Norm::new(model, &loader.at("feed_forward_norm"))?, FeedForward::new(model, &loader.at("feed_forward"))?))
            }
            config::FeedForward::Off => None,
        };
        Ok(Self {
            attention_norm: Norm::new(model, &loader.at("attention_norm"))?,
            attention: Attention::new(model, layer, &loader.at("attention"))?,
            feed_forward,
        })
    }
}

/// The numbers below `end` in ranges of `step`, the last one shorter.
fn parts(end: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..end).step_by(step.max(1)).map(move |start| start..end.min(start + step))
}

/// Parts put together along an axis; one that is the whole stays as it lies.
fn joined<const D: usize>(mut parts: Vec<Tensor<D>>, along: usize) -> Tensor<D> {
    match (parts.len(), parts.pop()) {
        (1, Some(whole)) => whole,
        (_, last) => Tensor::cat(parts.into_iter().chain(last).collect(), along),
    }
}

/// Arrays of weights, rounded to the format that the model stores them in.
fn stored<'a>(model: &Model, weights: &'a Weights, memory: &'a Memory) -> Loader<'a> {
    let grid = Grid::of(model.formats.weights, model.formats.bits);
    Loader { source: Source::Stored { weights, grid }, memory, path: String::new() }
}

/// Reads arrays below a path of names.
struct Loader<'a> {
    source: Source<'a>,
    memory: &'a Memory,
    path: String,
}

/// Where arrays come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// Plain numbers, rounded to what a model stores.
    Stored { weights: &'a Weights, grid: Option<Grid> },
    /// Tensors on the device.
    Parameters(&'a Parameters),
}

impl<'a> Loader<'a> {
    fn at(&self, name: &str) -> Loader<'a> {
        Loader { path: format!("{}{name}.", self.path), ..*self }
    }

    fn matrix(&self, name: &str, shape: [usize; 2]) -> Result<Tensor<2>, MissingWeights> {
        self.tensor(name, shape)
    }

    /// Matrices of one shape side by side, as one that rows are multiplied with.
    fn linear(&self, names: &[&str], shape: [usize; 2]) -> Result<Linear, MissingWeights> {
        let matrices = names.iter().map(|name| self.matrix(name, shape)).collect::<Result<Vec<_>, _>>()?;
        Ok(Linear::new(joined(matrices, 1), matches!(self.source, Source::Parameters(_))))
    }

    fn vector(&self, name: &str, length: usize) -> Result<Tensor<1>, MissingWeights> {
        self.tensor(name, [length])
    }

    fn tensor<const D: usize>(&self, name: &str, shape: [usize; D]) -> Result<Tensor<D>, MissingWeights> {
        let name = format!("{}{name}", self.path);
        let found = match self.source {
            Source::Stored { weights, grid } => weights.get(&name).filter(|array| array.shape == shape).map(|array| {
                let rounded = array.values.iter().map(|&value| grid.map_or(value, |grid| grid.round(value)));
                self.memory.floats(rounded.map(f64::from), shape)
            }),
            Source::Parameters(parameters) => {
                parameters.get(&name).filter(|parameter| parameter.shape == shape).map(|parameter| parameter.flat.clone().reshape(shape))
            }
        };
        found.ok_or_else(|| MissingWeights { name, shape: shape.to_vec() })
    }
}
