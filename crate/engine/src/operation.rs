//! Operations of our own on tensors. What is written for one backend or another has to name it, as otherwise only `device.rs` does.

mod block_matrix;
mod epilogue;
#[cfg(feature = "flex")]
mod exponential;
mod fused_attention;
mod fused_norm;
mod gelu;
#[cfg(feature = "webgpu")]
mod graphics;
mod matmul;
mod product;
mod round;
mod softmax;
mod tile;

pub use block_matrix::BlockMatrix;
pub use epilogue::Epilogue;
pub use fused_attention::{ROWS, Weights, fused_attention};
pub use fused_norm::fused_norm;
pub use gelu::{gelu, gelu_slope};
pub use matmul::{fused_matmul, matmul};
pub use product::{FEW_ROWS, IS_QUICK, Panels, Product, TransposedProduct};
pub use round::{round, round_straight_through};
pub use softmax::softmax;
