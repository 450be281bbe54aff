//! Numbers: the transformer, what is measured in it, and the questions that can be asked of it.
//!
//! Knows neither a browser nor a drawing library; runs natively and in WebAssembly. Burn's backends are named in `device.rs`, and in
//! `operation`, where operations of our own are written for each of them.

pub mod block;
pub mod device;
pub mod experiment;
pub mod gguf;
pub mod hook;
pub mod language_model;
pub mod library;
pub mod model_file;
pub mod precision;
pub mod progress;
pub mod simulation;
pub mod stored_array;
pub mod theory;
pub mod tokenizer;
pub mod train;
pub mod transformer;
pub mod weights;

mod measure;
mod no_answer;
mod operation;
mod plane;

pub use experiment::Engine;
pub use progress::{NoProgress, Progress, Stopped};
