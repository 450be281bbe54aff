//! Operations of our own on tensors. Each is written once for every backend, so this folder names them, as otherwise only `device.rs` does.

mod attend;
#[cfg(feature = "flex")]
mod exponential;
mod gelu;
mod round;
mod softmax;

pub use attend::attend;
pub use gelu::gelu;
pub use round::{round, round_straight_through};
pub use softmax::softmax;
