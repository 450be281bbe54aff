//! The one-layer bound of Theorem 4.2 / B.3: how far apart the first layer's head outputs can be, where B is A with its last token
//! once more.
//!
//! ```text
//! ‖o_n − o*_{n+1}‖₁ ≤ (Σ_{j≤n} |α_{n,j} − α*_{n+1,j}| + α*_{n+1,n+1}) · max_j ‖v_j‖₁
//! ```
//! The bracket is the total variation of the two rows and the weight of the repeated token. All its numbers are in one forward over the
//! longest sequence, for every shorter one is a prefix of it.

use super::{NoAnswer, Progress};
use crate::device;
use crate::measure;
use crate::precision::Rounding;
use crate::tap::Recorder;
use crate::transformer::Transformer;
use burn::tensor::Tensor;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Mask, Mix};
use glasses_contract::site::Site;

/// Attention weights that are kept at the most, in elements.
const MOST_WEIGHTS: usize = 4 << 20;

/// One number for each pair, the greatest of the heads' bounds; none where the theorem does not speak of these pairs, and none for those
/// at the end whose attention weights are too many.
pub(super) async fn bound(transformer: &Transformer, pairs: &[Vec<Token>], progress: &impl Progress) -> Result<Vec<f64>, NoAnswer> {
    let (model, longest) = (transformer.model(), pairs.last().map_or(&[][..], |longest| longest));
    let is_known = model.attention.mix == Mix::Plain && model.attention.mask == Mask::Causal;
    if !is_known || !pairs.chunks_exact(2).all(|pair| repeats_its_last(pair, longest)) {
        return Ok(Vec::new());
    }
    let (heads, side) = (model.heads, longest.len().min((MOST_WEIGHTS / model.heads).isqrt()));
    let longest = &longest[..side];
    let recorder = Recorder::new(|site| matches!(site, Site::Weights(0) | Site::Value(0)));
    let mut tap = (Rounding::of(&model.formats), recorder);
    let rows = transformer.embed(&[longest], &[0], &mut tap);
    transformer.block(0, rows, None, &mut tap);
    progress.step(1.0).await?;
    // The repeated token has no weight in the shorter row, so that its weight in the longer one is part of the variation.
    let weights = tap.1.weights(0, 0..heads, side);
    let variation = (weights.clone().narrow(2, 1, side - 1) - weights.narrow(2, 0, side - 1)).abs().sum_dim(3); // [1, head, side − 1, 1]
    let sizes = tap.1.head_blocks(Site::Value(0)).into_iter().map(|values| values.abs().sum_dim(3)).collect();
    let read = device::read(vec![variation.flatten(0, 3), Tensor::cat(sizes, 2).flatten(0, 3)]).await?;

    let mut bound = vec![0.0_f64; side - 1];
    for (variation, sizes) in read[0].chunks_exact(side - 1).zip(read[1].chunks_exact(side)) {
        let mut greatest = sizes[0];
        for ((bound, variation), size) in bound.iter_mut().zip(variation).zip(&sizes[1..]) {
            greatest = measure::greater(greatest, *size);
            *bound = measure::greater(*bound, variation * greatest);
        }
    }
    Ok(pairs.chunks_exact(2).map_while(|pair| bound.get(pair[0].len() - 1).copied()).collect())
}

/// Whether B is A with its last token once more, and both are prefixes of the longest sequence.
fn repeats_its_last(pair: &[Vec<Token>], longest: &[Token]) -> bool {
    let [a, b] = pair else { return false };
    b.len() == a.len() + 1 && b[..a.len()] == a[..] && b.last() == a.last() && longest.starts_with(b)
}
