//! Maps of cells: drawn as rectangles, or as a bitmap where there are too many of them.

use crate::color::Rgb;
use crate::layout::MARGIN;
use crate::pen::{Align, Letters, Level, Pen, Rect};
use crate::readout::{Image, PixelRect};
use crate::theme::Cells;
use crate::{DrawError, text};

/// Maps of more cells a side than this are large: thousands of rectangles are slow on a canvas.
const LARGE: usize = 64;

/// A map whose cells have colors; none where there is nothing in one.
pub(crate) struct CellMap<F> {
    pub rows: usize,
    pub columns: usize,
    pub color: F,
}

/// By how much cells overlap, in CSS pixels.
const SEAM: f64 = 0.5;

impl<F: Fn(usize, usize) -> Option<Rgb>> CellMap<F> {
    /// The cells as a bitmap that fills a plot.
    fn image(&self, place: PixelRect) -> Image {
        let cells = (0..self.rows * self.columns).flat_map(|index| match (self.color)(index / self.columns, index % self.columns) {
            Some(Rgb(red, green, blue)) => [red, green, blue, 255],
            None => [0; 4],
        });
        Image { place, width: self.columns, height: self.rows, rgba: cells.collect() }
    }

    /// Draws the cells as rectangles that fill a plot; those of a large map are what is returned where the caller draws them.
    pub fn draw(&self, pen: &Pen, plot: Rect) -> Result<Option<Image>, DrawError> {
        if pen.style.cells == Cells::Caller && self.rows.max(self.columns) > LARGE {
            return Ok(Some(self.image(pen.pixel_rect(plot))));
        }
        let (width, height) = (plot.width() / self.columns.max(1) as f64, plot.height() / self.rows.max(1) as f64);
        let color_at = |row: usize, column: usize| {
            let is_inside = row < self.rows && column < self.columns;
            is_inside.then(|| (self.color)(row, column)).flatten()
        };
        for row in 0..self.rows {
            let colors: Vec<_> = (0..self.columns).map(|column| color_at(row, column)).collect();
            // Neighbours of one color are one rectangle: a long map as SVG would be megabytes otherwise.
            let mut column = 0;
            for run in colors.chunk_by(|left, right| left == right) {
                let (x0, y0) = (plot.x0 + width * column as f64, plot.y0 + height * row as f64);
                column += run.len();
                let Some(Some(color)) = run.first() else { continue };
                // A little too long where the next cell is painted over it: no seams where an edge falls between pixels.
                let right = if color_at(row, column).is_some() { SEAM } else { 0.0 };
                let below = if color_at(row + 1, column - run.len()).is_some() { SEAM } else { 0.0 };
                pen.rect(Rect { x0, y0, x1: plot.x0 + width * column as f64 + right, y1: y0 + height + below }, *color, 1.0)?;
            }
        }
        Ok(None)
    }
}

/// Draws the scale of colors, from none to all, with numbers under it where there is room; `ticks` gives those between two ends.
/// Returns where it ends.
pub(crate) fn draw_ramp(pen: &Pen, top: f64, words: &str, ticks: impl FnOnce(f64, f64) -> Vec<(f64, String)>) -> Result<f64, DrawError> {
    const HEIGHT: f64 = 8.0;
    const STEPS: i32 = 64;
    let theme = &pen.style.theme;
    let x0 = MARGIN + text::width(words, text::SMALL) + 8.0;
    let length = (pen.sheet().width() - x0 - MARGIN - 24.0).clamp(60.0, 260.0);
    pen.text(words, (MARGIN, top + HEIGHT / 2.0), Letters::new(theme.muted))?;
    for step in 0..STEPS {
        let at = |step: i32| x0 + length * f64::from(step) / f64::from(STEPS);
        let color = theme.heat((f64::from(step) + 0.5) / f64::from(STEPS));
        pen.rect(Rect { x0: at(step), y0: top, x1: (at(step + 1) + SEAM).min(x0 + length), y1: top + HEIGHT }, color, 1.0)?;
    }
    let letters = Letters::new(theme.muted).at(Align::Middle, Level::Top);
    let ticks = ticks(x0, x0 + length);
    let widths: Vec<_> = ticks.iter().map(|(x, label)| (*x, letters.width(label))).collect();
    for (index, center) in text::side_by_side(&widths, x0 - 12.0, pen.sheet().x1, 4.0) {
        pen.rule((ticks[index].0, top + HEIGHT), (ticks[index].0, top + HEIGHT + 3.0), theme.axis, 1.0)?;
        pen.text(&ticks[index].1, (center, top + HEIGHT + 4.0), letters)?;
    }
    Ok(top + HEIGHT + 6.0 + text::SMALL)
}
