//! Separators as an instrument: the distance for every period k and every n, as a map of colors.

use crate::axis::{AxisKind, Scale};
use crate::cells::{CellMap, draw_ramp};
use crate::color::Rgb;
use crate::layout::{self, Key, MARGIN, Mark, TICK_ROW, TITLE_ROW};
use crate::pen::{Align, Letters, Level, Pen, Rect};
use crate::readout::{Data, Grid, Naming, Readout};
use crate::table::{Cell, Column, Table};
use crate::theme::Theme;
use crate::told::{Told, View};
use crate::value_axis::{identical, not_finite};
use crate::{Area, DrawError, Figure, Style, number, text};
use glasses_contract::Choice;
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::report::{Distances, SeparatorMap};
use glasses_contract::say;
use std::sync::Arc;

/// Distance over k and n.
#[derive(Clone, Debug, PartialEq)]
pub struct SeparatorHeat {
    /// The numbers.
    pub map: Arc<SeparatorMap>,
    /// Which of the distances.
    pub metric: Metric,
    /// Which model drew it.
    pub model: String,
}

impl SeparatorHeat {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<SeparatorMap>, view: &View) -> Self {
        Self::new(told.answer.clone(), view.metric, told.model())
    }

    /// The figure.
    pub fn new(map: impl Into<Arc<SeparatorMap>>, metric: Metric, model: impl Into<String>) -> Self {
        Self { map: map.into(), metric, model: model.into() }
    }

    fn cell_map<'b>(&'b self, theme: &'b Theme) -> CellMap<impl Fn(usize, usize) -> Option<Rgb> + 'b> {
        let ends = self.ends();
        CellMap {
            rows: self.map.k.len(),
            columns: self.map.n.len(),
            color: move |row, column| self.value(row, column).map(|value| shade(theme, value, ends)),
        }
    }

    fn value(&self, row: usize, column: usize) -> Option<f64> {
        let distances: &Distances = self.map.distances.get(row)?.get(column)?;
        Some(distances.get(self.metric))
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.map.distances.iter().flatten().map(|distances| distances.get(self.metric))
    }

    /// The least and the greatest of the numbers that have a place on a logarithmic scale; none where none has.
    fn range(&self) -> Option<(f64, f64)> {
        let usable = self.values().filter(|value| value.is_finite() && *value > 0.0);
        usable.fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((f64::min(low, value), f64::max(high, value)))
        })
    }

    /// The ends of the scale of colors, at least a decade apart.
    fn ends(&self) -> (f64, f64) {
        self.range().map_or((0.1, 1.0), |(low, high)| (low.min(high / 10.0).max(f64::MIN_POSITIVE), high))
    }

    fn title(&self) -> String {
        say!("{} distance at the output, by period k and n", self.metric.label())
    }
}

/// The name of a period, where 0 is none at all.
fn period(k: usize) -> String {
    if k == 0 { say!("none").into() } else { k.to_string() }
}

/// The color of a distance: logarithmic from the least to the greatest, a color of its own for what are no such numbers.
fn shade(theme: &Theme, value: f64, (low, high): (f64, f64)) -> Rgb {
    match value {
        value if !value.is_finite() => theme.alarm,
        value if value <= 0.0 => theme.guide,
        value => theme.heat((value / low).ln() / (high / low).ln()),
    }
}

impl SeparatorHeat {
    /// Which period is best.
    fn best(&self) -> String {
        match self.map.best(self.metric) {
            Some(k) => say!("A separator after every {} keeps them apart best.", ordinal(k)),
            None => say!("No period keeps them apart at every n.").into(),
        }
    }
}

impl Figure for SeparatorHeat {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let mut keys = Vec::new();
        let mut key = |color, label: &str| keys.push(Key { mark: Mark::Bar, color, label: label.into() });
        if self.values().any(|value| value <= 0.0) {
            key(theme.guide, identical());
        }
        if self.values().any(|value| !value.is_finite()) {
            key(theme.alarm, not_finite());
        }
        let top = layout::header(&pen, &self.title(), &keys, &[self.model.as_str()])?;
        let ends = self.ends();
        let top = draw_ramp(&pen, top, say!("distance"), |x0, x1| {
            let scale = Scale::new(AxisKind::Log, ends, (x0, x1));
            scale.ticks(44.0).into_iter().filter_map(|tick| Some((scale.pixel_from_data(tick.value), tick.label?))).collect()
        })?;
        let (rows, columns) = (self.map.k.len(), self.map.n.len());
        let left = MARGIN + 8.0 + text::width(say!("none"), text::SMALL);
        let plot = layout::plot(&pen, left, top + TICK_ROW + 4.0, MARGIN + 4.0, MARGIN + TICK_ROW + TITLE_ROW);
        let known = rows > 0 && columns > 0;
        let image = if known { self.cell_map(theme).draw(&pen, plot)? } else { None };
        pen.rule((plot.x0, plot.y0), (plot.x0, plot.y1), theme.axis, 1.0)?;
        pen.rule((plot.x0, plot.y1), (plot.x1, plot.y1), theme.axis, 1.0)?;
        if !known {
            layout::nothing(&pen, plot, say!("no numbers yet"))?;
            return Ok(Readout { plot: pen.pixel_rect(plot), ..Readout::default() });
        }
        self.draw_labels(&pen, plot)?;
        let cells = self.cell_map(theme);
        let pixels = pen.pixel_rect(plot);
        let indices = || (0..rows * columns).map(|index| (index / columns, index % columns));
        let grid = Grid {
            cells: pixels,
            rows,
            columns,
            naming: Naming::Words {
                rows: self.map.k.iter().map(|&k| if k == 0 { say!("no separators").into() } else { format!("k = {k}") }).collect(),
                columns: self.map.n.iter().map(|n| format!("n = {n}")).collect(),
            },
            values: indices().map(|(row, column)| self.value(row, column).unwrap_or(f64::NAN)).collect(),
            colors: indices().map(|(row, column)| (cells.color)(row, column)).collect(),
            label: say!("distance").into(),
        };
        Ok(Readout { plot: pixels, image, data: Data::Grid(grid), ..Readout::default() })
    }

    fn height(&self, _width: f64) -> f64 {
        // A row is as high as its label where that is not too much.
        (140.0 + 15.0 * self.map.k.len() as f64).clamp(340.0, 560.0)
    }

    fn sentence(&self) -> String {
        let range = match self.range() {
            Some((low, high)) => say!("{}, from {} to {}.", self.title(), number::short(low), number::short(high)),
            None => say!("{}: no number above zero.", self.title()),
        };
        together([range, self.best(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let at_last = |k: usize| {
            let row = self.map.k.iter().position(|&row| row == k)?;
            let column = self.map.n.len().checked_sub(1)?;
            Some((self.map.n[column], number::short(self.value(row, column)?)))
        };
        let least = self.map.best(self.metric).and_then(|k| at_last(k).zip(at_last(0)));
        let at_the_end = least.map(|((n, with), (_, without))| say!("At n = {} it leaves {}, against {} without any.", n, with, without));
        together([self.best()].into_iter().chain(at_the_end))
    }

    fn table(&self) -> Table {
        let mut columns = vec![Column::new("k")];
        columns.extend(self.map.n.iter().map(|n| Column::with_unit(format!("n = {n}"), self.metric.label())));
        let row = |(row, &k): (usize, &usize)| {
            let mut cells = vec![Cell::Text(period(k))];
            cells.extend((0..self.map.n.len()).map(|column| self.value(row, column).map_or(Cell::Missing, Cell::Number)));
            cells
        };
        Table { columns, rows: self.map.k.iter().enumerate().map(row).collect() }
    }
}

/// “symbol”, “2nd symbol”, “3rd symbol”.
pub fn ordinal(k: usize) -> String {
    match (k, k % 10, k % 100) {
        (1, ..) => say!("symbol").into(),
        (_, _, 11..=13) => say!("{}th symbol", k),
        (_, 1, _) => say!("{}st symbol", k),
        (_, 2, _) => say!("{}nd symbol", k),
        (_, 3, _) => say!("{}rd symbol", k),
        _ => say!("{}th symbol", k),
    }
}

impl SeparatorHeat {
    fn draw_labels(&self, pen: &Pen, plot: Rect) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let letters = Letters::new(theme.muted);
        let (row, column) = (plot.height() / self.map.k.len() as f64, plot.width() / self.map.n.len() as f64);
        let every = ((text::SMALL + 1.0) / row).ceil().max(1.0) as usize;
        let (mut free, best) = (f64::NEG_INFINITY, self.map.best(self.metric));
        for (index, &k) in self.map.k.iter().enumerate() {
            let y = plot.y0 + row * (index as f64 + 0.5);
            if (k == 0 || k == 1 || best == Some(k) || k.is_multiple_of(every)) && y - text::SMALL / 2.0 > free {
                // The period that keeps the two furthest apart stands out.
                let letters = if best == Some(k) { Letters::new(theme.ink).bold() } else { letters };
                pen.text(&period(k), (plot.x0 - 6.0, y), letters.at(Align::End, Level::Middle))?;
                free = y + text::SMALL / 2.0;
            }
        }
        let labels: Vec<(f64, String)> =
            self.map.n.iter().enumerate().map(|(index, n)| (plot.x0 + column * (index as f64 + 0.5), n.to_string())).collect();
        let widths: Vec<_> = labels.iter().map(|(x, label)| (*x, letters.width(label))).collect();
        for (index, center) in text::side_by_side(&widths, 0.0, pen.sheet().x1, 12.0) {
            pen.text(&labels[index].1, (center, plot.y1 + 5.0), letters.at(Align::Middle, Level::Top))?;
        }
        let title = Letters::new(theme.ink);
        pen.text(say!("↓ period k"), (MARGIN, plot.y0 - 4.0), title.at(Align::Start, Level::Bottom))?;
        layout::x_title(pen, plot, "n →")
    }
}
