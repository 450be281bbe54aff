//! Numbers: the transformer, what is measured in it, and the questions that can be asked of it.
//!
//! Knows neither a browser nor a drawing library; runs natively and in WebAssembly. Two files name burn's backends:
//! `device.rs`, and `precision/operation.rs`, where an operation of our own is written for each of them.

pub mod device;
pub mod experiment;
pub mod precision;
pub mod simulation;
pub mod tap;
pub mod theory;
pub mod transformer;
pub mod weights;

mod measure;

pub use experiment::{Engine, Progress, Stopped, Uninterrupted};
