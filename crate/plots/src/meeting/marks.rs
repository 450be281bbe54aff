//! What is drawn in the plane and in the lens alike: dots, the way that they came, and the scale.

use super::ROW;
use crate::color::Rgb;
use crate::pen::{Align, Letters, Level, Pen, Point, Rect, Stroke};
use crate::{DrawError, number};
use glasses_contract::report::{Moment, PlanePoint};

/// The radius of a dot.
const DOT: f64 = 5.5;
/// Dots of the trail, where they stand so far apart.
const APART: f64 = 7.0;

/// Where B is.
pub(super) fn b(moment: &Moment) -> PlanePoint {
    PlanePoint { x: moment.a.x + moment.apart.x, y: moment.a.y + moment.apart.y }
}

/// The way that a dot came.
pub(super) fn draw_trail(pen: &Pen, points: &[Point], color: Rgb) -> Result<(), DrawError> {
    // What lies on one pixel is drawn once.
    let mut kept: Vec<Point> = Vec::new();
    for &point in points {
        if kept.last().is_none_or(|last| (last.0 - point.0).hypot(last.1 - point.1) >= 0.5) {
            kept.push(point);
        }
    }
    pen.path(&kept, Stroke { alpha: 0.55, ..Stroke::solid(color, 1.5) })?;
    let mut last: Option<Point> = None;
    for &point in &kept {
        if last.is_none_or(|last| (last.0 - point.0).hypot(last.1 - point.1) >= APART) {
            pen.dot(point, 1.8, color)?;
            last = Some(point);
        }
    }
    Ok(())
}

/// The two dots with their letters; the one that they become where a format stores them as one vector.
pub(super) fn dots(pen: &Pen, moment: &Moment, a: Point, b: Point) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    if !a.0.is_finite() || !b.0.is_finite() {
        return Ok(());
    }
    if moment.differing == 0 {
        return one_dot(pen, ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0));
    }
    for (point, color) in [(b, theme.b), (a, theme.a)] {
        pen.dot(point, DOT + 1.5, theme.background)?;
        pen.dot(point, DOT, color)?;
    }
    // The letters stand away from each other, on the line through both dots.
    let length = (b.0 - a.0).hypot(b.1 - a.1);
    if length < 4.0 * DOT {
        return Ok(());
    }
    let (x, y) = ((b.0 - a.0) / length, (b.1 - a.1) / length);
    for (name, point, color, side) in [("A", a, theme.a, -1.0), ("B", b, theme.b, 1.0)] {
        let at = (point.0 + side * x * (DOT + 10.0), point.1 + side * y * (DOT + 10.0));
        pen.text(name, at, Letters { size: 13.0, ..Letters::new(color) }.bold().at(Align::Middle, Level::Middle))?;
    }
    Ok(())
}

/// Half A's, half B's.
fn one_dot(pen: &Pen, (x, y): Point) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let radius = DOT + 2.0;
    pen.dot((x, y), radius + 3.0, theme.ink)?;
    pen.dot((x, y), radius + 1.5, theme.background)?;
    let half = |from: f64| -> Vec<Point> {
        let turn = std::f64::consts::PI;
        (0..=16)
            .map(|step| from + turn * f64::from(step) / 16.0)
            .map(|angle| (x + radius * angle.cos(), y + radius * angle.sin()))
            .collect()
    };
    pen.polygon(&half(std::f64::consts::FRAC_PI_2), theme.a, 1.0)?;
    pen.polygon(&half(-std::f64::consts::FRAC_PI_2), theme.b, 1.0)
}

/// A piece of a round length under a square, for so many pixels to a unit.
pub(super) fn scale_bar(pen: &Pen, square: Rect, pixels: f64) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let most = square.width() * 0.38 / pixels;
    let power = 10.0_f64.powf(most.log10().floor());
    let length = [5.0, 2.0, 1.0].into_iter().find(|&step| step * power <= most).unwrap_or(1.0) * power;
    let (x1, y) = (square.x1, square.y1 + 4.0 + ROW / 2.0);
    let x0 = x1 - length * pixels;
    if !x0.is_finite() {
        return Ok(());
    }
    pen.rule((x0, y), (x1, y), theme.muted, 1.0)?;
    for x in [x0, x1] {
        pen.rule((x, y - 3.0), (x, y + 4.0), theme.muted, 1.0)?;
    }
    pen.text(&number::tick(length), (x0 - 5.0, y), Letters::new(theme.muted).at(Align::End, Level::Middle))
}
