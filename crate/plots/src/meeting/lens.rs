//! The lens over the two dots: the plane, enlarged so far that they stay apart to the eye, and the cell of the format in it.

use super::marks::{b, dots, draw_trail, scale_bar};
use super::{MeetingAtN, ROW};
use crate::curve::stretches;
use crate::pen::{Align, Letters, Level, Pen, Point, Rect, Stroke};
use crate::{DrawError, number};
use glasses_contract::report::{Meeting, Moment, PlanePoint, cut};
use glasses_contract::say;
use std::f64::consts::TAU;

/// Corners of the polygon that stands for the rim.
const RIM: usize = 72;
/// How far apart the two dots are at the most, in radii of the lens.
const APART: f64 = 1.15;

/// Where the lens is held, and what it shows.
pub(super) struct Lens {
    middle_of_glass: Point,
    radius: f64,
    /// Between the two dots, in the plane; nowhere where they have no place.
    pub middle: Option<PlanePoint>,
    /// From there to the rim, in the plane's units.
    field: f64,
    /// How many times larger than in the plane things are.
    times: f64,
}

impl Lens {
    /// Over the dots at one n. It enlarges as much as lets the two keep apart from there on at every n, and never less than before: where
    /// distances go up and down, the dots do, and not the glass. Where they have become one dot, it stays as it was.
    pub fn over(meeting: &Meeting, at: usize, half: f64, square: Rect) -> Self {
        let apart = |moment: &Moment| moment.apart.x.hypot(moment.apart.y);
        let met = meeting.same_from().and_then(|from| meeting.n.iter().position(|&n| n == from)).unwrap_or(at);
        let ahead = meeting.moments[at.min(met)..].iter().map(apart).filter(|apart| apart.is_finite()).fold(0.0, f64::max);
        let before = || meeting.moments[..at].iter().rev().map(apart).find(|&apart| apart > 0.0 && apart.is_finite());
        let needed = if ahead > 0.0 { Some(ahead) } else { before() };
        let field = needed.map_or(half, |apart| (apart / APART).min(half));
        let middle = meeting.moments[at].a;
        let apart = meeting.moments[at].apart;
        let middle = PlanePoint { x: middle.x + apart.x / 2.0, y: middle.y + apart.y / 2.0 };
        let radius = square.width() / 2.0;
        Self {
            middle_of_glass: ((square.x0 + square.x1) / 2.0, (square.y0 + square.y1) / 2.0),
            radius,
            middle: middle.x.is_finite().then_some(middle),
            field,
            times: half / field,
        }
    }

    /// A place relative to the middle, as it is seen through the glass.
    fn point(&self, way: PlanePoint) -> Point {
        let scale = self.radius / self.field;
        (self.middle_of_glass.0 + scale * way.x, self.middle_of_glass.1 - scale * way.y)
    }

    /// The rim on the plane as far as it is within it, and what leads from there to the glass.
    pub fn draw_held(&self, pen: &Pen, held: Point, pixels: f64, plane: Rect) -> Result<(), DrawError> {
        const LEAST: f64 = 10.0;
        let inside = |(x, y): &Point| (plane.x0..=plane.x1).contains(x) && (plane.y0..=plane.y1).contains(y);
        let theme = &pen.style.theme;
        let radius = (self.field * pixels).max(LEAST);
        let glass = self.middle_of_glass;
        let (x, y) = (glass.0 - held.0, glass.1 - held.1);
        let (distance, angle) = (x.hypot(y), y.atan2(x));
        let lean = ((self.radius - radius) / distance).clamp(-1.0, 1.0).acos();
        let rim = |middle: Point, radius: f64, angle: f64| (middle.0 + radius * angle.cos(), middle.1 + radius * angle.sin());
        for side in [-1.0, 1.0] {
            // The common tangents of two circles: they touch both at one angle.
            let touch = angle + std::f64::consts::PI + side * lean;
            let touch = if self.radius > radius { touch } else { angle + side * lean };
            if !inside(&rim(held, radius, touch)) {
                continue;
            }
            pen.path(&[rim(held, radius, touch), rim(glass, self.radius, touch)], Stroke { alpha: 0.8, ..Stroke::solid(theme.grid, 1.0) })?;
        }
        let way = circle(held, radius);
        if way.iter().all(inside) {
            return pen.path(&way, Stroke::solid(theme.axis, 1.25));
        }
        // Where it is cut off, to a pixel or so.
        let steps = radius.ceil().clamp(RIM as f64, 1e4) as usize * 6;
        let fine = (0..=steps).map(|step| rim(held, radius, TAU * step as f64 / steps as f64));
        let pieces = stretches(fine.map(|point| Some(point).filter(inside)));
        pieces.iter().try_for_each(|piece| pen.path(piece, Stroke::solid(theme.axis, 1.25)))
    }

    /// The pieces of a line that are seen through the glass.
    fn seen(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2) {
            let Some((from, to)) = self.within(pair[0], pair[1]) else { continue };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// The part of a straight line within the rim.
    fn within(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (x, y) = (from.0 - self.middle_of_glass.0, from.1 - self.middle_of_glass.1);
        let (along_x, along_y) = (to.0 - from.0, to.1 - from.1);
        // |(x, y) + t (along)| = radius
        let (square, half) = (along_x * along_x + along_y * along_y, x * along_x + y * along_y);
        let under = half * half - square * (x * x + y * y - self.radius * self.radius);
        if under <= 0.0 || square == 0.0 || !under.is_finite() {
            return None;
        }
        let (enters, leaves) = (((-half - under.sqrt()) / square).max(0.0), ((-half + under.sqrt()) / square).min(1.0));
        let at = |share: f64| {
            if share <= 0.0 {
                from
            } else if share >= 1.0 {
                to
            } else {
                (from.0 + share * along_x, from.1 + share * along_y)
            }
        };
        if enters >= leaves {
            return None;
        }
        let (enters, leaves) = (at(enters), at(leaves));
        // Of a line that comes from too far away, its place in the glass is lost in rounding.
        let is_inside = |(x, y): Point| (x - self.middle_of_glass.0).hypot(y - self.middle_of_glass.1) <= 1.01 * self.radius;
        (is_inside(enters) && is_inside(leaves)).then_some((enters, leaves))
    }

    /// The outline of a polygon around A, of so many times its size.
    fn around(&self, corners: &[PlanePoint], size: f64, a: PlanePoint) -> Vec<Point> {
        let first = corners.first().into_iter();
        corners.iter().chain(first).map(|corner| self.point(PlanePoint { x: a.x + size * corner.x, y: a.y + size * corner.y })).collect()
    }

    /// What of a convex polygon around A is seen through the glass.
    fn glass(&self, corners: &[PlanePoint], a: PlanePoint) -> Vec<Point> {
        let ways: Vec<PlanePoint> = corners.iter().map(|corner| PlanePoint { x: corner.x + a.x, y: corner.y + a.y }).collect();
        let within = (0..RIM)
            .map(|side| TAU * side as f64 / RIM as f64)
            .fold(ways, |polygon, angle| cut(&polygon, PlanePoint { x: angle.cos(), y: angle.sin() }, self.field));
        within.into_iter().map(|way| self.point(way)).collect()
    }
}

fn circle(middle: Point, radius: f64) -> Vec<Point> {
    (0..=RIM)
        .map(|step| TAU * step as f64 / RIM as f64)
        .map(|angle| (middle.0 + radius * angle.cos(), middle.1 + radius * angle.sin()))
        .collect()
}

/// What is seen of a format at one n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InView {
    /// What it stores as one vector.
    pub cell: bool,
    /// Its machine epsilon.
    pub step: bool,
}

impl InView {
    /// Through a lens at this n.
    pub fn of(figure: &MeetingAtN, moment: &Moment, lens: &Lens) -> Self {
        if lens.middle.is_none() {
            return Self::default();
        }
        let a = a(moment);
        let step = lens.seen(&lens.around(&figure.meeting.cube, figure.meeting.epsilon, a));
        Self { cell: is_visible(&lens.glass(&moment.cell, a)), step: step.iter().any(|piece| is_visible(piece)) }
    }

    /// Seen here or there.
    pub fn or(self, other: Self) -> Self {
        Self { cell: self.cell || other.cell, step: self.step || other.step }
    }
}

/// Whether a line or a shape is longer than a dot is wide.
fn is_visible(points: &[Point]) -> bool {
    const LEAST: f64 = 2.0;
    let ends = |pick: fn(&Point) -> f64| {
        points.iter().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    [ends(|point| point.0), ends(|point| point.1)].into_iter().any(|(low, high)| high - low >= LEAST)
}

/// Where A is from the middle of the lens.
fn a(moment: &Moment) -> PlanePoint {
    PlanePoint { x: -moment.apart.x / 2.0, y: -moment.apart.y / 2.0 }
}

pub(super) fn draw(pen: &Pen, figure: &MeetingAtN, moment: &Moment, lens: &Lens) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let rim = circle(lens.middle_of_glass, lens.radius);
    pen.polygon(&rim, theme.rail, 1.0)?;
    let Some(middle) = lens.middle else {
        pen.path(&rim, Stroke::solid(theme.axis, 2.0))?;
        let letters = Letters::new(theme.alarm).at(Align::Middle, Level::Middle);
        return pen.text(say!("not finite"), lens.middle_of_glass, letters);
    };
    let a = a(moment);
    let cell = lens.glass(&moment.cell, a);
    if cell.len() > 2 {
        pen.polygon(&cell, theme.guide, 0.3)?;
    }
    for piece in lens.seen(&lens.around(&moment.cell, 1.0, a)) {
        pen.path(&piece, Stroke::solid(theme.guide, 1.5))?;
    }
    for piece in lens.seen(&lens.around(&figure.meeting.cube, figure.meeting.epsilon, a)) {
        pen.path(&piece, Stroke { dash: Some((6.0, 4.0)), ..Stroke::solid(theme.guide, 1.25) })?;
    }
    let moments = &figure.meeting.moments[..=figure.at];
    for (color, place) in [(theme.b, b as fn(&Moment) -> PlanePoint), (theme.a, |moment: &Moment| moment.a)] {
        let way = |place: PlanePoint| lens.point(PlanePoint { x: place.x - middle.x, y: place.y - middle.y });
        let trail: Vec<Point> = moments.iter().map(place).filter(|place| place.x.is_finite()).map(way).collect();
        for piece in lens.seen(&trail) {
            draw_trail(pen, &piece, color)?;
        }
    }
    pen.path(&rim, Stroke::solid(theme.axis, 2.5))?;
    dots(pen, moment, lens.point(a), lens.point(PlanePoint { x: -a.x, y: -a.y }))?;

    let square = Rect {
        x0: lens.middle_of_glass.0 - lens.radius,
        y0: lens.middle_of_glass.1 - lens.radius,
        x1: lens.middle_of_glass.0 + lens.radius,
        y1: lens.middle_of_glass.1 + lens.radius,
    };
    let times = times(lens.times);
    let letters = Letters::new(theme.ink).bold().at(Align::Start, Level::Middle);
    pen.text(&times, (square.x0, square.y1 + 4.0 + ROW / 2.0), letters)?;
    scale_bar(pen, square, lens.radius / lens.field)?;
    if moment.seen.is_finite() {
        let seen = say!("{} of the distance", number::percent(moment.seen.sqrt()));
        let letters = Letters::new(theme.muted).at(Align::Start, Level::Top);
        pen.text(&seen, (square.x0, square.y1 + ROW + 2.0), letters)?;
    }
    Ok(())
}

/// How much larger things are, in two digits; beyond what anyone pictures, the power of ten that it is above.
fn times(number: f64) -> String {
    const MOST: f64 = 1e5;
    if number < MOST {
        return format!("× {}", number::tick(format!("{number:.1e}").parse().unwrap_or(number)));
    }
    format!("× >{}", number::decade(number.log10().floor() as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_enlarged_is_said_in_two_digits_as_long_as_that_says_something() {
        assert_eq!([1.0, 5.81, 929.4, 28_123.0, 3.2e6].map(times), ["× 1", "× 5.8", "× 930", "× 28,000", "× >10⁶"]);
    }
}
