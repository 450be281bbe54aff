//! Where a head looks: its attention weights as a square, a row for each query and a column for each key.

use crate::cells::{CellMap, draw_ramp};
use crate::color::Rgb;
use crate::layout::{self, Key, MARGIN, Mark, TICK_ROW, TITLE_ROW};
use crate::pen::{Align, Letters, Level, Pen, Rect};
use crate::readout::{Data, Grid, Naming, Readout};
use crate::table::{Cell, Column, Table};
use crate::theme::Theme;
use crate::told::Told;
use crate::value_axis::not_finite;
use crate::{Area, DrawError, Figure, Premises, Style, number, text};
use glasses_contract::config::Which;
use glasses_contract::locale::together;
use glasses_contract::report::{AttentionMap, Pair};
use glasses_contract::say;
use std::sync::Arc;

/// The attention weights of one head.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    /// The numbers.
    pub pair: Arc<Pair>,
    /// Which of the two sequences.
    pub which: Which,
    /// What it supposes of the model.
    pub premises: Premises,
    /// Which sequence and which model: “sequence A, seeded random weights, …”.
    pub model: String,
}

impl Attention {
    /// The figure of an answer.
    pub fn of(told: &Told<Pair>, which: Which) -> Self {
        Self { pair: told.answer.clone(), which, premises: told.premises(), model: told.reader(which) }
    }

    pub(crate) fn map(&self) -> &AttentionMap {
        &self.pair.reading(self.which).attention
    }

    /// The labels of the whole sequence, not only of the tokens in the map.
    pub(crate) fn tokens(&self) -> &[String] {
        &self.pair.reading(self.which).tokens
    }

    fn color(&self, theme: &Theme, row: usize, column: usize) -> Option<Rgb> {
        color(theme, *self.map().weights.get(row * self.map().side + column)?, column > row)
    }

    fn cell_map<'b>(&'b self, theme: &'b Theme) -> CellMap<impl Fn(usize, usize) -> Option<Rgb> + 'b> {
        let side = self.map().side;
        CellMap { rows: side, columns: side, color: move |row, column| self.color(theme, row, column) }
    }

    fn any_not_finite(&self) -> bool {
        self.map().weights.iter().any(|weight| !weight.is_finite())
    }

    fn token(&self, place: usize) -> &str {
        self.tokens().get(self.map().first + place).map_or("", String::as_str)
    }

    fn title(&self) -> String {
        say!("Attention weights, layer {}, head {}", self.map().layer + 1, self.map().head + 1)
    }
}

/// The color of a cell; none where the query cannot see the key, which comes later.
fn color(theme: &Theme, weight: f64, later: bool) -> Option<Rgb> {
    match weight {
        weight if !weight.is_finite() => Some(theme.alarm),
        0.0 if later => None,
        weight => Some(theme.heat(shade(weight))),
    }
}

/// Where on the ramp a weight stands. A row's weights sum to 1, so those of a long row are small: the root keeps them visible.
fn shade(weight: f64) -> f64 {
    weight.max(0.0).sqrt()
}

impl Figure for Attention {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let side = self.map().side;
        let part = say!("Only the last {} of {} tokens are shown.", side, self.tokens().len());
        let mut notes = vec![self.model.as_str()];
        if self.map().first > 0 {
            notes.push(&part);
        }
        let alarm = Key { mark: Mark::Bar, color: theme.alarm, label: not_finite().into() };
        let keys = if self.any_not_finite() { vec![alarm] } else { Vec::new() };
        let top = layout::header(&pen, &self.title(), &keys, &notes)?;
        let top = draw_ramp(&pen, top, say!("weight"), |x0, x1| {
            [0.0, 0.01, 0.1, 0.3, 0.6, 1.0].map(|weight| (x0 + (x1 - x0) * shade(weight), number::tick(weight))).into()
        })?;

        let label = Letters::new(theme.muted).mono();
        let longest = (0..side).map(|place| label.width(self.token(place))).fold(0.0, f64::max).min(48.0);
        let left = MARGIN + 6.0 + longest.max(text::width(&format!("{}", self.tokens().len()), text::SMALL));
        let room = layout::plot(&pen, left, top + TICK_ROW + 4.0, MARGIN, MARGIN + TICK_ROW + TITLE_ROW);
        let length = room.width().min(room.height());
        // Whole bitmap pixels where possible, so that all cells are of one size.
        let plot = Rect { x1: room.x0 + length, y1: room.y0 + length, ..room };
        let cell = length / side.max(1) as f64;
        let known = side > 0 && self.map().weights.len() == side * side;

        let image = if known { self.cell_map(theme).draw(&pen, plot)? } else { None };
        self.draw_frame(&pen, plot)?;
        if known {
            self.draw_labels(&pen, plot, cell)?;
        } else {
            layout::nothing(&pen, plot, say!("no numbers yet"))?;
        }
        let pixels = pen.pixel_rect(plot);
        let grid = || Grid {
            cells: pixels,
            rows: side,
            columns: side,
            naming: Naming::Attention { tokens: self.tokens().to_vec(), first: self.map().first },
            values: self.map().weights.clone(),
            colors: (0..side * side).map(|index| self.color(theme, index / side, index % side)).collect(),
            label: say!("weight").into(),
        };
        let data = if known { Data::Grid(grid()) } else { Data::Nothing };
        Ok(Readout { plot: pixels, image, data, ..Readout::default() })
    }

    fn height(&self, width: f64) -> f64 {
        // A square, no larger than fits a screen, with titles above and labels below it.
        const AROUND: f64 = 140.0;
        (width - 50.0).clamp(200.0, 520.0) + AROUND
    }

    fn sentence(&self) -> String {
        let told = say!("{} over {} tokens.", self.title(), self.map().side);
        together([told, self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let side = self.map().side;
        let Some(last) = side.checked_sub(1).and_then(|row| self.map().weights.get(row * side..(row + 1) * side)) else {
            return say!("{}: no numbers yet.", self.title());
        };
        let most = last.iter().copied().enumerate().max_by(|left, right| left.1.total_cmp(&right.1));
        most.map_or(String::new(), |(place, weight)| {
            say!(
                "The last token attends most to token {}, {}, with weight {}.",
                self.map().first + place + 1,
                number::quoted(self.token(place)),
                number::short(weight)
            )
        })
    }

    fn table(&self) -> Table {
        let side = self.map().side;
        let mut columns = vec![Column::new(say!("query")), Column::new(say!("token"))];
        columns.extend((0..side).map(|key| Column::with_unit(say!("key {}", self.map().first + key + 1), say!("weight"))));
        let row = |query: usize| {
            let mut row = vec![Cell::Count(self.map().first + query + 1), Cell::Text(self.token(query).into())];
            row.extend(
                (0..side).map(|key| self.map().weights.get(query * side + key).map_or(Cell::Missing, |&weight| Cell::Number(weight))),
            );
            row
        };
        Table { columns, rows: (0..side).map(row).collect() }
    }
}

impl Attention {
    fn draw_frame(&self, pen: &Pen, plot: Rect) -> Result<(), DrawError> {
        let color = pen.style.theme.axis;
        pen.rule((plot.x0, plot.y0), (plot.x0, plot.y1), color, 1.0)?;
        pen.rule((plot.x0, plot.y1), (plot.x1, plot.y1), color, 1.0)
    }

    /// Tokens beside rows and under columns where each has room for its own, numbers otherwise.
    fn draw_labels(&self, pen: &Pen, plot: Rect, cell: f64) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let side = self.map().side;
        let tokens_fit = cell >= text::SMALL + 0.5;
        let every = if tokens_fit { 1 } else { crate::axis::round_up(26.0 / cell).max(1.0) as usize };
        let letters = Letters::new(theme.muted);
        let letters = if tokens_fit { letters.mono() } else { letters };
        let words = |place: usize| if tokens_fit { self.token(place).to_owned() } else { (self.map().first + place + 1).to_string() };
        let labelled: Vec<usize> = (0..side).filter(|&place| tokens_fit || (self.map().first + place + 1).is_multiple_of(every)).collect();
        for &place in &labelled {
            let y = plot.y0 + cell * (place as f64 + 0.5);
            pen.text(&words(place), (plot.x0 - 6.0, y), letters.at(Align::End, Level::Middle))?;
        }
        let widths: Vec<_> = labelled.iter().map(|&place| (plot.x0 + cell * (place as f64 + 0.5), letters.width(&words(place)))).collect();
        for (index, center) in text::side_by_side(&widths, 0.0, pen.sheet().x1, 1.0) {
            pen.text(&words(labelled[index]), (center, plot.y1 + 5.0), letters.at(Align::Middle, Level::Top))?;
        }
        let title = Letters::new(theme.ink);
        let query = if tokens_fit { say!("↓ query") } else { say!("↓ query, by number") };
        pen.text(query, (MARGIN, plot.y0 - 4.0), title.at(Align::Start, Level::Bottom))?;
        pen.text(say!("key →"), (plot.x1, plot.y1 + 4.0 + TICK_ROW), title.at(Align::End, Level::Top))
    }
}
