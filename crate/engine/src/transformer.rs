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
mod loader;
mod mask;
pub mod norm;
pub mod parameter;
mod past;
pub mod position;
mod vjp;
mod vocabulary;

pub use attention::Through;
pub use loader::{MissingWeights, Source, Stored};
pub use past::{KvCache, LayerKv, Past};
pub use vjp::Linearized;

use crate::device::TensorSpec;
use crate::hook::Hook;
use crate::operation::{FEW_ROWS, IS_QUICK};
use crate::progress::{Progress, Stopped, Work};
use crate::tokenizer::{Characters, Tokenizer};
use attention::Attention;
use burn::tensor::Tensor;
use feed_forward::FeedForward;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{self, Mask, Model, Residual, Unembedding};
use glasses_contract::limits;
use glasses_contract::site::Site;
use loader::Loader;
use mask::RowPositions;
use norm::Norm;
use parameter::Parameter;
use position::{PositionTables, Scheme};
use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;
use vocabulary::Vocabulary;

/// A transformer with its weights on a device.
pub struct Transformer {
    vocabulary: Vocabulary,
    blocks: Blocks,
    final_norm: Norm,
    positions: Scheme,
    model: Model,
    spec: TensorSpec,
    tokenizer: Rc<dyn Tokenizer>,
}

/// The blocks of a model.
enum Blocks {
    /// On the device.
    Held(Vec<Block>),
    /// Where the weights are stored: what a product needs of them is read while it is computed. A block is put together when it is first wanted.
    Stored(Rc<dyn Stored>, Vec<OnceCell<Block>>),
}

struct Block {
    attention_norm: Norm,
    attention: Attention,
    /// The second half, where the model has one.
    feed_forward: Option<(Norm, FeedForward)>,
}

/// Token rows on their way through the model: `batch` sequences of equal length, each behind its part of the KV cache.
pub struct Rows<'a> {
    /// The residual stream, [batch, rows, width].
    pub x: Tensor<3>,
    tables: PositionTables<'a>,
    row_positions: RowPositions,
}

/// Rows from which on products with weights are taken in one way whatever their number: fewer are products of vectors, in another order.
pub const LEAST_ROWS: usize = FEW_ROWS + 2;

/// Every parameter of a model. Each module lists its own; drawing weights, counting them, holding a file against a model and putting a
/// transformer together read this list.
pub fn parameters(model: &Model) -> Vec<Parameter> {
    let mut all = around_blocks(model);
    all.extend((0..model.layers).flat_map(|layer| Block::parameters(model, layer)));
    all
}

/// The parameters that are in no block.
fn around_blocks(model: &Model) -> Vec<Parameter> {
    let (tokens, width) = (model.architecture.vocabulary, model.width);
    let mut all = vec![Parameter::normal("embed.weight", [tokens, width], 0, 1.0)];
    if model.architecture.unembedding == Unembedding::Own {
        all.push(Parameter::matrix("unembed.weight", [width, tokens], 1));
    }
    all.extend(position::parameters(model));
    all.extend(norm::parameters(model, "final_norm"));
    all
}

impl Transformer {
    /// Puts a model together from its parameters.
    ///
    /// # Errors
    /// If one is missing or has the wrong shape.
    pub fn new(model: &Model, source: &dyn Source, spec: &TensorSpec) -> Result<Self, MissingWeights> {
        let mut begun = Self::begin(model, source, spec)?;
        while begun.add_block(source)? {}
        Ok(begun)
    }

    /// The same without its blocks, for those who add one after the other and let others run in between.
    ///
    /// # Errors
    /// As [`Transformer::new`].
    pub fn begin(model: &Model, source: &dyn Source, spec: &TensorSpec) -> Result<Self, MissingWeights> {
        let vocabulary = |loader: &Loader<'_>| Vocabulary::held(model, loader);
        Self::around(model, source, spec, vocabulary, Blocks::Held(Vec::new()), Rc::new(Characters))
    }

    /// A model whose weights stay where they are stored, and whose tokens are its own.
    ///
    /// # Errors
    /// As [`Transformer::new`].
    pub fn stored(model: &Model, weights: Rc<dyn Stored>, tokenizer: Rc<dyn Tokenizer>, spec: &TensorSpec) -> Result<Self, MissingWeights> {
        let vocabulary = |_: &Loader<'_>| Vocabulary::stored(model, &weights, spec);
        let blocks = Blocks::Stored(weights.clone(), (0..model.layers).map(|_| OnceCell::new()).collect());
        Self::around(model, &*weights, spec, vocabulary, blocks, tokenizer)
    }

    /// What is around the blocks, and the blocks.
    fn around(
        model: &Model,
        source: &dyn Source,
        spec: &TensorSpec,
        vocabulary: impl Fn(&Loader<'_>) -> Result<Vocabulary, MissingWeights>,
        blocks: Blocks,
        tokenizer: Rc<dyn Tokenizer>,
    ) -> Result<Self, MissingWeights> {
        let shapes = parameter::shapes(around_blocks(model));
        let loader = Loader { source, stored: None, shapes: &shapes, formats: &model.formats, spec, path: String::new() };
        Ok(Self {
            vocabulary: vocabulary(&loader)?,
            final_norm: Norm::new(model, &loader.at("final_norm"))?,
            positions: Scheme::new(model, &loader)?,
            blocks,
            model: model.clone(),
            spec: spec.clone(),
            tokenizer,
        })
    }

    /// Adds the next block; says whether there was one left to add.
    ///
    /// # Errors
    /// As [`Transformer::new`].
    pub fn add_block(&mut self, source: &dyn Source) -> Result<bool, MissingWeights> {
        let Blocks::Held(blocks) = &mut self.blocks else { return Ok(false) };
        if blocks.len() == self.model.layers {
            return Ok(false);
        }
        blocks.push(Block::read(&self.model, blocks.len(), source, None, &self.spec)?);
        Ok(true)
    }

    /// The configuration.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Where it computes.
    pub fn spec(&self) -> &TensorSpec {
        &self.spec
    }

    /// How a text becomes the tokens that it reads.
    pub fn tokenizer(&self) -> &dyn Tokenizer {
        &*self.tokenizer
    }

    /// Number of blocks.
    pub fn layers(&self) -> usize {
        match &self.blocks {
            Blocks::Held(blocks) => blocks.len(),
            Blocks::Stored(..) => self.model.layers,
        }
    }

    /// What enters the first block. All sequences are of one length; sequence b starts at place `starts[b]`, behind as many
    /// cached tokens.
    pub fn embed(&self, sequences: &[&[Token]], starts: &[usize], hook: &mut dyn Hook) -> Rows<'_> {
        let (batch, rows) = (sequences.len(), sequences.first().map_or(0, |sequence| sequence.len()));
        let tokens = sequences.iter().flat_map(|sequence| sequence.iter().map(|token| token.0 as usize)).collect();
        let x = self.vocabulary.embed(tokens, &self.spec).reshape([batch, rows, self.model.width]);
        let rows = self.rows(x, starts);
        Rows { x: hook.stream(Site::Embedding, rows.tables.embed(rows.x)), ..rows }
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
        let tables = PositionTables::new(&self.positions, &self.model, starts, rows, &self.spec);
        Rows { x, tables, row_positions: RowPositions::new(starts, rows, &self.spec) }
    }

    /// One block: attention, then feed-forward, each added to the residual stream. `cache` holds the keys and values of what came before, if anything did.
    ///
    /// # Errors
    /// If `work` says stop; it is told of the block's operations as they are done, and stepped at the end.
    pub async fn block<'a>(
        &self,
        layer: usize,
        rows: Rows<'a>,
        past: impl Into<Past<'_>>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Rows<'a>, Stopped> {
        let Rows { x, tables, row_positions } = rows;
        let block = self.block_at(layer)?;
        let residual = self.unseen(Site::AttentionOutput(layer), &x, hook);
        let normed = hook.stream(Site::AttentionNorm(layer), block.attention_norm.forward(x.clone()));
        let attended = block.attention.forward(layer, normed, residual.clone(), &tables, &row_positions, past.into(), hook, work).await?;
        let z = match residual {
            Some(_) => attended,
            None => self.skip(x, hook.stream(Site::AttentionOutput(layer), attended)),
        };
        let z = hook.stream(Site::ResidualMiddle(layer), z);
        let x = match &block.feed_forward {
            Some((norm, feed_forward)) => {
                let residual = self.unseen(Site::FeedForwardOutput(layer), &z, hook);
                let normed = hook.stream(Site::FeedForwardNorm(layer), norm.forward(z.clone()));
                let fed = feed_forward.forward(layer, normed, residual.clone(), hook, work).await?;
                match residual {
                    Some(_) => fed,
                    None => self.skip(z, hook.stream(Site::FeedForwardOutput(layer), fed)),
                }
            }
            None => z,
        };
        work.step().await?;
        Ok(Rows { x: hook.stream(Site::Residual(layer), x), tables, row_positions })
    }

    /// The block of a layer.
    fn block_at(&self, layer: usize) -> Result<&Block, Stopped> {
        match &self.blocks {
            Blocks::Held(blocks) => Ok(&blocks[layer]),
            Blocks::Stored(weights, blocks) => {
                let block = &blocks[layer];
                if block.get().is_none() {
                    // Stored weights lack nothing, or there would be no transformer.
                    let read = Block::read(&self.model, layer, &**weights, Some(weights), &self.spec).map_err(|_| Stopped)?;
                    drop(block.set(read));
                }
                block.get().ok_or(Stopped)
            }
        }
    }

    /// The residual stream x where what a half of a block adds to it passes a site that nobody looks at: it can be added to in the half's last product.
    fn unseen(&self, site: Site, x: &Tensor<3>, hook: &dyn Hook) -> Option<Tensor<3>> {
        (self.model.block.residual == Residual::On && !hook.wants(site)).then(|| x.clone())
    }

    /// The residual stream after a half of a block, which made something of it.
    fn skip(&self, x: Tensor<3>, made: Tensor<3>) -> Tensor<3> {
        match self.model.block.residual {
            Residual::On => x + made,
            Residual::Off => made,
        }
    }

    /// The last norm: y, [batch, rows, width].
    pub fn output(&self, rows: Rows, hook: &mut dyn Hook) -> Tensor<3> {
        hook.stream(Site::FinalNorm, self.final_norm.forward(rows.x))
    }

    /// All blocks, one behind the other, with a step of progress behind each at the least.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn blocks<'a>(
        &self,
        mut rows: Rows<'a>,
        past: impl Into<Past<'_>>,
        hook: &mut dyn Hook,
        progress: &impl Progress,
    ) -> Result<Rows<'a>, Stopped> {
        let past = past.into();
        let work = self.work(&rows, past, progress);
        for layer in 0..self.layers() {
            rows = self.block(layer, rows, past, hook, &work).await?;
        }
        Ok(rows)
    }

    /// Whether a row's numbers on the processor are the same, bit for bit, however many rows go through with it (batch invariance), where they are
    /// [`LEAST_ROWS`] at the least. Attention has to be fused in all layers, for products of scores and of weights with values go to the library
    /// elsewhere, which adds in an order that depends on the number of rows and keys; so do, but for WebAssembly, products with stored weights.
    pub fn is_batch_invariant(&self, hook: &dyn Hook) -> bool {
        let slots = &self.model.attention;
        slots.mask == Mask::Causal
            && !self.positions.biases_scores()
            && (0..self.layers()).all(|layer| attention::is_fusible(slots, layer, hook))
            && (IS_QUICK || matches!(self.blocks, Blocks::Held(_)))
    }

    /// What it takes to send these rows through all blocks.
    pub fn work<'a, 'b>(&self, rows: &Rows, past: impl Into<Past<'b>>, progress: &'a impl Progress) -> Work<'a> {
        Work::new(progress, self.flop(rows, past))
    }

    /// Floating-point operations of these rows through all blocks.
    pub fn flop<'b>(&self, rows: &Rows, past: impl Into<Past<'b>>) -> u64 {
        let ([batch, count, _], past) = (rows.x.dims(), past.into());
        (0..batch).map(|sequence| limits::rows_flop(&self.model, count, past.tokens(sequence))).sum()
    }

    /// y of whole sequences of one length, [batch, rows, width]: embedding, all blocks and the last norm, one behind the other.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn read(&self, sequences: &[&[Token]], hook: &mut dyn Hook, progress: &impl Progress) -> Result<Tensor<3>, Stopped> {
        let rows = self.embed(sequences, &vec![0; sequences.len()], hook);
        let rows = self.blocks(rows, None, hook, progress).await?;
        Ok(self.output(rows, hook))
    }

    /// One score for each token of the alphabet, [batch, rows, alphabet].
    pub fn logits(&self, y: Tensor<3>, hook: &mut dyn Hook) -> Tensor<3> {
        hook.stream(Site::Logits, self.vocabulary.scores(y))
    }

    /// The same for those who let others run in between.
    ///
    /// # Errors
    /// If `work` says stop.
    pub async fn logits_in_steps(&self, y: Tensor<3>, hook: &mut dyn Hook, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        Ok(hook.stream(Site::Logits, self.vocabulary.scores_in_steps(y, work).await?))
    }
}

impl Block {
    fn parameters(model: &Model, layer: usize) -> Vec<Parameter> {
        let at = |module: &str| format!("layers.{layer}.{module}");
        let mut all = norm::parameters(model, &at("attention_norm"));
        all.extend(attention::parameters(model, layer).into_iter().map(|parameter| parameter.within(&at("attention"))));
        if model.block.feed_forward == config::FeedForward::On {
            all.extend(norm::parameters(model, &at("feed_forward_norm")));
            all.extend(feed_forward::parameters(model, layer).into_iter().map(|parameter| parameter.within(&at("feed_forward"))));
        }
        all
    }

    /// A block with its weights, from where they are, or with matrices that stay there.
    fn read(
        model: &Model,
        layer: usize,
        source: &dyn Source,
        stored: Option<&Rc<dyn Stored>>,
        spec: &TensorSpec,
    ) -> Result<Self, MissingWeights> {
        let shapes = parameter::shapes(Self::parameters(model, layer));
        let loader = Loader { source, stored, shapes: &shapes, formats: &model.formats, spec, path: format!("layers.{layer}.") };
        Self::new(model, layer, &loader)
    }

    fn new(model: &Model, layer: usize, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
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
pub(crate) fn parts(end: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..end).step_by(step.max(1)).map(move |start| start..end.min(start + step))
}

/// Parts put together along an axis; one that is the whole stays as it lies.
pub(crate) fn joined<const D: usize>(mut parts: Vec<Tensor<D>>, along: usize) -> Tensor<D> {
    match (parts.len(), parts.pop()) {
        (1, Some(whole)) => whole,
        (_, last) => Tensor::cat(parts.into_iter().chain(last).collect(), along),
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests;
