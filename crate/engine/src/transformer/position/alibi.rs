//! ALiBi (Press et al. 2022): score(i, j) −= 2^(−8h/H) · |i − j| for head h = 1 … H, after the division by √d.
//!
//! For head counts that are no power of two this is the plain formula too, not the interleaved slopes of the authors' code.

use crate::device::TensorSpec;
use burn::tensor::Tensor;

/// One slope a head, [1, maps · head, 1, 1]: the same again for each further map of attention weights.
pub(super) fn slopes(heads: usize, maps: usize, spec: &TensorSpec) -> Tensor<4> {
    let slopes = (0..maps).flat_map(|_| (1..=heads).map(|head| libm::exp2(-8.0 * head as f64 / heads as f64)));
    spec.floats(slopes, [1, maps * heads, 1, 1])
}

/// The bias for distances [batch, 1, rows, keys]: [batch, head, rows, keys].
pub(super) fn bias(slopes: &Tensor<4>, distances: Tensor<4>) -> Tensor<4> {
    distances.abs() * slopes.clone().neg()
}
