//! The words that every part of Glasses speaks: what can be asked, in which notation, and what an answer holds.
//!
//! Knows neither a tensor library, a drawing library nor a browser. Both the engine and the page read it, so a
//! choice that is added here is at once a control of the form, a key of the link, a flag of the command line and
//! a line of the documentation.

pub mod admit;
pub mod alphabet;
pub mod archive;
pub mod chapters;
pub mod claim;
pub mod config;
pub mod controls;
pub mod device;
pub mod drawing;
pub mod exhibit;
pub mod failure;
pub mod gallery;
pub mod game;
pub mod hub_files;
pub mod language_model;
pub mod lesson;
pub mod limits;
pub mod link;
pub mod locale;
pub mod message;
pub mod models;
pub mod names;
pub mod number;
pub mod open;
pub mod paper;
pub mod pattern;
pub mod presets;
pub mod question;
pub mod quote;
pub mod random;
pub mod real;
pub mod recipe;
pub mod report;
pub mod self_check;
pub mod sentence;
pub mod sequence;
pub mod site;
pub mod spaced;
pub mod task;
pub mod text_file;
pub mod warning;

mod choice;
mod escape;
mod members;

pub use admit::{Admitted, admit, admit_on};
pub use choice::{Choice, Word};
pub use claim::Claim;
pub use config::{Config, Experiment};
pub use members::Members;
pub use sentence::Sentence;
pub use warning::Warning;
