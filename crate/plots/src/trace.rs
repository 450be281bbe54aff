//! One line of a chart: in its stroke, faint where it is noise, with its marks, and as bars on a rail where the axis has no place
//! for it.

use crate::DrawError;
use crate::axis::AxisKind;
use crate::curve::{is_noisy, moving_median, stretches, thin};
use crate::marker::Marker;
use crate::pen::{Pen, Point, Rect, Stroke};
use crate::value_axis::Region;

/// A line, ready to be drawn.
pub(crate) struct Trace {
    pub stroke: Stroke,
    pub marker: Marker,
    /// Where each number is drawn, on the axis or on a rail.
    pub points: Vec<Point>,
    /// The parts on the axis.
    stretches: Vec<Vec<Point>>,
    /// For a noisy line, the moving median of each part.
    medians: Option<Vec<Vec<Point>>>,
    /// The points on rails.
    marks: Vec<Point>,
}

/// Lines of fewer points get a dot at each.
const SPARSE: usize = 40;
/// The marks of a line stand at least so far apart, in CSS pixels, and at every point where those are.
const APART: f64 = 30.0;
/// The size of the smallest marks.
const LEAST_MARK: f64 = 2.2;
/// Where points themselves are so far apart, each has its mark.
const LOOSE: f64 = 11.0;

impl Trace {
    pub fn new(values: &[f64], kind: AxisKind, points: Vec<Point>, stroke: Stroke, marker: Marker) -> Self {
        let on_axis = |value: f64| Region::of(value, kind) == Region::Axis;
        let pairs = || points.iter().copied().zip(values.iter().copied());
        let stretches = stretches(pairs().map(|(point, value)| on_axis(value).then_some(point)));
        let medians = is_noisy(values).then(|| stretches.iter().map(|stretch| moving_median(stretch)).collect());
        let marks = pairs().filter(|&(_, value)| !on_axis(value)).map(|(point, _)| point).collect();
        Self { stroke, marker, points, stretches, medians, marks }
    }

    /// The height at which the line ends, where its label belongs.
    pub fn end(&self) -> Option<f64> {
        let last = *self.points.last()?;
        let median = self.medians.as_ref().and_then(|medians| medians.last()?.last());
        Some(median.filter(|median| median.0 == last.0).unwrap_or(&last).1)
    }

    /// Draws the line as it is, also where it is noise.
    pub fn draw_plain(&self, pen: &Pen) -> Result<(), DrawError> {
        self.stretches.iter().try_for_each(|stretch| pen.path(&thin(stretch), self.stroke))?;
        self.draw_rails(pen)
    }

    /// Draws what lies behind all lines: the numbers of a noisy line as they are.
    pub fn draw_faint(&self, pen: &Pen, alpha: f64) -> Result<(), DrawError> {
        if self.medians.is_none() {
            return Ok(());
        }
        let stroke = Stroke { alpha, ..Stroke::solid(self.stroke.color, 0.75) };
        self.stretches.iter().try_for_each(|stretch| pen.path(&thin(stretch), stroke))
    }

    /// Draws the line.
    pub fn draw(&self, pen: &Pen) -> Result<(), DrawError> {
        for stretch in self.lines() {
            pen.path(&thin(stretch), self.stroke)?;
            match (self.marker, &stretch[..]) {
                (Marker::None, [alone]) => pen.dot(*alone, 2.0, self.stroke.color)?,
                (Marker::None, _) if self.points.len() < SPARSE => {
                    stretch.iter().try_for_each(|&point| pen.dot(point, self.stroke.width + 0.4, self.stroke.color))?;
                }
                _ => {}
            }
        }
        self.draw_rails(pen)
    }

    /// Draws the marks on the line, `shift` CSS pixels further than they would begin, so that those of lines over each other differ.
    pub fn draw_markers(&self, pen: &Pen, size: f64, shift: f64) -> Result<(), DrawError> {
        if self.marker == Marker::None {
            return Ok(());
        }
        for stretch in self.lines() {
            let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
            let is_loose = (last.0 - first.0) >= LOOSE * (stretch.len() - 1) as f64;
            let mut next = if is_loose || stretch.len() < 3 { f64::NEG_INFINITY } else { first.0 + shift };
            for &point in stretch {
                if point.0 >= next {
                    self.marker.draw(pen, point, size, self.stroke.color)?;
                    next = if is_loose { f64::NEG_INFINITY } else { point.0 + APART };
                }
            }
        }
        Ok(())
    }

    /// Draws a mark of its own at each number, on the line or on a rail, smaller where they are close. Where there is no room for all,
    /// those are drawn at which the mark changes, and some between.
    pub fn draw_marks(&self, pen: &Pen, size: f64, marks: &[Marker]) -> Result<(), DrawError> {
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else { return Ok(()) };
        let pitch = (last.0 - first.0) / (self.points.len() - 1).max(1) as f64;
        let size = if self.points.len() > 1 { (0.45 * pitch).clamp(LEAST_MARK, size) } else { size };
        let (mut next, mut before) = (f64::NEG_INFINITY, Marker::None);
        for (&point, &mark) in self.points.iter().zip(marks) {
            if point.0 >= next || mark != before {
                mark.draw(pen, point, size, self.stroke.color)?;
                next = point.0 + 2.0 * LEAST_MARK;
            }
            before = mark;
        }
        Ok(())
    }

    /// Draws a mark at each number and no line between them.
    pub fn draw_points(&self, pen: &Pen, size: f64) -> Result<(), DrawError> {
        if self.marker == Marker::None {
            return self.draw_rails(pen);
        }
        self.points.iter().try_for_each(|&point| self.marker.draw(pen, point, size, self.stroke.color))
    }

    fn lines(&self) -> &[Vec<Point>] {
        self.medians.as_ref().unwrap_or(&self.stretches)
    }

    fn draw_rails(&self, pen: &Pen) -> Result<(), DrawError> {
        // Neighbours make a bar: a mark for each n would be thousands.
        let width = if let [first, second, ..] = self.points[..] { (second.0 - first.0).abs().clamp(2.0, 8.0) } else { 4.0 };
        let adjacent = |left: &Point, right: &Point| left.1 == right.1 && (right.0 - left.0).abs() <= width + 0.5;
        for run in self.marks.chunk_by(adjacent) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let bar = Rect { x0: first.0 - width / 2.0, y0: first.1 - 1.25, x1: last.0 + width / 2.0, y1: first.1 + 1.25 };
            pen.rect(bar, self.stroke.color, 1.0)?;
        }
        Ok(())
    }
}
