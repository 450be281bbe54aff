//! The meeting: the two last tokens as two dots in one plane, at every n, and the cell of a float format around them.

use crate::config::Format;
use crate::real;
use crate::report::{TokenText, from_on, lasting};
use serde::{Deserialize, Serialize};

/// A place in a plane, or the way from one to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanePoint {
    /// Along the first direction.
    #[serde(with = "real")]
    pub x: f64,
    /// Along the second.
    #[serde(with = "real")]
    pub y: f64,
}

/// The outputs of A and B at every n in one plane of the d-dimensional space that they lie in: the two directions, at right angles, along
/// which the 2 N of them vary most about their mean (principal component analysis; Pearson 1901).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The values of n.
    pub n: Vec<usize>,
    /// What is seen at each.
    pub moments: Vec<Moment>,
    /// The share of the variance that each direction has; 0 where nothing varies.
    pub share: [f64; 2],
    /// Coordinates of an output, d.
    pub width: usize,
    /// The float format whose cells are shown.
    pub format: Format,
    /// Its machine epsilon, the distance from 1 to the next number.
    pub epsilon: f64,
    /// The coordinate that the format tells apart last.
    #[serde(default)]
    pub last: Coordinate,
    /// The next tokens of all moments as people read them, none of a model whose tokens are characters.
    #[serde(default)]
    pub labels: Vec<TokenText>,
    /// What the plane cuts out of the cube of all vectors whose coordinates are at most 1: the corners, in order around it.
    pub cube: Vec<PlanePoint>,
}

/// A coordinate as a format stores it: a bit for the sign, then the exponent, then the mantissa.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coordinate {
    /// Which one, from 0.
    pub index: usize,
    /// Bits of the exponent.
    pub exponent: u32,
    /// Bits of the mantissa.
    pub mantissa: u32,
}

/// The two outputs at one n.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Where A is, from the mean; not a number where a coordinate is none.
    pub a: PlanePoint,
    /// The way from A to B.
    pub apart: PlanePoint,
    /// The L∞ distance, in all coordinates.
    #[serde(with = "real")]
    pub linf: f64,
    /// The share of the squared Euclidean distance that lies in the plane; not a number where the distance is zero.
    #[serde(with = "real")]
    pub seen: f64,
    /// The same once both are rounded to the format.
    #[serde(default, with = "real")]
    pub rounded: f64,
    /// The bits of [`Meeting::last`] in A and in B, the lowest bit last.
    #[serde(default)]
    pub words: [u32; 2],
    /// How many coordinates are not the same number once they are rounded to the format.
    pub differing: usize,
    /// The cell of A, which is all that the format stores as the same vector, as far as the plane through A cuts it: the corners, in order
    /// around it, as ways from A. Empty where A has none.
    pub cell: Vec<PlanePoint>,
    /// The most likely next tokens of A and of B.
    pub next: [u32; 2],
}

impl Meeting {
    /// The place in the list of an n, or of the greatest one below it.
    pub fn at(&self, n: usize) -> usize {
        self.n.partition_point(|&other| other <= n).saturating_sub(1)
    }

    /// The n from which on the two stay closer than the format's machine epsilon in every coordinate.
    pub fn close_from(&self) -> Option<usize> {
        self.from(|moment| moment.linf < self.epsilon)
    }

    /// The n from which on the format stores the two as one vector, where it is [`lasting`].
    pub fn same_from(&self) -> Option<usize> {
        lasting(&self.n, self.from(|moment| moment.differing == 0))
    }

    /// The n from which on both have the same most likely next token, where it is [`lasting`].
    pub fn agree_from(&self) -> Option<usize> {
        lasting(&self.n, self.from(|moment| moment.next[0] == moment.next[1]))
    }

    fn from(&self, holds: impl Fn(&Moment) -> bool) -> Option<usize> {
        from_on(&self.n, &self.moments.iter().map(holds).collect::<Vec<_>>())
    }
}

/// What of a convex polygon lies where x · `across.x` + y · `across.y` is at most `most`, its corners in the same order.
pub fn cut(polygon: &[PlanePoint], across: PlanePoint, most: f64) -> Vec<PlanePoint> {
    let over = |place: &PlanePoint| place.x * across.x + place.y * across.y - most;
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (index, corner) in polygon.iter().enumerate() {
        let before = &polygon[(index + polygon.len() - 1) % polygon.len()];
        let (from, to) = (over(before), over(corner));
        if (from > 0.0) != (to > 0.0) {
            let share = from / (from - to);
            kept.push(PlanePoint { x: before.x + share * (corner.x - before.x), y: before.y + share * (corner.y - before.y) });
        }
        if to <= 0.0 {
            kept.push(*corner);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(x: f64, y: f64) -> PlanePoint {
        PlanePoint { x, y }
    }

    #[test]
    fn a_polygon_is_cut_along_a_line() {
        let square = [place(-1.0, -1.0), place(1.0, -1.0), place(1.0, 1.0), place(-1.0, 1.0)];
        assert_eq!(cut(&square, place(1.0, 0.0), 0.5), [place(-1.0, -1.0), place(0.5, -1.0), place(0.5, 1.0), place(-1.0, 1.0)]);
        assert_eq!(cut(&square, place(0.0, 1.0), 2.0), square);
        assert!(cut(&square, place(0.0, 1.0), -2.0).is_empty() && cut(&[], place(1.0, 0.0), 0.0).is_empty());
    }

    #[test]
    fn a_meeting_is_where_it_stays() {
        let moment = |linf, differing, next| Moment { linf, differing, next, ..Moment::default() };
        let moments = vec![moment(0.5, 3, [1, 1]), moment(0.1, 0, [1, 2]), moment(0.2, 1, [2, 2]), moment(0.1, 0, [2, 2])];
        let meeting = Meeting { n: vec![3, 4, 5, 6], moments, epsilon: 0.3, ..Meeting::default() };
        assert_eq!((meeting.close_from(), meeting.same_from(), meeting.agree_from()), (Some(4), Some(6), Some(5)));
        assert_eq!(Meeting::default().same_from(), None);
    }
}
