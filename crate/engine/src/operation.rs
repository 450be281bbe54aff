//! Operations of our own on tensors. What is written for one backend or another has to name it, as otherwise only `device.rs` does.

mod block_matrix;
#[cfg(all(test, feature = "flex"))]
mod drawn;
mod epilogue;
#[cfg(feature = "flex")]
mod exponential;
mod fused_attention;
mod fused_norm;
mod gelu;
#[cfg(feature = "webgpu")]
mod graphics;
mod matmul;
mod norm_vjp;
#[cfg(feature = "flex")]
mod processor;
mod product;
mod round;
mod row_products;
mod softmax;
mod softmax_vjp;
mod tile;

pub use block_matrix::BlockMatrix;
pub use epilogue::Epilogue;
pub use fused_attention::{ROWS, Weights, fused_attention};
pub use fused_norm::fused_norm;
pub use gelu::{gelu, gelu_slope};
pub use matmul::{fused_matmul, matmul};
pub use norm_vjp::norm_vjp;
pub use product::{FEW_ROWS, IS_QUICK, Outputs, Panels, Product, TransposedProduct};
pub use round::{round, round_straight_through};
pub use row_products::row_products;
pub use softmax::softmax;
pub use softmax_vjp::softmax_vjp;

use crate::progress::{GRAPHICS_PART_FLOP, PART_FLOP};
use burn::tensor::Tensor;

/// Whether a tensor is on a graphics processor, where a kernel should have as much to do at once as there is.
#[cfg_attr(not(feature = "webgpu"), allow(unused_variables, reason = "there is none"))]
pub fn is_on_graphics<const D: usize>(x: &Tensor<D>) -> bool {
    #[cfg(feature = "webgpu")]
    return graphics::holds(x);
    #[cfg(not(feature = "webgpu"))]
    false
}

/// Floating-point operations between two steps, where the work on a tensor can be parted.
pub fn part_flop<const D: usize>(x: &Tensor<D>) -> u64 {
    if is_on_graphics(x) { GRAPHICS_PART_FLOP } else { PART_FLOP }
}
