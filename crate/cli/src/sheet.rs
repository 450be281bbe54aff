//! What figures are drawn on, and the one that two commands draw.

use crate::failure::Failure;
use glasses_contract::names;
use glasses_contract::recipe::Recipe;
use glasses_plots::{Figure, LossByStep, LossCurve, MeetingAtN, Style, svg};

/// Units of the drawing to a CSS pixel, as in the files that the page saves.
pub const PIXEL_RATIO: f64 = 3.0;
/// The width of a figure in a document, in CSS pixels.
pub const WIDTH: u32 = 720;

/// In which form a figure is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As a picture.
    #[default]
    Svg,
    /// As the numbers behind it.
    Csv,
}

/// What is drawn on.
#[derive(Clone)]
pub struct Sheet {
    /// The width, in CSS pixels.
    pub width: u32,
    /// The height; what suits the width where there is none.
    pub height: Option<u32>,
    /// Colours, fonts and fineness.
    pub style: Style,
    /// What comes of it.
    pub form: Form,
}

impl Sheet {
    /// A figure on it, as an SVG document; or its numbers, as a table.
    pub fn drawn(&self, figure: &impl Figure) -> Result<String, Failure> {
        if self.form == Form::Csv {
            return Ok(figure.csv());
        }
        let height = self.height.unwrap_or_else(|| figure.height(f64::from(self.width)).round() as u32);
        svg(figure, self.width, height, &self.style).map_err(|error| Failure::Answer(error.to_string()))
    }

    /// A meeting that moves.
    pub fn film(&self, meeting: &MeetingAtN) -> Result<String, Failure> {
        if self.form == Form::Csv {
            return Ok(meeting.csv());
        }
        meeting.film(self.width, self.height, &self.style).map_err(|error| Failure::Answer(error.to_string()))
    }

    /// The loss of a run, as far as its recipe tells it.
    pub fn loss(&self, recipe: &Recipe) -> Result<String, Failure> {
        // Each is the mean over so many steps; the last one may be over fewer.
        let part = recipe.steps.div_ceil(100).max(1);
        let step = (1..=recipe.loss.len()).map(|index| (index * part).min(recipe.steps)).collect();
        let curve = LossCurve { step, loss: recipe.loss.clone(), accuracy: vec![(recipe.steps, recipe.accuracy.clone())] };
        self.drawn(&LossByStep { curve: &curve, steps: recipe.steps, model: names::shape(&recipe.used().model) })
    }
}
