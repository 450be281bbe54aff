//! Operations of our own on tensors. What is written for one backend or another has to name it, as otherwise only `device.rs` does.

mod attend;
#[cfg(feature = "flex")]
mod exponential;
mod gelu;
mod round;
mod softmax;

pub use attend::{ROWS, attend};
pub use gelu::gelu;
pub use round::{round, round_straight_through};
pub use softmax::softmax;
