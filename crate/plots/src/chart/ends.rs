//! The names at the ends of lines.

use super::{Curve, Name};
use crate::pen::{Letters, Pen, Stroke};
use crate::trace::Trace;
use crate::value_axis::ValueAxis;
use crate::{DrawError, text};

/// From the end of a line to its label, in CSS pixels.
pub(crate) const LEADER: f64 = 18.0;

struct End<'a> {
    y: f64,
    words: &'a str,
    letters: Letters,
    stroke: Stroke,
    rank: usize,
}

/// A label at the end of each line that wants one and of each guide, moved apart where they would overlap, with a leader from the
/// line to its label.
pub(super) fn label<'a>(pen: &Pen, axis: &ValueAxis, lines: impl Iterator<Item = (&'a Curve, &'a Trace)>) -> Result<(), DrawError> {
    const HEIGHT: f64 = text::SMALL + 2.5;
    let theme = &pen.style.theme;
    let plot = axis.plot;
    let mut ends = Vec::new();
    for (curve, trace) in lines {
        let letters = match curve.look.name {
            Name::AtEndStrong => Letters::new(theme.ink).bold(),
            Name::AtEnd => Letters::new(theme.muted),
            Name::InKeys | Name::Unseen => continue,
        };
        let Some(y) = trace.end() else { continue };
        ends.push(End { y, words: &curve.label, letters, stroke: Stroke { dash: None, ..trace.stroke }, rank: curve.rank });
    }
    for guide in axis.guides() {
        let y = axis.scale.pixel_from_data(guide.value);
        ends.push(End { y, words: guide.label, letters: Letters::new(theme.muted), stroke: Stroke::solid(theme.guide, 1.0), rank: 1 });
    }
    // Where there is no room for all, those that matter least have none.
    ends.sort_by_key(|end| end.rank);
    ends.truncate(((plot.height() + HEIGHT) / HEIGHT).floor().max(1.0) as usize);
    let wishes: Vec<f64> = ends.iter().map(|end| end.y).collect();
    let places = text::spread(&wishes, HEIGHT, plot.y0 - HEIGHT / 2.0, plot.y1 + HEIGHT / 2.0);
    for (end, y) in ends.iter().zip(places) {
        let leader = [(plot.x1 - 3.0, end.y), (plot.x1 + 3.0, end.y), (plot.x1 + LEADER - 7.0, y), (plot.x1 + LEADER - 4.0, y)];
        pen.path(&leader, Stroke { width: 1.0, ..end.stroke })?;
        pen.text(end.words, (plot.x1 + LEADER, y), end.letters)?;
    }
    Ok(())
}
