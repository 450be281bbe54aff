//! Where the table of a reading stands: inside the figure, beside what is read, and where it hides least of what is drawn.

use super::{Along, Data, PixelRect, Reading, Readout};

/// Between the place that is read and the table, in CSS pixels.
const GAP: f64 = 14.0;
/// The table stays where it is unless another place shows so much more of the curves, in CSS pixels along them: it does not flicker.
const FIRM: f64 = 40.0;
/// Half the width of what a finger hides, and how far above the place that it touches that begins, in CSS pixels.
const FINGER: (f64, f64) = (28.0, 8.0);

/// A place for the table, by its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    side: Side,
    level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Right,
    Left,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// Of the whole figure, over its title.
    Edge,
    /// Of what is drawn.
    Top,
    Above,
    Below,
    Bottom,
}

/// All places, the first of those that are alike first.
const SLOTS: [Slot; 10] = {
    const fn slot(side: Side, level: Level) -> Slot {
        Slot { side, level }
    }
    [
        slot(Side::Right, Level::Above),
        slot(Side::Right, Level::Top),
        slot(Side::Right, Level::Below),
        slot(Side::Right, Level::Bottom),
        slot(Side::Left, Level::Below),
        slot(Side::Left, Level::Bottom),
        slot(Side::Left, Level::Above),
        slot(Side::Left, Level::Top),
        slot(Side::Right, Level::Edge),
        slot(Side::Left, Level::Edge),
    ]
};

/// What a table is placed in.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Width and height of the whole figure, in bitmap pixels.
    pub size: (f64, f64),
    /// How many bitmap pixels make a CSS pixel.
    pub ratio: f64,
    /// Whether a finger points, which hides what is below it.
    pub is_touched: bool,
}

impl Readout {
    /// The place for a table of this width and height, and its upper left corner, in bitmap pixels. `before` is where it stood for the reading before.
    pub fn place(&self, reading: &Reading, table: (f64, f64), room: Room, before: Option<Slot>) -> (Slot, (f64, f64)) {
        let curves = self.curves();
        let placed = SLOTS.map(|slot| {
            let at = self.corner(slot, reading, table, room);
            (slot, at, hidden(&curves, reading, rect(at, table), room))
        });
        let best = placed.iter().min_by(|one, other| one.2.total_cmp(&other.2)).unwrap_or(&placed[0]);
        let stays = placed.iter().find(|(slot, _, hides)| Some(*slot) == before && *hides <= best.2 + FIRM * room.ratio);
        let (slot, at, _) = *stays.unwrap_or(best);
        (slot, at)
    }

    fn corner(&self, slot: Slot, reading: &Reading, (width, height): (f64, f64), room: Room) -> (f64, f64) {
        let gap = GAP * room.ratio;
        let x = match slot.side {
            Side::Right => reading.x + gap,
            Side::Left => reading.x - gap - width,
        };
        let y = match slot.level {
            Level::Edge => 0.0,
            Level::Top => self.plot.y,
            Level::Above => reading.y - gap - height,
            Level::Below => reading.y + gap,
            Level::Bottom => self.plot.y + self.plot.height - height,
        };
        let within = |place: f64, length: f64, all: f64| place.min(all - length).max(0.0);
        (within(x, width, room.size.0), within(y, height, room.size.1))
    }

    /// What is drawn, as lines from datum to datum. Cells are everywhere alike.
    fn curves(&self) -> Vec<Vec<(f64, f64)>> {
        let Data::Line(line) = &self.data else { return Vec::new() };
        let point = |(&place, &across): (&f64, &f64)| if line.along == Along::X { (place, across) } else { (across, place) };
        let points = |across: &[f64]| line.places.iter().zip(across).map(point).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
        line.series.iter().map(|series| points(&series.across)).collect()
    }
}

/// How much a table hides, as a length along curves in bitmap pixels: the datum that is read counts as much as the table is large, and so does being
/// hidden by a finger.
fn hidden(curves: &[Vec<(f64, f64)>], reading: &Reading, table: PixelRect, room: Room) -> f64 {
    let of_curves: f64 = curves.iter().flat_map(|curve| curve.windows(2)).map(|ends| within(ends[0], ends[1], table)).sum();
    let all = table.width + table.height;
    let of_datum = if table.contains(reading.x, reading.y, 0.0) { all } else { 0.0 };
    let (half, above) = (FINGER.0 * room.ratio, FINGER.1 * room.ratio);
    let is_beside = table.x > reading.x + half || table.x + table.width < reading.x - half;
    let is_under_finger = room.is_touched && !is_beside && table.y + table.height > reading.y - above;
    let of_finger = if is_under_finger { all } else { 0.0 };
    // Of places that hide the same, the nearest.
    let far = (table.y + table.height / 2.0 - reading.y).abs() / 1000.0;
    of_curves + of_datum + of_finger + far
}

fn rect((x, y): (f64, f64), (width, height): (f64, f64)) -> PixelRect {
    PixelRect { x, y, width, height }
}

/// The length of that part of a line which lies in a rectangle (Liang and Barsky 1984).
fn within(from: (f64, f64), to: (f64, f64), rect: PixelRect) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (step, start, low, length) in [(dx, from.0, rect.x, rect.width), (dy, from.1, rect.y, rect.height)] {
        let (enter, leave) = ((low - start) / step, (low + length - start) / step);
        if step != 0.0 {
            (first, last) = (first.max(enter.min(leave)), last.min(enter.max(leave)));
        } else if start < low || start > low + length {
            return 0.0;
        }
    }
    (last - first).max(0.0) * dx.hypot(dy)
}

#[cfg(test)]
mod tests {
    use super::super::{Line, Series, Titles};
    use super::*;

    const ROOM: Room = Room { size: (600.0, 400.0), ratio: 1.0, is_touched: false };
    const TABLE: (f64, f64) = (200.0, 120.0);

    /// A curve over a plot of 600 × 400 pixels, with a datum every ten of them.
    fn of(curve: impl Fn(f64) -> f64) -> Readout {
        let places: Vec<f64> = (0..=60).map(|at| f64::from(at) * 10.0).collect();
        let across: Vec<f64> = places.iter().map(|&x| curve(x)).collect();
        let series = vec![Series { values: vec![Some(1.0); places.len()], across, ..Series::default() }];
        let line = Line { along: Along::X, keys: (0..places.len()).collect(), places, titles: Titles::Counted("n = {}"), series };
        Readout { plot: rect((0.0, 0.0), ROOM.size), data: Data::Line(line), ..Readout::default() }
    }

    fn hides(readout: &Readout, at: (f64, f64)) -> f64 {
        readout.curves().iter().flat_map(|curve| curve.windows(2)).map(|ends| within(ends[0], ends[1], rect(at, TABLE))).sum()
    }

    #[test]
    fn a_table_hides_nothing_of_a_curve_that_leaves_room_and_stays_in_the_figure() {
        let curves: [fn(f64) -> f64; 5] =
            [|x| 20.0 + 0.6 * x, |x| 380.0 - 0.6 * x, |_| 200.0, |_| 10.0, |x| 390.0 - 0.5 * (x - 300.0).abs()];
        for (number, curve) in curves.into_iter().enumerate() {
            let readout = of(curve);
            for index in 0..=60 {
                let reading = readout.at(index, 0).expect("there is a datum");
                for is_touched in [false, true] {
                    let (_, at) = readout.place(&reading, TABLE, Room { is_touched, ..ROOM }, None);
                    assert!(
                        at.0 >= 0.0 && at.1 >= 0.0 && at.0 + TABLE.0 <= 600.0 && at.1 + TABLE.1 <= 400.0,
                        "{number} at {index}: {at:?}"
                    );
                    assert_eq!(hides(&readout, at), 0.0, "{number} at {index}: {at:?}");
                }
            }
        }
    }

    #[test]
    fn the_table_stays_on_its_side_while_the_pointer_moves_along() {
        let readout = of(|x| 20.0 + 0.6 * x);
        let (mut before, mut changes) = (None, 0);
        for index in 0..=60 {
            let (slot, _) = readout.place(&readout.at(index, 0).expect("there is a datum"), TABLE, ROOM, before);
            changes += usize::from(before.is_some_and(|before| before != slot));
            before = Some(slot);
        }
        assert!(changes <= 2, "{changes}");
    }

    #[test]
    fn a_finger_does_not_hide_it() {
        let readout = of(|_| 100.0);
        let narrow = Room { size: (220.0, 400.0), ratio: 1.0, is_touched: true };
        let low = of(|_| 300.0);
        let (_, at) = low.place(&low.at(11, 0).expect("there is a datum"), TABLE, narrow, None);
        assert!(at.1 + TABLE.1 <= 300.0 - FINGER.1, "{at:?}");
        // Where there is no room above, nothing is better than below.
        let (_, at) = readout.place(&readout.at(11, 0).expect("there is a datum"), TABLE, narrow, None);
        assert!(at.1 > 100.0, "{at:?}");
    }

    #[test]
    fn a_line_is_hidden_as_far_as_it_lies_under_the_table() {
        assert_eq!(within((0.0, 0.0), (30.0, 40.0), rect((0.0, 0.0), (15.0, 100.0))), 25.0);
        assert_eq!(within((0.0, 0.0), (0.0, 40.0), rect((-5.0, 10.0), (10.0, 10.0))), 10.0);
        assert_eq!(within((0.0, 0.0), (0.0, 40.0), rect((5.0, 10.0), (10.0, 10.0))), 0.0);
        assert_eq!(within((3.0, 3.0), (3.0, 3.0), rect((0.0, 0.0), (10.0, 10.0))), 0.0);
    }
}
