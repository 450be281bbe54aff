//! What figures have in common around the data: titles, notes, keys, and the room they leave.

use crate::axis::Tick;
use crate::axis::{AxisKind, Scale};
use crate::color::Rgb;
use crate::marker::Marker;
use crate::pen::{Align, Letters, Level, Pen, Rect, Stroke};
use crate::theme::SmallPrint;
use crate::{DrawError, text};
use glasses_contract::say;

/// The margin around a figure, in CSS pixels.
pub(crate) const MARGIN: f64 = 8.0;
/// The height of a row of tick labels.
pub(crate) const TICK_ROW: f64 = 18.0;
/// The height of an axis title under the tick labels.
pub(crate) const TITLE_ROW: f64 = 17.0;
/// The least room that data gets, whatever the area: smaller areas are drawn over their border, not wrongly.
const LEAST: f64 = 24.0;

/// What a mark in the figure means.
pub(crate) struct Key {
    pub mark: Mark,
    pub color: Rgb,
    pub label: String,
}

/// The mark of a key.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    /// A filled square: bars.
    Bar,
    /// The outline of one.
    Outline,
    /// A thin upright line with a dot: spreads.
    Whisker,
    /// A dot on a line.
    Dot,
    /// A piece of a line with its mark, or the mark alone.
    Sample { stroke: Option<Stroke>, marker: Marker },
}

/// Draws the title, the keys and the notes from the top downwards; returns where they end.
pub(crate) fn header(pen: &Pen, title: &str, keys: &[Key], notes: &[&str]) -> Result<f64, DrawError> {
    let sheet = pen.sheet();
    let theme = &pen.style.theme;
    let most = sheet.width() - 2.0 * MARGIN;
    let mut y = MARGIN;
    for line in text::wrap(title, text::TITLE, most) {
        let letters = Letters { size: text::TITLE, ..Letters::new(theme.ink) };
        pen.text(&line, (MARGIN, y), letters.at(Align::Start, Level::Top))?;
        y += text::TITLE * text::LEADING;
    }
    let notes = if pen.style.small_print == SmallPrint::Set { notes } else { &[] };
    for line in notes.iter().flat_map(|note| text::wrap(note, text::SMALL, most)) {
        pen.text(&line, (MARGIN, y), Letters::new(theme.muted).at(Align::Start, Level::Top))?;
        y += text::SMALL * text::LEADING;
    }
    if !keys.is_empty() {
        y = draw_keys(pen, keys, y + 2.0)?;
    }
    Ok(y + 4.0)
}

fn draw_keys(pen: &Pen, keys: &[Key], top: f64) -> Result<f64, DrawError> {
    const MARK: f64 = 14.0;
    // Long enough for dashes to be seen.
    const SAMPLE: f64 = 26.0;
    const LINE: f64 = 17.0;
    let theme = &pen.style.theme;
    let right = pen.sheet().x1 - MARGIN;
    let (mut x, mut y) = (MARGIN, top);
    // The lines under the first of a label that is wider than the sheet.
    let mut under = 0.0;
    for key in keys {
        let mark = if matches!(key.mark, Mark::Sample { stroke: Some(_), .. }) { SAMPLE } else { MARK };
        let label = text::wrap(&key.label, text::SMALL, right - MARGIN - mark - 5.0);
        let width = mark + 5.0 + label.iter().map(|line| text::width(line, text::SMALL)).fold(0.0, f64::max);
        if x > MARGIN && x + width > right {
            (x, y, under) = (MARGIN, y + LINE + under, 0.0);
        }
        let middle = y + LINE / 2.0;
        match key.mark {
            Mark::Bar => pen.rect(Rect { x0: x + 2.0, y0: middle - 5.0, x1: x + 12.0, y1: middle + 5.0 }, key.color, 1.0)?,
            Mark::Outline => {
                let (left, right, top, foot) = (x + 2.0, x + 12.0, middle - 5.0, middle + 5.0);
                pen.path(&[(left, foot), (left, top), (right, top), (right, foot)], Stroke::solid(key.color, 1.25))?;
            }
            Mark::Whisker => {
                pen.rule((x + 7.0, middle - 6.0), (x + 7.0, middle + 6.0), key.color, 1.5)?;
                pen.dot((x + 7.0, middle), 2.5, key.color)?;
            }
            Mark::Dot => {
                pen.rule((x, middle), (x + MARK, middle), key.color, 1.5)?;
                pen.dot((x + 7.0, middle), 3.5, key.color)?;
            }
            Mark::Sample { stroke, marker } => {
                if let Some(stroke) = stroke {
                    pen.path(&[(x, middle), (x + mark, middle)], stroke)?;
                }
                marker.draw(pen, (x + mark / 2.0, middle), 3.2, key.color)?;
            }
        }
        for (number, line) in label.iter().enumerate() {
            let down = text::SMALL * text::LEADING * number as f64;
            pen.text(line, (x + mark + 5.0, middle + down), Letters::new(theme.muted))?;
            under = f64::max(under, down);
        }
        x += width + 14.0;
    }
    Ok(y + LINE + under)
}

/// A height for a width, both in CSS pixels: half as high as wide within bounds, and higher where titles and keys take many lines.
pub(crate) fn height(width: f64, low: f64, high: f64) -> f64 {
    const NARROW: f64 = 600.0;
    (width * 0.5).clamp(low, high) + if width < NARROW { 100.0 } else { 0.0 }
}

/// The room for data between margins given in CSS pixels.
pub(crate) fn plot(pen: &Pen, left: f64, top: f64, right: f64, bottom: f64) -> Rect {
    let sheet = pen.sheet();
    let (x1, y1) = ((sheet.x1 - right).max(left + LEAST), (sheet.y1 - bottom).max(top + LEAST));
    Rect { x0: left, y0: top, x1, y1 }
}

/// Ticks and labels under a plot, and the title of the axis at its right end.
pub(crate) fn x_axis(pen: &Pen, plot: Rect, ticks: &[Tick], place: impl Fn(f64) -> f64, title: &str) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let letters = Letters::new(theme.muted).at(Align::Middle, Level::Top);
    pen.rule((plot.x0, plot.y1), (plot.x1, plot.y1), theme.axis, 1.0)?;
    let labelled: Vec<_> = ticks.iter().filter_map(|tick| Some((place(tick.value), tick.label.as_deref()?))).collect();
    for &(x, _) in &labelled {
        pen.rule((x, plot.y1), (x, plot.y1 + 4.0), theme.axis, 1.0)?;
    }
    let widths: Vec<_> = labelled.iter().map(|&(x, label)| (x, letters.width(label))).collect();
    for (index, center) in text::side_by_side(&widths, 0.0, pen.sheet().x1, 6.0) {
        pen.text(labelled[index].1, (center, plot.y1 + 6.0), letters)?;
    }
    x_title(pen, plot, title)
}

/// The title of a horizontal axis, under its labels at the right end.
pub(crate) fn x_title(pen: &Pen, plot: Rect, title: &str) -> Result<(), DrawError> {
    let letters = Letters::new(pen.style.theme.ink).at(Align::End, Level::Top);
    pen.text(title, (plot.x1, plot.y1 + 4.0 + TICK_ROW), letters)
}

/// Under a plot of one column a token: the tokens themselves where they fit, their numbers otherwise.
pub(crate) fn token_axis(pen: &Pen, plot: Rect, tokens: &[String], x: &Scale) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let letters = Letters { size: text::SMALL + 0.5, ..Letters::new(theme.ink) }.mono().at(Align::Middle, Level::Top);
    let place = |(index, token): (usize, &String)| (x.pixel_from_data(index as f64), letters.width(token));
    let widths: Vec<_> = tokens.iter().enumerate().map(place).collect();
    let placed = text::side_by_side(&widths, 2.0, pen.sheet().x1 - 1.0, 0.5);
    // Nearly all: one long label in the middle may be missing.
    if placed.len() * 10 >= tokens.len() * 9 {
        pen.rule((plot.x0, plot.y1), (plot.x1, plot.y1), theme.axis, 1.0)?;
        for (index, center) in placed {
            pen.text(&tokens[index], (center, plot.y1 + 5.0), letters)?;
        }
        return x_title(pen, plot, say!("token →"));
    }
    let by_number = Scale::new(AxisKind::Linear, (x.data.0 + 1.0, x.data.1 + 1.0), x.pixels);
    x_axis(pen, plot, &by_number.whole_ticks(40.0), |number| by_number.pixel_from_data(number), say!("token, by number →"))
}

/// Says in the middle of a plot why nothing is in it.
pub(crate) fn nothing(pen: &Pen, plot: Rect, why: &str) -> Result<(), DrawError> {
    let middle = ((plot.x0 + plot.x1) / 2.0, (plot.y0 + plot.y1) / 2.0);
    pen.text(why, middle, Letters::new(pen.style.theme.muted).at(Align::Middle, Level::Middle))
}
