//! The marks on a line, so that lines are told apart by shape and not only by color.

use crate::DrawError;
use crate::color::Rgb;
use crate::pen::{Pen, Point, Rect, Stroke};

/// The mark at a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Marker {
    #[default]
    None,
    Dot,
    Ring,
    Square,
    Triangle,
    Diamond,
    Cross,
}

/// In the order in which series take them.
const CYCLE: [Marker; 5] = [Marker::Dot, Marker::Square, Marker::Triangle, Marker::Ring, Marker::Diamond];

impl Marker {
    /// The mark of the series with this number.
    pub fn of(series: usize) -> Self {
        CYCLE[series % CYCLE.len()]
    }

    /// Draws the mark, so many CSS pixels from its middle to its edge.
    pub fn draw(self, pen: &Pen, (x, y): Point, size: f64, color: Rgb) -> Result<(), DrawError> {
        match self {
            Self::None => Ok(()),
            Self::Dot => pen.dot((x, y), size, color),
            Self::Ring => {
                pen.dot((x, y), size + 0.6, color)?;
                pen.dot((x, y), size - 0.9, pen.style.theme.background)
            }
            Self::Square => pen.rect(Rect { x0: x - size + 0.4, y0: y - size + 0.4, x1: x + size - 0.4, y1: y + size - 0.4 }, color, 1.0),
            Self::Triangle => {
                let corners = [(x, y - size * 1.25), (x + size * 1.15, y + size * 0.8), (x - size * 1.15, y + size * 0.8)];
                pen.polygon(&corners, color, 1.0)
            }
            Self::Diamond => {
                let reach = size * 1.3;
                pen.polygon(&[(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], color, 1.0)
            }
            Self::Cross => {
                let stroke = Stroke::solid(color, 1.75);
                pen.path(&[(x - size, y - size), (x + size, y + size)], stroke)?;
                pen.path(&[(x - size, y + size), (x + size, y - size)], stroke)
            }
        }
    }
}
