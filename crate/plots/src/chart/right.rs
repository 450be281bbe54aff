//! The scale at the right of a chart: shares from 0 to 1.

use super::{Chart, Side};
use crate::DrawError;
use crate::axis::{AxisKind, Scale};
use crate::layout::MARGIN;
use crate::pen::{Letters, Pen};
use crate::value_axis::ValueAxis;

/// What stands beside the scale.
const TICKS: [(f64, &str); 3] = [(0.0, "0"), (0.5, "0.5"), (1.0, "1")];
/// From the plot to the labels.
const GAP: f64 = 6.0;

/// The scale, as high as the axis at the left.
pub(super) fn scale(axis: &ValueAxis) -> Scale {
    Scale::new(AxisKind::Linear, (0.0, 1.0), axis.scale.pixels)
}

impl Chart<'_> {
    /// Whether a curve is read on this scale.
    fn has_right(&self) -> bool {
        self.curves.iter().any(|curve| curve.look.side == Side::Right && !curve.points.is_empty())
    }

    /// The room that the scale takes.
    pub(super) fn right_room(&self) -> f64 {
        if self.has_right() { MARGIN + GAP + crate::text::width("0.5", crate::text::SMALL) } else { 0.0 }
    }

    pub(super) fn draw_right(&self, pen: &Pen, axis: &ValueAxis) -> Result<(), DrawError> {
        if !self.has_right() {
            return Ok(());
        }
        let theme = &pen.style.theme;
        let (x, rect, scale) = (axis.plot.x1, axis.axis_rect(), scale(axis));
        pen.rule((x, rect.y0), (x, rect.y1), theme.axis, 1.0)?;
        for (value, label) in TICKS {
            let y = scale.pixel_from_data(value);
            pen.rule((x, y), (x + 4.0, y), theme.axis, 1.0)?;
            pen.text(label, (x + GAP, y), Letters::new(theme.muted))?;
        }
        Ok(())
    }
}
