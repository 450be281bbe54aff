//! The distance of the two over n, and what has come to pass so far stamped on it.

use super::{MeetingAtN, ROW};
use crate::axis::{AxisKind, Scale};
use crate::layout;
use crate::marker::Marker;
use crate::pen::{Align, Letters, Level, Pen, Point, Rect, Stroke};
use crate::readout::Format;
use crate::trace::Trace;
use crate::value_axis::{ValueAxis, identical, not_finite};
use crate::{DrawError, number, text};
use glasses_contract::config::Metric;
use glasses_contract::say;

/// From the middle of a mark to what keeps clear of it, in CSS pixels.
const MARK: f64 = 7.0;

/// Draws the curve, strong as far as it has come; returns where its points are.
pub(super) fn draw(pen: &Pen, figure: &MeetingAtN, rect: Rect) -> Result<Vec<Point>, DrawError> {
    let theme = &pen.style.theme;
    let meeting = &figure.meeting;
    let title = Letters::new(theme.ink).at(Align::Start, Level::Top);
    pen.text(say!("↑ L∞ distance"), (rect.x0, rect.y0), title)?;
    // Under the title a row for each stamp, so that none stands in the way of the curve.
    let events = figure.events();
    let top = rect.y0 + ROW * (1 + events.len()) as f64 + 8.0;
    let distances: Vec<f64> = meeting.moments.iter().map(|moment| moment.linf).collect();
    let bottom = (rect.y1 - layout::TICK_ROW - layout::TITLE_ROW).max(top + 24.0);
    let axis = ValueAxis::with_room(Format::Number, |left| {
        let plot = Rect { x0: rect.x0 + left, y0: top, x1: rect.x1.max(rect.x0 + left + 24.0), y1: bottom };
        ValueAxis::of_distances(std::slice::from_ref(&distances), &[meeting.epsilon], Metric::Cosine, plot)
    });
    axis.draw(pen, [identical(), not_finite()], Format::Number)?;
    let plot = axis.plot;
    let ends = (meeting.n.first().copied().unwrap_or(1) as f64, meeting.n.last().copied().unwrap_or(1) as f64);
    let x = Scale::new(AxisKind::Log, ends, (plot.x0 + 4.0, plot.x1 - 4.0));
    layout::x_axis(pen, plot, &x.whole_ticks(36.0), |n| x.pixel_from_data(n), "n →")?;

    let step = axis.scale.pixel_from_data(meeting.epsilon);
    pen.path(&[(plot.x0, step), (plot.x1, step)], Stroke { dash: Some((6.0, 4.0)), ..Stroke::solid(theme.guide, 1.25) })?;
    let points: Vec<Point> =
        meeting.n.iter().zip(&distances).map(|(&n, &distance)| (x.pixel_from_data(n as f64), axis.y(distance, 0))).collect();
    // Where neither the curve nor a mark on it lies under the words.
    let name = say!("machine epsilon of {}", figure.format);
    let letters = Letters::new(theme.muted);
    let (left, right) = (plot.x0 + 5.0, plot.x1 - 5.0 - letters.width(&name));
    let [above, below] = [step - 3.0 - text::SMALL, step + 3.0];
    let size = (letters.width(&name), text::SMALL);
    let is_within = |place: &Point| place.1 >= plot.y0 && place.1 + size.1 <= plot.y1;
    let places: Vec<Point> = [(left, below), (right, above), (left, above), (right, below)].into_iter().filter(is_within).collect();
    let place = free(&places, size, &points).unwrap_or((left, below));
    pen.text(&name, place, letters.at(Align::Start, Level::Top))?;

    let stroke = |alpha: f64, width: f64| Stroke { alpha, ..Stroke::solid(theme.stage(4, 5), width) };
    Trace::new(&distances, AxisKind::Log, points.clone(), stroke(0.25, 1.25), Marker::None).draw_plain(pen)?;
    let so_far = ..=figure.at;
    Trace::new(&distances[so_far], AxisKind::Log, points[so_far].to_vec(), stroke(1.0, 2.5), Marker::None).draw_plain(pen)?;

    let n = figure.n();
    for (row, ((from, words), marker)) in events.iter().zip([Marker::Ring, Marker::Diamond]).enumerate() {
        let y = rect.y0 + ROW * (row as f64 + 1.5) + 2.0;
        let Some(from) = from.filter(|&from| from <= n) else { continue };
        let Some(&point) = meeting.n.iter().position(|&at| at == from).and_then(|at| points.get(at)) else { continue };
        pen.rule((point.0, top), point, theme.guide, 1.0)?;
        marker.draw(pen, point, 5.0, theme.ink)?;
        marker.draw(pen, (rect.x0 + 5.0, y), 4.0, theme.ink)?;
        pen.text(words, (rect.x0 + 15.0, y), Letters::new(theme.ink))?;
    }
    if let Some(&(x, y)) = points.get(figure.at) {
        pen.rule((x, plot.y0), (x, plot.y1), theme.grid, 1.0)?;
        pen.dot((x, y), 6.5, theme.background)?;
        pen.dot((x, y), 4.5, theme.ink)?;
        let words = number::short(distances[figure.at]);
        let letters = Letters::new(theme.ink).bold();
        let width = letters.width(&words);
        let x0 = if x + 12.0 + width < plot.x1 { x + 8.0 } else { x - 10.0 - width };
        let y0 = (y - 20.0).max(plot.y0 + 1.0);
        pen.rect(Rect { x0: x0 - 2.0, y0, x1: x0 + width + 2.0, y1: y0 + 14.0 }, theme.background, 0.85)?;
        pen.text(&words, (x0, y0 + 7.0), letters)?;
    }
    Ok(points)
}

/// The first place of words of this size that no mark at one of the points touches; the first of all where there is none.
fn free(places: &[Point], size: Point, points: &[Point]) -> Option<Point> {
    let touches = |place: &Point, point: &Point| {
        (place.0 - MARK..=place.0 + size.0 + MARK).contains(&point.0) && (place.1 - MARK..=place.1 + size.1 + MARK).contains(&point.1)
    };
    places.iter().find(|place| !points.iter().any(|point| touches(place, point))).or(places.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_step_stands_where_no_mark_is() {
        let places = [(5.0, 50.0), (100.0, 30.0)];
        assert_eq!(free(&places, (60.0, 12.0), &[(120.0, 38.0)]), Some(places[0]));
        assert_eq!(free(&places, (60.0, 12.0), &[(70.0, 66.0)]), Some(places[1]), "a mark is larger than its point");
        assert_eq!(free(&places, (60.0, 12.0), &[(40.0, 55.0), (120.0, 38.0)]), Some(places[0]), "no place is free");
        assert_eq!(free(&[], (60.0, 12.0), &[]), None);
    }
}
