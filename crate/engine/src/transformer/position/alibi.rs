//! ALiBi (Press et al. 2022): score(i, j) −= 2^(−8h/H) · (i − j) for head h = 1 … H, after the division by √d.
//!
//! For head counts that are no power of two this is the plain formula too, not the interleaved slopes of the authors' code.

use super::floats;
use burn::tensor::{Device, Tensor};

/// One slope a head, [1, head, 1, 1].
pub(super) fn slopes(heads: usize, device: &Device) -> Tensor<4> {
    let slopes = (1..=heads).map(|head| libm::exp2(-8.0 * head as f64 / heads as f64) as f32);
    floats(slopes, [1, heads, 1, 1], device)
}

/// The bias for distances [batch, 1, rows, keys]: [batch, head, rows, keys].
pub(super) fn bias(slopes: &Tensor<4>, distances: Tensor<4>) -> Tensor<4> {
    distances * slopes.clone().neg()
}
