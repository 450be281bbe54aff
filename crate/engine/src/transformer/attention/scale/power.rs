//! The scaling of adaptive-scalable entmax (Vasylenko et al. 2025, arXiv 2506.16640): δ + β (ln m)^γ for m visible keys.

use burn::tensor::Tensor;
use glasses_contract::config::Attention;

/// The factor of each query, [batch, 1, rows, 1].
pub(super) fn factor(slots: &Attention, count: Tensor<4>) -> Tensor<4> {
    let power = match slots.power_exponent {
        // 0⁰ is 1, which not every device agrees with.
        0.0 => count.ones_like(),
        exponent => count.log().powf_scalar(exponent),
    };
    power.mul_scalar(slots.power_factor).add_scalar(slots.power_offset)
}
