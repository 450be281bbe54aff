//! What figures are drawn on.

use crate::failure::Failure;
use glasses_plots::{Figure, Style};

/// Units of the drawing to a CSS pixel, as in the files that the page saves.
pub const PIXEL_RATIO: f64 = 3.0;
/// The width of a figure in a document, in CSS pixels.
pub const WIDTH: u32 = 720;

/// What is drawn on.
#[derive(Clone)]
pub struct Sheet {
    /// The width, in CSS pixels.
    pub width: u32,
    /// The height; what suits the width where there is none.
    pub height: Option<u32>,
    /// Colours, fonts and fineness.
    pub style: Style,
}

impl Sheet {
    /// A figure on it, as an SVG document.
    ///
    /// # Errors
    /// A sentence, if it can't be drawn.
    pub fn drawn(&self, figure: &dyn Figure) -> Result<String, Failure> {
        figure.document(self.width, self.height, &self.style).map_err(|error| Failure::Answer(error.to_string()))
    }
}
