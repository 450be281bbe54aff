//! Reads values off a picture: which datum is nearest to a pixel, and what stands beside it.

mod placement;

pub use placement::{Room, Slot};

use crate::axis::Scale;
use crate::color::Rgb;
use crate::number;
use glasses_contract::locale::fill;
use glasses_contract::say;

/// What is needed to read values off a picture that was drawn. All places are bitmap pixels of the backend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readout {
    /// Where the data is.
    pub plot: PixelRect,
    /// The cells of a large map, where the caller draws them: see [`Cells`](crate::Cells).
    pub image: Option<Image>,
    /// The horizontal axis, where it counts.
    pub x: Option<Scale>,
    /// The vertical axis, where it counts.
    pub y: Option<Scale>,
    /// The reading that keys start from.
    pub(crate) home: usize,
    pub(crate) data: Data,
}

/// A bitmap, a pixel for each cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Where it belongs.
    pub place: PixelRect,
    /// Cells in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green, blue and opacity of each cell, row by row; cells that hold nothing are transparent.
    pub rgba: Vec<u8>,
}

/// A rectangle in bitmap pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PixelRect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl PixelRect {
    /// Whether a pixel lies within, or at most so far outside.
    pub fn contains(&self, x: f64, y: f64, slack: f64) -> bool {
        (self.x - slack..=self.x + self.width + slack).contains(&x) && (self.y - slack..=self.y + self.height + slack).contains(&y)
    }
}

/// A datum, or several at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which of the figure's data, counted from 0 in the order in which keys walk them.
    pub index: usize,
    /// What a click on it chooses: n, the number of the stage, of the token, or the token's place in the alphabet.
    pub key: usize,
    /// Where to draw a marker, horizontally.
    pub x: f64,
    /// Where to draw a marker, vertically.
    pub y: f64,
    /// “n = 24”.
    pub title: String,
    /// A line for each series.
    pub rows: Vec<ReadingRow>,
    /// The row that x and y belong to.
    pub focus: usize,
}

/// A series at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingRow {
    /// The series: “layer 2”.
    pub label: String,
    /// The number, written for people.
    pub value: String,
    /// The color it is drawn in.
    pub color: Rgb,
    /// Lengths of dash and gap in CSS pixels, where it is a dashed line.
    pub dash: Option<(f64, f64)>,
    /// Where it is drawn.
    pub at: Option<(f64, f64)>,
}

impl Reading {
    /// Everything in one line, for screen readers: “n = 24: layer 1 0.0123, output 0.00456”.
    pub fn sentence(&self) -> String {
        let rows: Vec<_> = self.rows.iter().map(|row| format!("{} {}", row.label, row.value)).collect();
        say!("{}: {}", self.title, rows.join(say!(", ")))
    }
}

/// Where a key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The arrow to the left.
    Left,
    /// The arrow to the right.
    Right,
    /// The arrow upwards.
    Up,
    /// The arrow downwards.
    Down,
    /// Home: the first datum.
    First,
    /// End: the last one.
    Last,
}

/// The data of a figure, by the way in which its places are ordered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Data {
    #[default]
    Nothing,
    Line(Line),
    Grid(Grid),
}

/// Places one after the other, with one or several series at each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub along: Along,
    /// Where each place is, along the direction.
    pub places: Vec<f64>,
    pub keys: Vec<usize>,
    pub titles: Titles,
    pub series: Vec<Series>,
}

/// The direction in which places follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Along {
    X,
    Y,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Titles {
    /// This template, filled with the key: “n = 24”.
    Counted(&'static str),
    /// “token 3: “1”” from the tokens, counted from 1.
    Tokens(Vec<String>),
    /// As they are.
    Words(Vec<String>),
}

/// One number at each place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Series {
    pub label: String,
    pub color: Rgb,
    pub dash: Option<(f64, f64)>,
    pub values: Vec<Option<f64>>,
    /// The standard error of each value, where there is one.
    pub errors: Vec<f64>,
    /// What is said behind each value, where that is something.
    pub remarks: Vec<String>,
    /// Where each is drawn, across the direction.
    pub across: Vec<f64>,
    pub format: Format,
}

/// How the numbers of a series are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Number,
    Percent,
    /// How often: a whole number.
    Count,
}

impl Format {
    pub fn write(self, value: f64) -> String {
        match self {
            Self::Number => number::short(value),
            Self::Percent => number::percent(value),
            Self::Count if value.is_finite() => format!("{value:.0}"),
            Self::Count => number::short(value),
        }
    }
}

/// Cells in rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    pub cells: PixelRect,
    pub rows: usize,
    pub columns: usize,
    pub naming: Naming,
    /// Row by row.
    pub values: Vec<f64>,
    /// The color of each cell; none where nothing is drawn.
    pub colors: Vec<Option<Rgb>>,
    /// What the values are.
    pub label: String,
}

/// What rows and columns are called.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Naming {
    /// Rows are queries, columns are keys: both the tokens of one sequence, from `first` on. What comes later is masked.
    Attention { tokens: Vec<String>, first: usize },
    /// By name.
    Words { rows: Vec<String>, columns: Vec<String> },
}

impl Naming {
    /// “k = 3, n = 24”.
    fn title(&self, row: usize, column: usize) -> String {
        match self {
            Self::Attention { tokens, first } => {
                let token = |place: usize| {
                    let label = tokens.get(first + place).map_or("", String::as_str);
                    say!("{} (token {})", number::quoted(label), first + place + 1)
                };
                say!("{} attends to {}", token(row), token(column))
            }
            Self::Words { rows, columns } => {
                let name = |names: &[String], place: usize| names.get(place).cloned().unwrap_or_default();
                say!("{}, {}", name(rows, row), name(columns, column))
            }
        }
    }
}

impl Readout {
    /// The reading nearest to a pixel; nothing outside the data's rectangle and its immediate surroundings.
    pub fn nearest(&self, x: f64, y: f64) -> Option<Reading> {
        let slack = 0.03 * self.plot.width.max(self.plot.height);
        if !self.plot.contains(x, y, slack) {
            return None;
        }
        match &self.data {
            Data::Nothing => None,
            Data::Line(line) => line.nearest(x, y),
            Data::Grid(grid) => grid.nearest(x, y),
        }
    }

    /// The reading with this number, the last one if there are fewer.
    pub fn at(&self, index: usize, focus: usize) -> Option<Reading> {
        match &self.data {
            Data::Nothing => None,
            Data::Line(line) => line.at(index.min(line.places.len().checked_sub(1)?), focus),
            Data::Grid(grid) => grid.at(index / grid.columns.max(1), index % grid.columns.max(1)),
        }
    }

    /// The number of readings.
    pub fn count(&self) -> usize {
        match &self.data {
            Data::Nothing => 0,
            Data::Line(line) => line.places.len(),
            Data::Grid(grid) => grid.rows * grid.columns,
        }
    }

    /// Where a key leads from a reading, which may come from an earlier picture; without one, to where keys start.
    pub fn step(&self, from: Option<&Reading>, direction: Direction) -> Option<Reading> {
        let Some(from) = from else {
            return match (direction, &self.data) {
                (Direction::First, _) => self.at(0, 0),
                (Direction::Last, _) => self.at(self.count().checked_sub(1)?, 0),
                (_, Data::Line(line)) => self.at(self.home, line.series.len().saturating_sub(1)),
                _ => self.at(self.home, 0),
            };
        };
        match &self.data {
            Data::Nothing => None,
            Data::Line(line) => line.step(from, direction),
            Data::Grid(grid) => grid.step(from, direction),
        }
    }

    /// The data at a pixel, where both axes count. Plotters' logarithmic axes have no inverse; [`Scale`] has.
    pub fn data_from_pixel(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        Some((self.x?.data_from_pixel(x), self.y?.data_from_pixel(y)))
    }
}

impl Line {
    fn nearest(&self, x: f64, y: f64) -> Option<Reading> {
        let (place, across) = if self.along == Along::X { (x, y) } else { (y, x) };
        let index = closest(self.places.iter().copied(), place)?;
        let focus = closest(self.series.iter().map(|series| *series.across.get(index).unwrap_or(&f64::NAN)), across);
        self.at(index, focus.unwrap_or(0))
    }

    fn at(&self, index: usize, focus: usize) -> Option<Reading> {
        let place = *self.places.get(index)?;
        let point = |across: f64| if self.along == Along::X { (place, across) } else { (across, place) };
        let mut rows = Vec::new();
        let mut focused = None;
        for (number, series) in self.series.iter().enumerate() {
            let Some(Some(value)) = series.values.get(index).copied() else { continue };
            let across = series.across.get(index).copied().filter(|across| across.is_finite());
            if number <= focus || focused.is_none() {
                focused = Some(rows.len());
            }
            let mut shown = series.format.write(value);
            if let Some(&error) = series.errors.get(index).filter(|&&error| error != 0.0) {
                shown = format!("{shown} ± {}", series.format.write(error));
            }
            if let Some(remark) = series.remarks.get(index).filter(|remark| !remark.is_empty()) {
                shown = say!("{} ({})", shown, remark);
            }
            rows.push(ReadingRow {
                label: series.label.clone(),
                value: shown,
                color: series.color,
                dash: series.dash,
                at: across.map(point),
            });
        }
        let focus = focused.unwrap_or(0);
        let (x, y) = rows.get(focus).and_then(|row| row.at).unwrap_or(point(0.0));
        let key = self.keys.get(index).copied().unwrap_or(index);
        let title = match &self.titles {
            Titles::Counted(template) => fill(template, &[&key]),
            Titles::Tokens(tokens) => {
                say!("token {}: {}", index + 1, number::quoted(tokens.get(index).map_or("", String::as_str)))
            }
            Titles::Words(words) => words.get(index).cloned().unwrap_or_default(),
        };
        Some(Reading { index, key, x, y, title, rows, focus })
    }

    fn step(&self, from: &Reading, direction: Direction) -> Option<Reading> {
        let last = self.places.len().checked_sub(1)?;
        let index = from.index.min(last);
        let (back, forth) = match self.along {
            Along::X => (Direction::Left, Direction::Right),
            Along::Y => (Direction::Up, Direction::Down),
        };
        // Rows and series differ in number where a series has nothing here; the focus counts rows.
        let series_of = |row: usize| {
            let present = (0..self.series.len()).filter(|&number| self.series[number].values.get(index).is_some_and(Option::is_some));
            present.clone().nth(row).or_else(|| present.max()).unwrap_or(0)
        };
        match direction {
            Direction::First => self.at(0, series_of(from.focus)),
            Direction::Last => self.at(last, series_of(from.focus)),
            direction if direction == back => self.at(index.saturating_sub(1), series_of(from.focus)),
            direction if direction == forth => self.at((index + 1).min(last), series_of(from.focus)),
            Direction::Up | Direction::Left => self.at(index, series_of(from.focus.saturating_sub(1))),
            Direction::Down | Direction::Right => self.at(index, series_of(from.focus + 1)),
        }
    }
}

impl Grid {
    fn nearest(&self, x: f64, y: f64) -> Option<Reading> {
        let cell = |share: f64, count: usize| ((share * count as f64).floor().max(0.0) as usize).min(count.saturating_sub(1));
        let column = cell((x - self.cells.x) / self.cells.width, self.columns);
        let row = cell((y - self.cells.y) / self.cells.height, self.rows);
        self.at(row, column)
    }

    fn at(&self, row: usize, column: usize) -> Option<Reading> {
        let index = row * self.columns + column;
        let &value = self.values.get(index)?;
        let center = |start: f64, length: f64, place: usize, count: usize| start + length * (place as f64 + 0.5) / count as f64;
        let x = center(self.cells.x, self.cells.width, column, self.columns);
        let y = center(self.cells.y, self.cells.height, row, self.rows);
        let color = self.colors.get(index).copied().flatten();
        let is_masked = matches!(self.naming, Naming::Attention { .. }) && column > row && value == 0.0;
        let shown = if is_masked { say!("0 (masked: it comes later)").into() } else { number::short(value) };
        Some(Reading {
            index,
            key: index,
            x,
            y,
            title: self.naming.title(row, column),
            rows: vec![ReadingRow {
                label: self.label.clone(),
                value: shown,
                color: color.unwrap_or_default(),
                dash: None,
                at: Some((x, y)),
            }],
            focus: 0,
        })
    }

    fn step(&self, from: &Reading, direction: Direction) -> Option<Reading> {
        let (last_row, last) = (self.rows.checked_sub(1)?, self.columns.checked_sub(1)?);
        let (row, column) = ((from.index / self.columns).min(last_row), (from.index % self.columns).min(last));
        match direction {
            Direction::Left => self.at(row, column.saturating_sub(1)),
            Direction::Right => self.at(row, (column + 1).min(last)),
            Direction::Up => self.at(row.saturating_sub(1), column),
            Direction::Down => self.at((row + 1).min(last_row), column),
            Direction::First => self.at(row, 0),
            Direction::Last => self.at(row, last),
        }
    }
}

fn closest(places: impl Iterator<Item = f64>, wish: f64) -> Option<usize> {
    let distances = places.map(|place| (place - wish).abs()).enumerate().filter(|(_, distance)| distance.is_finite());
    distances.min_by(|left, right| left.1.total_cmp(&right.1)).map(|(index, _)| index)
}
