//! The page around the figures: navigation, story, lessons, sharing, and what the document is told.

pub mod accordion;
pub mod disclosure;
pub mod document;
pub mod gallery;
pub mod game;
pub mod language_model;
pub mod lesson;
pub mod model;
pub mod nav;
pub mod notices;
pub mod presets;
pub mod share;
pub mod shortcuts;
pub mod status;
pub mod story;
pub mod terms;
