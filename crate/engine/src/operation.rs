//! Operations of our own on tensors. Each is written once for every backend, so this folder names them, as otherwise only `device.rs` does.

mod gelu;
mod round;

pub use gelu::gelu;
pub use round::{round, round_straight_through};
