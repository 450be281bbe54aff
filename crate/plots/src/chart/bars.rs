//! Curves as upright bars, and the whiskers of standard errors.

use super::{Curve, Form};
use crate::DrawError;
use crate::axis::{AxisKind, Scale};
use crate::color::Rgb;
use crate::pen::{Pen, Rect, Stroke};
use crate::trace::Trace;
use crate::value_axis::{Region, ValueAxis};
use std::ops::Range;

/// The narrowest bar; where places are closer, a bar stands for several and shows the greatest of them.
const COLUMN: f64 = 1.0;
/// The narrowest bar where others are not beside it.
const LONE: f64 = 3.0;
/// Whiskers need so much room each.
const WHISKER: f64 = 4.0;

/// From one place to the next, in CSS pixels.
fn pitch(x: &Scale) -> f64 {
    x.pixel_from_data(x.data.0 + 1.0) - x.pixel_from_data(x.data.0)
}

pub(super) fn draw(pen: &Pen, axis: &ValueAxis, x: &Scale, curve: &Curve, values: &[f64]) -> Result<(), DrawError> {
    let (pitch, color) = (pitch(x), curve.look.color);
    // Where not every place has a bar, each that is there can be seen.
    let is_sparse = x.data.1 - x.data.0 > values.len() as f64 + 0.5;
    let width = pitch.max(if is_sparse { LONE } else { COLUMN });
    let bar = if width < WHISKER { width } else { (width * 0.72).min(40.0) };
    let floor = axis.scale.pixels.0;
    let each = if is_sparse { 1 } else { (COLUMN / pitch).ceil().max(1.0) as usize };
    for start in (0..values.len()).step_by(each) {
        let column = start..(start + each).min(values.len());
        let place = |index: usize| x.pixel_from_data(curve.points[index].0 as f64);
        let middle = (place(column.start) + place(column.end - 1)) / 2.0;
        let Some(value) = greatest(values, column) else { continue };
        let y = axis.y(value, 0);
        let rect = Rect { x0: middle - bar / 2.0, y0: y.min(floor), x1: middle + bar / 2.0, y1: floor };
        match axis.place(value) {
            Region::Axis if curve.look.form == Form::Outlines => outline(pen, rect, color)?,
            Region::Axis if curve.look.form == Form::Blocks => pen.rect(rect, color, 1.0)?,
            Region::Axis if axis.scale.kind == AxisKind::Linear => pen.rect(rect, color, 0.45)?,
            // A logarithmic axis has no zero that a bar could stand on: its upper end alone says the number.
            Region::Axis => {
                pen.rect(rect, color, 0.18)?;
                pen.rect(Rect { y0: y - 1.5, y1: y + 1.5, ..rect }, color, 1.0)?;
            }
            Region::Zero | Region::NotFinite => pen.rect(Rect { y0: y - 1.5, y1: y + 1.5, ..rect }, color, 1.0)?,
        }
    }
    Ok(())
}

/// The sides and the top of a bar, unless it has no height.
fn outline(pen: &Pen, bar: Rect, color: Rgb) -> Result<(), DrawError> {
    if bar.height() <= 0.0 {
        return Ok(());
    }
    pen.path(&[(bar.x0, bar.y1), (bar.x0, bar.y0), (bar.x1, bar.y0), (bar.x1, bar.y1)], Stroke::solid(color, 1.25))
}

/// The greatest value, or what is not finite where there is any.
fn greatest(values: &[f64], column: Range<usize>) -> Option<f64> {
    let values = values.get(column)?;
    let bad = values.iter().copied().find(|value| !value.is_finite());
    bad.or_else(|| values.iter().copied().reduce(f64::max))
}

/// A whisker of one standard error to each side, where there is room for it: of bars at their left, of lines at their right.
pub(super) fn draw_errors(pen: &Pen, axis: &ValueAxis, trace: &Trace, curve: &Curve) -> Result<(), DrawError> {
    let is_dense = matches!(trace.points[..], [first, second, ..] if second.0 - first.0 < WHISKER);
    if curve.errors.is_empty() || is_dense {
        return Ok(());
    }
    let theme = &pen.style.theme;
    let (shift, color) = if curve.look.form == Form::Bars { (-2.5, curve.look.color) } else { (2.5, theme.muted) };
    for ((point, &(_, value)), &error) in trace.points.iter().zip(&curve.points).zip(&curve.errors) {
        if !error.is_finite() || error <= 0.0 || axis.place(value) != Region::Axis {
            continue;
        }
        let low = axis.scale.pixel_from_data((value - error).max(axis.scale.data.0)).min(axis.scale.pixels.0);
        pen.rule((point.0 + shift, low), (point.0 + shift, axis.y(value + error, 0)), color, 1.0)?;
    }
    Ok(())
}
