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
use crate::precision::Rounding;
use crate::tap::Recorder;
use crate::theory::variation;
use crate::transformer::Transformer;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Mask, Mix};
use glasses_contract::site::Site;

/// Attention weights that are kept at the most, in elements.
const MOST_WEIGHTS: usize = 4 << 20;

/// One number for each pair, the greatest of the heads' bounds; none where the theorem does not speak of these pairs.
pub(super) async fn bound(transformer: &Transformer, pairs: &[Vec<Token>], progress: &impl Progress) -> Result<Vec<f64>, NoAnswer> {
    let (model, longest) = (transformer.model(), pairs.last().map_or(&[][..], |longest| longest));
    let (heads, side, width) = (model.heads, longest.len(), model.head_width());
    let is_known = model.attention.mix == Mix::Plain && model.attention.mask == Mask::Causal;
    if !is_known || heads * side * side > MOST_WEIGHTS || !pairs.chunks_exact(2).all(|pair| repeats_its_last(pair, longest)) {
        return Ok(Vec::new());
    }
    let recorder = Recorder::new(|site| matches!(site, Site::Weights(0) | Site::Value(0)));
    let mut tap = (Rounding::of(&model.formats), recorder);
    let rows = transformer.embed(&[longest], &[0], &mut tap);
    transformer.block(0, rows, None, &mut tap);
    progress.step(1.0).await?;
    let weights = tap.1.weights(0, 0..heads, side).flatten(0, 3);
    let values = tap.1.head_blocks(Site::Value(0)).into_iter().map(|values| values.flatten(0, 3)).collect();
    let read = device::read([vec![weights], values].concat()).await?;
    let (weights, values) = (&read[0], &read[1]);

    let size = |token: &[f64]| token.iter().map(|x| x.abs()).sum::<f64>();
    let of_head = |head: usize, n: usize| {
        let row = |query: usize| &weights[(head * side + query) * side..][..query + 1];
        let (shorter, longer) = (row(n - 1), row(n));
        let sizes = values[head * side * width..][..(n + 1) * width].chunks_exact(width).map(size);
        // The shorter row has no entry for the repeated token, so that its weight is part of the variation.
        variation::distance(shorter, longer) * sizes.fold(0.0, f64::max)
    };
    let lengths = pairs.chunks_exact(2).map(|pair| pair[0].len());
    Ok(lengths.map(|n| (0..heads).map(|head| of_head(head, n)).fold(0.0, f64::max)).collect())
}

/// Whether B is A with its last token once more, and both are prefixes of the longest sequence.
fn repeats_its_last(pair: &[Vec<Token>], longest: &[Token]) -> bool {
    let [a, b] = pair else { return false };
    b.len() == a.len() + 1 && b[..a.len()] == a[..] && b.last() == a.last() && longest.starts_with(b)
}
