//! The plane: where the dots of A and B are, the way that they came, and where the lens is held.

use super::lens::Lens;
use super::marks::{b, dots, draw_trail, scale_bar};
use super::{MeetingAtN, ROW};
use crate::pen::{Align, Letters, Level, Pen, Point, Rect, Stroke};
use crate::{DrawError, number};
use glasses_contract::report::{Meeting, Moment, PlanePoint};
use glasses_contract::say;

/// The plane on the sheet; a step to the right is as long as one upwards.
pub(super) struct View {
    pub square: Rect,
    middle: PlanePoint,
    /// From the middle to a side, in the plane's own units.
    pub half: f64,
}

impl View {
    /// In which every dot of every n has room.
    pub fn of(meeting: &Meeting, square: Rect) -> Self {
        const ROOM: f64 = 1.16;
        let dots = || meeting.moments.iter().flat_map(|moment| [moment.a, b(moment)]).filter(|place| place.x.is_finite());
        let ends = |pick: fn(PlanePoint) -> f64| {
            dots().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        };
        let (x, y) = (ends(|place| place.x), ends(|place| place.y));
        let half = ROOM * f64::max(x.1 - x.0, y.1 - y.0) / 2.0;
        let middle = PlanePoint { x: (x.0 + x.1) / 2.0, y: (y.0 + y.1) / 2.0 };
        match half.is_finite() && half > 0.0 {
            true => Self { square, middle, half },
            false => Self { square, middle: if middle.x.is_finite() { middle } else { PlanePoint::default() }, half: 1.0 },
        }
    }

    pub fn point(&self, place: PlanePoint) -> Point {
        let scale = self.square.width() / 2.0 / self.half;
        let middle = ((self.square.x0 + self.square.x1) / 2.0, (self.square.y0 + self.square.y1) / 2.0);
        (middle.0 + scale * (place.x - self.middle.x), middle.1 - scale * (place.y - self.middle.y))
    }
}

pub(super) fn draw(pen: &Pen, figure: &MeetingAtN, view: &View, lens: &Lens) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let square = view.square;
    let corners = [(square.x0, square.y0), (square.x1, square.y0), (square.x1, square.y1), (square.x0, square.y1), (square.x0, square.y0)];
    pen.path(&corners, Stroke::solid(theme.grid, 1.0))?;
    let moments = &figure.meeting.moments[..=figure.at];
    for (color, place) in [(theme.b, b as fn(&Moment) -> PlanePoint), (theme.a, |moment: &Moment| moment.a)] {
        let trail: Vec<Point> = moments.iter().map(place).filter(|place| place.x.is_finite()).map(|place| view.point(place)).collect();
        draw_trail(pen, &trail, color)?;
    }
    if let Some(held) = lens.middle {
        lens.draw_held(pen, view.point(held), square.width() / 2.0 / view.half, square)?;
    }
    let Some(moment) = moments.last() else { return Ok(()) };
    dots(pen, moment, view.point(moment.a), view.point(b(moment)))?;
    let share = say!("{} of the variance", number::percent(figure.meeting.share.iter().sum()));
    let letters = Letters::new(theme.muted).at(Align::Start, Level::Top);
    pen.text(&share, (square.x0, square.y1 + ROW + 2.0), letters)?;
    scale_bar(pen, square, square.width() / 2.0 / view.half)
}
