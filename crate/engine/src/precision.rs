//! Float formats: rounding to the nearest number of a format, ties to even, on the bits of an f32.
//!
//! What is rounded are stored values: weights when they are loaded, activations and attention weights where they pass a site.
//! The sums inside a matrix product keep the engine's own format.

pub(crate) mod cell;
pub(crate) mod grid;
mod hook;
mod self_test;
pub(crate) mod word;

pub use crate::operation::{round, round_straight_through};
pub use grid::Grid;
pub use hook::Rounding;
pub use self_test::count_mismatches;
