//! How a curve of a chart is drawn, and where its name stands.

use crate::color::Rgb;
use crate::layout::{Key, Mark};
use crate::marker::Marker;
use crate::pen::Stroke;
use crate::theme::Theme;

/// How a curve is drawn, and where its name stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look {
    pub color: Rgb,
    pub width: f64,
    pub dash: Option<(f64, f64)>,
    pub marker: Marker,
    pub form: Form,
    pub name: Name,
    pub side: Side,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    #[default]
    Line,
    /// Upright bars, through which what lies behind is seen.
    Bars,
    /// Upright bars that nothing lies behind.
    Blocks,
    /// The outlines of upright bars, so that others can be seen through them.
    Outlines,
    /// Marks without a line.
    Points,
}

/// The scale on which a curve is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Side {
    /// The chart's own.
    #[default]
    Left,
    /// One from 0 to 1, for shares.
    Right,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Name {
    /// Above the chart, with a sample of the line.
    #[default]
    InKeys,
    /// At the end of the line.
    AtEnd,
    /// There, and strong.
    AtEndStrong,
    /// Nowhere but in the readout.
    Unseen,
}

impl Look {
    /// The look of the series with this number among several of one rank.
    pub fn of_series(theme: &Theme, series: usize) -> Self {
        const DASHES: [Option<(f64, f64)>; 4] = [None, Some((7.0, 3.0)), Some((2.5, 2.5)), Some((12.0, 3.0))];
        let (color, dash) = (theme.series(series), DASHES[series % DASHES.len()]);
        Self { color, width: 1.75, dash, marker: Marker::of(series), ..Self::default() }
    }

    /// The look of what others are compared with.
    pub fn ghost(theme: &Theme) -> Self {
        Self { color: theme.ink, width: 1.5, dash: Some((1.5, 2.5)), ..Self::default() }
    }

    pub(super) fn stroke(&self) -> Stroke {
        Stroke { dash: self.dash, ..Stroke::solid(self.color, self.width) }
    }

    pub(super) fn key(&self, label: &str) -> Key {
        let mark = match self.form {
            Form::Bars | Form::Blocks => Mark::Bar,
            Form::Outlines => Mark::Outline,
            Form::Line => Mark::Sample { stroke: Some(self.stroke()), marker: self.marker },
            Form::Points => Mark::Sample { stroke: None, marker: self.marker },
        };
        Key { mark, color: self.color, label: label.into() }
    }
}
