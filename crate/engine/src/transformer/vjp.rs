//! Vector–Jacobian products of the last token's output, rᵀ ∂y_n/∂x⁰, by one forward that all cotangents r share.
//!
//! Each module's product stands beside its forward pass. What it needs of the forward pass is recorded once, for one sequence; cotangents go back
//! through it as rows of one product, and through the last block from its last row only. Nothing is kept for a cotangent but the cotangent.

use super::attention::{Attended, Through, add_to_last_rows, cotangents_at_once};
use super::layered::NoGradient;
use super::{Residual, Rows, Transformer, parts};
use crate::hook::{Hook, Recorder};
use crate::operation::{is_on_graphics, row_products};
use crate::progress::{Progress, Stopped, SubProgress, Work};
use burn::tensor::Tensor;
use glasses_contract::site::Site;

/// A transformer at one sequence: what its vector–Jacobian products need of the forward pass.
pub struct Linearized<'a> {
    transformer: &'a Transformer,
    /// The places of all rows, and y's residual stream x^L [1, tokens, width].
    rows: Rows<'a>,
    layers: Vec<BlockStages>,
}

/// What passed through a block.
struct BlockStages {
    /// What entered it, [1, tokens, width].
    entering: Tensor<3>,
    attended: Attended,
    /// The stream in front of the feed-forward, and its norm, [1, tokens, width].
    middle: Option<[Tensor<3>; 2]>,
    /// The Jacobian of the feed-forward and its norm for each row by itself, [width, tokens, width], where it is made beforehand.
    jacobian: Option<Tensor<3>>,
}

/// Elements of all Jacobians that are made beforehand, at the most.
const JACOBIAN_ELEMENTS: usize = 1 << 23;
/// Elements of hidden layers' cotangents that are made at once for them: few enough for them to stay in a processor's second cache.
const HIDDEN_ELEMENTS: usize = 1 << 17;

/// Whether the vector–Jacobian products need what passes at a site.
fn is_needed(site: Site) -> bool {
    use Site::{AttentionNorm, FeedForwardNorm, Key, Query, Residual, ResidualMiddle, Value};
    matches!(site, AttentionNorm(_) | Query(_) | Key(_) | Value(_) | ResidualMiddle(_) | FeedForwardNorm(_) | Residual(_))
}

impl Transformer {
    /// Sends the residual stream x⁰ of one sequence, [1, tokens, width], through all blocks, past a hook that rounds, say.
    ///
    /// # Errors
    /// If `progress` says stop, or something that was to be recorded is missing.
    pub async fn linearized(&self, x: Tensor<3>, hook: &mut dyn Hook, progress: &impl Progress) -> Result<Linearized<'_>, NoGradient> {
        let mut recorder = Recorder::new(is_needed);
        let rows = self.blocks(self.from_embedding(x.clone()), None, &mut (hook, &mut recorder), progress).await?;
        let stages = |layer: usize| {
            let entering = if layer == 0 { Some(x.clone()) } else { recorder.stream(Site::Residual(layer - 1)) };
            let heads = |site| recorder.head_blocks(site).pop();
            let attended = Attended {
                normed: recorder.stream(Site::AttentionNorm(layer))?,
                query: heads(Site::Query(layer))?,
                key: heads(Site::Key(layer))?,
                value: heads(Site::Value(layer))?,
            };
            let middle = recorder.stream(Site::ResidualMiddle(layer)).zip(recorder.stream(Site::FeedForwardNorm(layer)));
            Some(BlockStages { entering: entering?, attended, middle: middle.map(<[_; 2]>::from), jacobian: None })
        };
        let layers = (0..self.layers()).map(stages).collect::<Option<Vec<_>>>().ok_or(NoGradient::Missing)?;
        Ok(Linearized { transformer: self, rows, layers })
    }
}

impl Linearized<'_> {
    /// The transformer.
    pub fn transformer(&self) -> &Transformer {
        self.transformer
    }

    /// Tokens of the sequence.
    pub fn tokens(&self) -> usize {
        self.rows.x.dims()[1]
    }

    /// Makes ready for so many cotangents in all. A feed-forward mixes no tokens: of many cotangents it is less work to multiply each row's with a
    /// matrix that is made once, Down diag(GELU′) Up of width × width, than to send them through a hidden layer that is several times as wide. On
    /// processors, where arithmetic is what takes the time.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub async fn prepare(&mut self, cotangents: usize, progress: &impl Progress) -> Result<(), Stopped> {
        // Of the last block only the last row is wanted.
        let (tokens, width, layers) = (self.tokens(), self.rows.x.dims()[2], self.layers.len().saturating_sub(1));
        if is_on_graphics(&self.rows.x) || layers * tokens * width * width > JACOBIAN_ELEMENTS {
            return Ok(());
        }
        for (layer, stages) in self.layers.iter_mut().enumerate().take(layers) {
            let block = self.transformer.block_at(layer)?;
            let (Some((norm, feed_forward)), Some([middle, normed])) = (&block.feed_forward, &stages.middle) else { continue };
            if !feed_forward.pays_jacobian(cotangents) {
                continue;
            }
            let within = SubProgress::part(progress, layer, layers);
            let work = Work::new(&within, feed_forward.flop_of_jacobian(tokens));
            let mut of_rows = Vec::new();
            for part in parts(tokens, (HIDDEN_ELEMENTS / (width * feed_forward.hidden())).max(1)) {
                let [middle, normed] = [middle, normed].map(|x| x.clone().narrow(1, part.start, part.len()));
                of_rows.push(norm.vjp(middle, feed_forward.jacobian(normed, &work).await?));
            }
            stages.jacobian = Some(Tensor::cat(of_rows, 1));
        }
        Ok(())
    }

    /// How many cotangents it is best to send back at once.
    pub fn at_once(&self) -> usize {
        let model = self.transformer.model();
        cotangents_at_once(model.heads * model.attention.maps(), self.tokens())
    }

    /// Floating-point operations of so many cotangents at the most.
    pub fn flop(&self, count: usize) -> u64 {
        2 * count as u64 * self.transformer.flop(&self.rows, None)
    }

    /// rᵀ ∂y_n/∂x⁰ for each of some cotangents r [count, 1, width]: [count, tokens, width]. Rounding counts as the identity, the straight-through
    /// estimator (Bengio et al. 2013, arXiv 1308.3432).
    ///
    /// # Errors
    /// If `work` says stop.
    pub async fn vjp(&self, cotangents: Tensor<3>, through: Through, hook: &mut dyn Hook, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        let last = self.rows.x.clone().narrow(1, self.tokens() - 1, 1);
        let mut cotangents = self.transformer.final_norm.vjp(last, cotangents);
        for layer in (0..self.layers.len()).rev() {
            cotangents = self.block(layer, cotangents, through, hook, work).await?;
            work.step().await?;
        }
        Ok(cotangents)
    }

    /// From the cotangents of what leaves a block in its last rows [count, rows, width] to those of all that enters it [count, tokens, width].
    async fn block(
        &self,
        layer: usize,
        leaving: Tensor<3>,
        through: Through,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Tensor<3>, Stopped> {
        let (block, stages) = (self.transformer.block_at(layer)?, &self.layers[layer]);
        let (rows, tokens) = (leaving.dims()[1], self.tokens());
        let last = |x: &Tensor<3>| x.clone().narrow(1, tokens - rows, rows);
        let middle = match (&stages.jacobian, &block.feed_forward, &stages.middle) {
            (Some(jacobian), ..) => self.with_skipped(row_products(leaving.clone(), jacobian.clone()), leaving),
            (None, Some((norm, feed_forward)), Some([middle, normed])) => {
                let of_normed = feed_forward.vjp(last(normed), leaving.clone(), work).await?;
                self.with_skipped(norm.vjp(last(middle), of_normed), leaving)
            }
            _ => leaving,
        };
        let Rows { tables, row_positions, .. } = &self.rows;
        let of_normed = block.attention.vjp(layer, &stages.attended, tables, row_positions, middle.clone(), through, hook, work).await?;
        Ok(self.with_skipped(block.attention_norm.vjp(stages.entering.clone(), of_normed), middle))
    }

    /// The cotangents of what entered a half of a block: those by way of what it made of it, and those of the last rows by the skip connection.
    fn with_skipped(&self, made: Tensor<3>, skipped: Tensor<3>) -> Tensor<3> {
        match self.transformer.model.block.residual {
            Residual::On => add_to_last_rows(made, skipped),
            Residual::Off => made,
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests;
