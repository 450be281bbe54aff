//! The model on one page: a decoder-only, pre-norm transformer.
//!
//! ```text
//! x⁰ = embed(tokens)                              + position, where the scheme adds one
//! z  = xˡ + attention(norm₁(xˡ))                  block l, first half
//! xˡ⁺¹ = z + feed_forward(norm₂(z))               block l, second half
//! y  = norm₃(xᴸ)          logits = y · unembed    the next token is read off the last row of y
//! ```
//! Notation as in Barbero et al. 2024: xˡ is their v^(l). Exact definitions, down to the ε of the norms: docs/model.md.

pub mod attention;
pub mod feed_forward;
pub mod norm;
pub mod position;

use crate::tap::Tap;
use crate::weights::{Array, Weights};
use attention::{Attention, KeysValues};
use burn::tensor::{Device, Int, Tensor, TensorData};
use feed_forward::FeedForward;
use glasses_contract::alphabet::{self, Token};
use glasses_contract::config::Model;
use glasses_contract::site::Site;
use norm::Norm;
use position::Places;

/// A transformer with its weights on a device.
pub struct Transformer {
    /// The embedding, [alphabet, width].
    embed: Tensor<2>,
    blocks: Vec<Block>,
    final_norm: Norm,
    /// The unembedding, [width, alphabet].
    unembed: Tensor<2>,
    model: Model,
    device: Device,
}

struct Block {
    attention_norm: Norm,
    attention: Attention,
    feed_forward_norm: Norm,
    feed_forward: FeedForward,
}

/// Token rows on their way through the model: `batch` sequences of equal length, each standing where its past ends.
pub struct Rows {
    /// The residual stream, [batch, rows, width].
    pub x: Tensor<3>,
    places: Places,
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
    /// Puts a model together from its weights.
    ///
    /// # Errors
    /// If an array is missing or has the wrong shape.
    pub fn new(model: &Model, weights: &Weights, device: &Device) -> Result<Self, MissingWeights> {
        let loader = Loader { weights, device, path: String::new() };
        let blocks = (0..model.layers).map(|layer| Block::new(model, &loader.at(&format!("layers.{layer}")))).collect::<Result<_, _>>()?;
        Ok(Self {
            embed: loader.matrix("embed.weight", [alphabet::SIZE, model.width])?,
            blocks,
            final_norm: Norm::new(model, &loader.at("final_norm"))?,
            unembed: loader.matrix("unembed.weight", [model.width, alphabet::SIZE])?,
            model: model.clone(),
            device: device.clone(),
        })
    }

    /// The configuration.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Where it computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Number of blocks.
    pub fn layers(&self) -> usize {
        self.blocks.len()
    }

    /// What enters the first block. All sequences are of one length; sequence b starts at place `starts[b]`, behind as many
    /// tokens of its past.
    pub fn embed(&self, sequences: &[&[Token]], starts: &[usize], tap: &mut impl Tap) -> Rows {
        let (batch, rows) = (sequences.len(), sequences.first().map_or(0, |sequence| sequence.len()));
        let places = Places::new(&self.model, starts, rows, &self.device);
        let tokens: Vec<i32> = sequences.iter().flat_map(|sequence| sequence.iter().map(|token| i32::from(token.0))).collect();
        let tokens = Tensor::<1, Int>::from_data(TensorData::new(tokens, [batch * rows]), &self.device);
        let x = self.embed.clone().select(0, tokens).reshape([batch, rows, self.model.width]);
        Rows { x: tap.stream(Site::Embedding, places.embed(x)), places }
    }

    /// Rows that begin with a given residual stream x⁰, [batch, rows, width], in place of embedded tokens.
    pub fn from_embedding(&self, x: Tensor<3>) -> Rows {
        let [batch, rows, _] = x.dims();
        Rows { x, places: Places::new(&self.model, &vec![0; batch], rows, &self.device) }
    }

    /// One block: attention, then feed-forward, each added to the residual stream. `past` holds what came before, if anything did.
    pub fn block(&self, layer: usize, rows: Rows, past: Option<&Past>, tap: &mut impl Tap) -> Rows {
        let Rows { x, places } = rows;
        let block = &self.blocks[layer];
        let normed = tap.stream(Site::AttentionNorm(layer), block.attention_norm.forward(x.clone()));
        let attended = block.attention.forward(layer, normed, &places, past.map(|past| &past[layer]), tap);
        let attended = tap.stream(Site::AttentionOutput(layer), attended);
        let z = tap.stream(Site::ResidualMiddle(layer), x + attended);
        let normed = tap.stream(Site::FeedForwardNorm(layer), block.feed_forward_norm.forward(z.clone()));
        let fed = block.feed_forward.forward(layer, normed, tap);
        let fed = tap.stream(Site::FeedForwardOutput(layer), fed);
        let x = tap.stream(Site::Residual(layer), z + fed);
        Rows { x, places }
    }

    /// The last norm: y, [batch, rows, width].
    pub fn output(&self, rows: Rows, tap: &mut impl Tap) -> Tensor<3> {
        tap.stream(Site::FinalNorm, self.final_norm.forward(rows.x))
    }

    /// One score for each token of the alphabet, [batch, rows, alphabet].
    pub fn logits(&self, y: Tensor<3>, tap: &mut impl Tap) -> Tensor<3> {
        tap.stream(Site::Logits, project(y, &self.unembed))
    }
}

impl Block {
    fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        Ok(Self {
            attention_norm: Norm::new(model, &loader.at("attention_norm"))?,
            attention: Attention::new(model, &loader.at("attention"))?,
            feed_forward_norm: Norm::new(model, &loader.at("feed_forward_norm"))?,
            feed_forward: FeedForward::new(model, &loader.at("feed_forward"))?,
        })
    }
}

/// x W for every row: [batch, rows, inputs] · [inputs, outputs].
fn project(x: Tensor<3>, weight: &Tensor<2>) -> Tensor<3> {
    let [batch, rows, inputs] = x.dims();
    let outputs = weight.dims()[1];
    x.reshape([batch * rows, inputs]).matmul(weight.clone()).reshape([batch, rows, outputs])
}

/// Reads arrays below a path of names.
struct Loader<'a> {
    weights: &'a Weights,
    device: &'a Device,
    path: String,
}

impl Loader<'_> {
    fn at(&self, name: &str) -> Loader<'_> {
        Loader { weights: self.weights, device: self.device, path: format!("{}{name}.", self.path) }
    }

    fn matrix(&self, name: &str, shape: [usize; 2]) -> Result<Tensor<2>, MissingWeights> {
        self.array(name, &shape).map(|array| Tensor::from_data(TensorData::new(array.values.clone(), shape), self.device))
    }

    fn vector(&self, name: &str, length: usize) -> Result<Tensor<1>, MissingWeights> {
        self.array(name, &[length]).map(|array| Tensor::from_data(TensorData::new(array.values.clone(), [length]), self.device))
    }

    fn array(&self, name: &str, shape: &[usize]) -> Result<&Array, MissingWeights> {
        let name = format!("{}{name}", self.path);
        let found = self.weights.get(&name).filter(|array| array.shape == shape);
        found.ok_or_else(|| MissingWeights { name, shape: shape.to_vec() })
    }
}
