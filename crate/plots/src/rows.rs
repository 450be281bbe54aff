//! Bars in rows: a word at the left of each row, a bar for each side behind it, and the numbers behind those.

use crate::color::Rgb;
use crate::layout::{self, Key, MARGIN, Mark};
use crate::pen::{Align, Letters, Level, Pen, Rect, Stroke};
use crate::readout::{Along, Data, Format, Line, Readout, Series, Titles};
use crate::{DrawError, number, text};
use glasses_contract::say;

/// Rows of bars, ready to be drawn.
pub(crate) struct Rows {
    pub title: String,
    /// Lines of small print under the title; the model first.
    pub notes: Vec<String>,
    /// What matters most comes first: where there is no room for all, the last are missing.
    pub rows: Vec<Row>,
    pub sides: Vec<Bars>,
    pub format: Format,
}

/// One row.
pub(crate) struct Row {
    /// What stands at its left.
    pub word: String,
    /// What a click on it chooses.
    pub key: usize,
    /// The lengths of its bars; none where a side has no such number.
    pub values: Vec<Option<f64>>,
    /// The color of its bars, where it has one of its own.
    pub color: Option<Rgb>,
    /// What stands behind the number of its last bar.
    pub note: String,
}

/// The bars of one side.
pub(crate) struct Bars {
    pub label: String,
    pub color: Rgb,
    pub mark: Mark,
}

/// The height of a row: bars with their numbers.
const LEAST_ROW: f64 = 13.0;
const LEAST_BAR: f64 = 9.0;
const MOST_ROW: f64 = 40.0;

/// The height of a row with so many bars.
fn least_row(sides: usize) -> f64 {
    LEAST_ROW + LEAST_BAR * sides as f64
}

/// The height of a figure with so many rows of so many bars, in CSS pixels.
pub(crate) fn height(rows: usize, sides: usize) -> f64 {
    const HEADER: f64 = 100.0;
    HEADER + least_row(sides) * rows.max(1) as f64
}

impl Rows {
    /// Draws everything.
    pub fn draw(&self, pen: &Pen) -> Result<Readout, DrawError> {
        let theme = &pen.style.theme;
        // One side is what the title says.
        let named = self.sides.iter().filter(|_| self.sides.len() > 1);
        let keys: Vec<Key> = named.map(|side| Key { mark: side.mark, color: side.color, label: side.label.clone() }).collect();
        let notes: Vec<&str> = self.notes.iter().map(String::as_str).collect();
        let top = layout::header(pen, &self.title, &keys, &notes)?;
        let word = Letters { size: text::TITLE, ..Letters::new(theme.ink) }.mono().at(Align::End, Level::Middle);
        let value = Letters::new(theme.muted);

        let sheet = pen.sheet();
        // A long word leaves the bars the larger part of the sheet.
        let longest = (0.4 * sheet.width() / word.width("0")).floor().max(1.0) as usize;
        let rows = ((sheet.height() - MARGIN - top) / least_row(self.sides.len())).floor().max(1.0) as usize;
        let shown = &self.rows[..rows.min(self.rows.len())];
        let words: Vec<String> = shown.iter().map(|row| text::shorten(&row.word, longest)).collect();
        let left = MARGIN + 6.0 + words.iter().map(|words| word.width(words)).fold(0.0, f64::max);
        let notes = shown.iter().map(|row| text::width(&row.note, text::SMALL)).fold(0.0, f64::max);
        let right = MARGIN + 8.0 + text::width(say!("not a number"), text::SMALL).max(text::width("0.000", text::SMALL) + notes);
        let plot = layout::plot(pen, left, top + 2.0, right, MARGIN);
        let row_height = (plot.height() / shown.len().max(1) as f64).min(MOST_ROW);
        let plot = Rect { y1: plot.y0 + row_height * shown.len().max(1) as f64, ..plot };
        let most = shown.iter().flat_map(|row| &row.values).copied().flatten().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let x_of = |value: f64| {
            let share = if most > 0.0 && value.is_finite() { (value / most).clamp(0.0, 1.0) } else { 0.0 };
            plot.x0 + plot.width() * share
        };

        let sides = self.sides.len() as f64;
        let bar = (row_height * 0.76 / sides).min(13.0);
        let mut across = vec![Vec::new(); self.sides.len()];
        for (place, (row, words)) in shown.iter().zip(&words).enumerate() {
            let middle = plot.y0 + row_height * (place as f64 + 0.5);
            pen.text(words, (plot.x0 - 6.0, middle), word)?;
            for (side, bars) in self.sides.iter().enumerate() {
                let number = row.values.get(side).copied().flatten().unwrap_or(f64::NAN);
                let (y0, x1) = (middle - bar * sides / 2.0 + (bar + 1.0) * side as f64, x_of(number));
                bars.draw(pen, row.color.unwrap_or(bars.color), Rect { x0: plot.x0, y0, x1, y1: y0 + bar - 0.5 })?;
                let letters = if number.is_finite() { value } else { Letters { color: theme.alarm, ..value } };
                let written = self.format.write(number);
                let with_note = format!("{written}{}", if side + 1 == self.sides.len() { row.note.as_str() } else { "" });
                // Without its note, where that would leave the sheet.
                let has_room = x1 + 5.0 + value.width(&with_note) <= sheet.x1;
                pen.text(if has_room { &with_note } else { &written }, (x1 + 5.0, y0 + bar / 2.0), letters)?;
                across[side].push(pen.pixel((x1, 0.0)).0);
            }
        }
        pen.rule((plot.x0, plot.y0), (plot.x0, plot.y1), theme.axis, 1.0)?;
        if shown.is_empty() {
            layout::nothing(pen, plot, say!("no numbers yet"))?;
        }

        let series = self.sides.iter().zip(across).enumerate().map(|(side, (bars, across))| Series {
            label: bars.label.clone(),
            color: bars.color,
            values: shown.iter().map(|row| row.values.get(side).copied().flatten()).collect(),
            across,
            format: self.format,
            ..Series::default()
        });
        let line = Line {
            along: Along::Y,
            places: (0..shown.len()).map(|place| pen.pixel((0.0, plot.y0 + row_height * (place as f64 + 0.5))).1).collect(),
            keys: shown.iter().map(|row| row.key).collect(),
            titles: Titles::Words(shown.iter().map(|row| number::quoted(&row.word)).collect()),
            series: series.collect(),
        };
        // The numbers behind the bars belong to them.
        let touched = Rect { x0: MARGIN, x1: sheet.x1 - MARGIN, ..plot };
        Ok(Readout { plot: pen.pixel_rect(touched), data: Data::Line(line), ..Readout::default() })
    }
}

impl Bars {
    fn draw(&self, pen: &Pen, color: Rgb, bar: Rect) -> Result<(), DrawError> {
        if !matches!(self.mark, Mark::Outline) {
            return pen.rect(bar, color, 1.0);
        }
        if bar.width() <= 0.0 {
            return Ok(());
        }
        pen.path(&[(bar.x0, bar.y0), (bar.x1, bar.y0), (bar.x1, bar.y1), (bar.x0, bar.y1)], Stroke::solid(color, 1.25))
    }
}
