//! What is measured: cases of the engine beside slow ways to the same numbers, and models that a script times beside other runtimes.

#[cfg(feature = "cpu")]
mod cases;
#[cfg(feature = "cpu")]
pub mod naive;
pub mod peer;

#[cfg(feature = "cpu")]
pub use cases::{Case, cases};
