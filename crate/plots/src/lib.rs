//! Pictures of reports: one file for each kind, drawn on any plotters backend.
//!
//! Knows neither the engine nor a browser. The page draws on a canvas, the command line into SVG files, both with this code: a
//! figure thinks in CSS pixels, [`Style::pixel_ratio`] says how many bitmap pixels each of them is, and the [`Readout`] that
//! drawing returns reads values off the picture again. Figures never fail on what they are given: numbers that an axis cannot
//! hold, exact zeros and what is not finite, are shown on rails of their own beside it.

use glasses_contract::locale::in_english;
use std::any::Any;

mod accuracy_by_length;
mod anatomy;
mod answer_histogram;
mod attention;
mod attention_row;
mod cures;
mod cures_by_loss;
mod distance_by_layer;
mod distance_by_n;
mod error_by_length;
mod first_token;
mod likeness_by_n;
mod loss_by_step;
mod meeting;
mod next_tokens;
mod rounding;
mod sensitivity;
mod separators;
mod separators_by_n;
mod simulation;
mod sinks_by_layer;
mod twin_by_length;
mod variation;

mod answers;
mod area;
mod cells;
mod chart;
mod curve;
mod figures;
mod film;
mod gif;
mod guess;
mod layout;
mod marker;
mod pen;
mod premises;
mod rows;
mod shape;
mod text;
mod told;
mod trace;
mod value_axis;

pub mod axis;
pub mod color;
pub mod number;
pub mod readout;
pub mod samples;
pub mod svg;
pub mod table;
pub mod theme;

pub use accuracy_by_length::AccuracyByLength;
pub use anatomy::Anatomy;
pub use answer_histogram::AnswerHistogram;
pub use area::{Area, Element};
pub use attention::Attention;
pub use attention_row::AttentionRow;
pub use axis::AxisKind;
pub use color::Rgb;
pub use cures::{CuresByN, CuresByToken};
pub use cures_by_loss::CuresByLoss;
pub use distance_by_layer::DistanceByLayer;
pub use distance_by_n::{DistanceByN, PinnedLine, noise_from, stages_shown, tail};
pub use error_by_length::ErrorByLength;
pub use figures::{Answers, Source, figure};
pub use film::{Frame, film};
pub use first_token::{FirstTokenByDepth, ShareByToken};
pub use gif::Gif;
pub use likeness_by_n::LikenessByN;
pub use loss_by_step::{LossByStep, LossCurve};
pub use meeting::{MeetingAtN, MeetingFilm, MeetingSteps, stops};
pub use next_tokens::NextTokens;
pub use premises::Premises;
pub use readout::{Direction, Image, Reading, ReadingRow, Readout};
pub use rounding::RoundingByN;
pub use sensitivity::{SensitivityByToken, counts_least};
pub use separators::{SeparatorHeat, ordinal};
pub use separators_by_n::SeparatorsByN;
pub use shape::{SHAPE_SIZE, shape};
pub use simulation::PaperFigure;
pub use sinks_by_layer::SinksByLayer;
pub use svg::svg;
pub use table::Table;
pub use theme::{Cells, SmallPrint, Style, Theme};
pub use told::{Told, View};
pub use twin_by_length::TwinByLength;
pub use variation::VariationByLayer;

/// A picture of numbers, which it owns.
pub trait Figure: Compare + Send + Sync {
    /// Draws into the whole area and returns what is needed to read values off the picture. On a canvas, set `lineJoin` to `round`
    /// before: noisy curves grow spikes otherwise, and plotters does not touch that setting.
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError>;

    /// The height that suits a width, both in CSS pixels.
    fn height(&self, width: f64) -> f64;

    /// The figure as an SVG document of so many CSS pixels; of the height that suits the width where there is none. See [`svg()`].
    ///
    /// # Errors
    /// What the backend says.
    fn document(&self, width: u32, height: Option<u32>, style: &Style) -> Result<String, DrawError> {
        svg(self, width, self.height_or(height, width), style)
    }

    /// This height in CSS pixels, or the one that suits the width.
    fn height_or(&self, height: Option<u32>, width: u32) -> u32 {
        height.unwrap_or_else(|| self.height(f64::from(width)).round() as u32)
    }

    /// What the picture shows, in a sentence or two: its alternative text.
    fn sentence(&self) -> String;

    /// What there is to see in it, to stand under the picture: what its title and notes do not say already.
    fn finding(&self) -> String {
        self.sentence()
    }

    /// The numbers behind the picture.
    fn table(&self) -> Table;

    /// The same numbers for programs, as [`Table::csv`]: every digit, and headings that are English whatever the page speaks.
    fn csv(&self) -> String {
        in_english(|| self.table().csv())
    }
}

/// Tells pictures apart that stand in boxes.
pub trait Compare: Any {
    /// Whether the other one is of the same kind, and shows the same.
    fn is_same(&self, other: &dyn Any) -> bool;
}

impl<T: Any + PartialEq> Compare for T {
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>() == Some(self)
    }
}

impl PartialEq for dyn Figure {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

/// The backend could not draw.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture could not be drawn: {0}")]
pub struct DrawError(String);

impl<E: std::error::Error + Send + Sync> From<plotters::drawing::DrawingAreaErrorKind<E>> for DrawError {
    fn from(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Self {
        Self(error.to_string())
    }
}
