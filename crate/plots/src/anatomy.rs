//! The anatomy: all attention from the tokens up to the answer, layer by layer, and how much of one token is left on the way.

mod words;

use crate::color::Rgb;
use crate::layout::{self, Key, MARGIN, Mark};
use crate::pen::{Align, Letters, Level, Pen, Point, Rect, Stroke};
use crate::readout::{Data, Grid, Naming, Readout};
use crate::table::{Cell, Column, Table};
use crate::theme::Theme;
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, Premises, Style, number, text};
use glasses_contract::config::Which;
use glasses_contract::locale::together;
use glasses_contract::report::Theory;
use glasses_contract::say;
use std::sync::Arc;

/// The attention of a sequence, a column for each token, a level for the embedding and one for each layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Anatomy {
    /// The numbers.
    pub theory: Arc<Theory>,
    /// The layer that is looked at, from 0.
    pub layer: usize,
    /// The head whose weights are drawn, from 0; none for their mean over all heads.
    pub head: Option<usize>,
    /// The token that is followed, among those that are drawn: the last of them where there are fewer, the middle one where none is named.
    pub followed: Option<usize>,
    /// What it supposes of the model.
    pub premises: Premises,
    /// Which sequence and which model: “sequence A, seeded random weights, …”.
    pub model: String,
}

/// A thread of less is not drawn: 1%.
const LEAST: f64 = 0.01;
/// Between two labels.
const GAP: f64 = 3.0;
/// The room of the answer above the last layer, and of tokens and counts below the embedding, in CSS pixels.
const ANSWER_ROW: f64 = 30.0;
const TOKEN_ROWS: f64 = 52.0;
/// How much wider bold letters are.
const BOLD: f64 = 1.08;
/// The width of a thread that carries everything, in CSS pixels.
const WIDEST: f64 = 12.0;
/// Layers that are lower have no room for a factor.
const ROOM_FOR_FACTOR: f64 = 34.0;

impl Anatomy {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Theory>, view: &View) -> Self {
        let theory = told.answer.clone();
        let model = told.reader(theory.sequence);
        Self { theory, layer: view.layer, head: view.head, followed: view.followed, premises: told.premises(), model }
    }

    fn side(&self) -> usize {
        self.theory.anatomy.shown.len()
    }

    fn layers(&self) -> usize {
        self.theory.anatomy.layers.len()
    }

    fn heads(&self) -> usize {
        self.theory.anatomy.layers.first().map_or(0, |layer| layer.weights.len() / self.side().pow(2).max(1))
    }

    fn followed(&self) -> usize {
        self.followed.unwrap_or(self.side() / 2).min(self.side().saturating_sub(1))
    }

    /// What is drawn between two tokens.
    fn weight(&self, layer: usize, query: usize, key: usize) -> f64 {
        self.head.map_or_else(|| self.mean(layer, query, key), |head| self.of_head(layer, head, query, key))
    }

    /// The mean over heads of |α|.
    fn mean(&self, layer: usize, query: usize, key: usize) -> f64 {
        let heads = self.heads();
        (0..heads).map(|head| self.of_head(layer, head, query, key).abs()).sum::<f64>() / heads.max(1) as f64
    }

    /// What a head gives a key at a query, all counted among what is drawn.
    fn of_head(&self, layer: usize, head: usize, query: usize, key: usize) -> f64 {
        let place = (head * self.side() + query) * self.side() + key;
        self.theory.anatomy.layers.get(layer).and_then(|layer| layer.weights.get(place)).copied().unwrap_or(0.0)
    }

    /// The share of a token at a position after so many layers.
    fn share(&self, layers: usize, position: usize, token: usize) -> f64 {
        match layers.checked_sub(1) {
            None => f64::from(u8::from(position == token)),
            Some(layer) => {
                let place = position * self.side() + token;
                self.theory.anatomy.layers.get(layer).and_then(|layer| layer.influence.get(place)).copied().unwrap_or(0.0)
            }
        }
    }

    /// ½(A + I): by how much a layer multiplies what goes from one position to another.
    fn factor(&self, layer: usize, query: usize, key: usize) -> f64 {
        0.5 * (self.mean(layer, query, key) + if query == key { 1.0 } else { 0.0 })
    }

    /// What a layer carries of the followed token from one position to another.
    fn carried(&self, layer: usize, query: usize, key: usize) -> f64 {
        self.factor(layer, query, key) * self.share(layer, key, self.followed())
    }

    /// The share of a token in what the last one ends with.
    fn reaches(&self, token: usize) -> f64 {
        self.side().checked_sub(1).map_or(0.0, |last| self.share(self.layers(), last, token))
    }

    fn label(&self, column: usize) -> &str {
        let token = self.theory.anatomy.shown.get(column);
        token.and_then(|&token| self.theory.tokens.get(token)).map_or("", String::as_str)
    }

    /// “token 3: “1””.
    fn name(&self, column: usize) -> String {
        let token = self.theory.anatomy.shown.get(column).map_or(0, |token| token + 1);
        say!("token {}: {}", token, number::quoted(self.label(column)))
    }

    fn title(&self) -> String {
        match self.head {
            Some(head) => say!("From the tokens to the answer: attention of head {}", head + 1),
            None => say!("From the tokens to the answer: attention, mean over heads").into(),
        }
    }

    fn color(&self, theme: &Theme) -> Rgb {
        if self.theory.sequence == Which::A { theme.a } else { theme.b }
    }

    fn keys(&self, theme: &Theme) -> [Key; 2] {
        let left = say!("what is left of {}", self.name(self.followed()));
        [
            Key { mark: Mark::Bar, color: self.color(theme), label: left },
            Key { mark: Mark::Bar, color: theme.guide, label: say!("attention weights").into() },
        ]
    }

    /// What is left of the followed token at the last place, after so many layers.
    fn left(&self, layers: usize) -> f64 {
        self.side().checked_sub(1).map_or(0.0, |last| self.share(layers, last, self.followed()))
    }

    /// The widest of the numbers beside the last column.
    fn widest(&self) -> f64 {
        // The last is bold.
        let width = |layers| text::width(&self.written(self.left(layers)), text::SMALL) * if layers == self.layers() { BOLD } else { 1.0 };
        (0..=self.layers()).filter(|&layers| self.left(layers).is_finite()).map(width).fold(0.0, f64::max)
    }

    /// “next: “1” 41%”.
    fn answer(&self) -> String {
        say!("next: {} {}", number::quoted(&self.theory.anatomy.answer), number::percent(self.theory.anatomy.probability))
    }

    fn sheet<'p>(&self, pen: &'p Pen<'p>, top: f64) -> Sheet<'p> {
        let theme = &pen.style.theme;
        let left = MARGIN + text::width(&say!("layer {}", self.layers()), text::SMALL).max(text::width(say!("tokens"), text::SMALL)) + 6.0;
        let right = MARGIN + self.widest() + 4.0;
        let plot = layout::plot(pen, left, top + ANSWER_ROW, right, TOKEN_ROWS + MARGIN);
        let (pitch, step) = (plot.width() / self.side().max(1) as f64, plot.height() / self.layers().max(1) as f64);
        Sheet { pen, plot, pitch, step, color: self.color(theme) }
    }

    /// The column that the answer is read from, and the layer that is looked at.
    fn grounds(&self, sheet: &Sheet, last: usize) -> Result<(), DrawError> {
        let (theme, plot) = (&sheet.pen.style.theme, sheet.plot);
        if self.layer < self.layers() {
            let (low, high) = (sheet.node(0, self.layer).1, sheet.node(0, self.layer + 1).1);
            sheet.pen.rect(Rect { x0: plot.x0, y0: high, x1: plot.x1, y1: low }, theme.rail, 1.0)?;
        }
        let (x, half) = (sheet.node(last, 0).0, (sheet.pitch / 2.0).min(14.0));
        sheet.pen.rect(Rect { x0: x - half, y0: plot.y0 - ANSWER_ROW / 2.0, x1: x + half, y1: plot.y1 + 30.0 }, sheet.color, 0.12)
    }

    fn threads(&self, sheet: &Sheet, last: usize) -> Result<(), DrawError> {
        let theme = &sheet.pen.style.theme;
        let pairs = |layer| (0..=last).flat_map(move |query| (0..=last).map(move |key| (layer, query, key)));
        for (layer, query, key) in (0..self.layers()).flat_map(pairs) {
            let weight = self.weight(layer, query, key).abs();
            // What the last token reads stands out: the answer is made of nothing else.
            let (color, alpha) = if query == last { (theme.muted, 0.2 + 0.7 * shade(weight)) } else { (theme.axis, 0.3 * shade(weight)) };
            sheet.thread((layer, key), query, weight, color, alpha)?;
        }
        for (layer, query, key) in (0..self.layers()).flat_map(pairs) {
            let carried = self.carried(layer, query, key);
            sheet.thread((layer, key), query, carried, sheet.color, 0.3 + 0.7 * shade(carried))?;
        }
        Ok(())
    }

    /// The factors on the two ways that every layer offers to what the followed token holds: to stay, and to go to the last one.
    fn factors(&self, sheet: &Sheet, last: usize) -> Result<(), DrawError> {
        if sheet.step < ROOM_FOR_FACTOR {
            return Ok(());
        }
        let (pen, key) = (sheet.pen, self.followed());
        let write = |layer: usize, words: String, (x, y): Point, align: Align| {
            let width = text::width(&words, text::SMALL) + 4.0;
            let x0 = if align == Align::Start { x - 2.0 } else { x + 2.0 - width };
            let ground = Rect { x0, y0: y - 8.0, x1: x0 + width, y1: y + 8.0 };
            let color = if layer == self.layer { pen.style.theme.rail } else { pen.style.theme.background };
            pen.rect(ground, color, 0.85)?;
            pen.text(&words, (x, y), Letters::new(sheet.color).at(align, Level::Middle))
        };
        for layer in 0..self.layers() {
            let (stays, goes) = (self.factor(layer, key, key), self.factor(layer, last, key));
            let (x, y) = sheet.node(key, layer);
            if key < last && stays.is_finite() {
                write(layer, format!("×\u{a0}{}", number::short(stays)), (x + WIDEST / 2.0 + 3.0, y - sheet.step / 2.0), Align::Start)?;
            }
            // Beside the last column, unless the two would meet.
            let words = format!("×\u{a0}{}", number::short(goes));
            let until = sheet.node(last, layer).0 - 14.0;
            if goes.is_finite() && until - x > 3.0 * text::width(&words, text::SMALL) {
                write(layer, words, (until - 4.0, y - sheet.step / 2.0), Align::End)?;
            }
        }
        Ok(())
    }

    /// What is left of the followed token at every position, by the area of a dot; at the last one as a number too.
    fn nodes(&self, sheet: &Sheet, last: usize) -> Result<(), DrawError> {
        let theme = &sheet.pen.style.theme;
        let most = (sheet.pitch * 0.46).min(sheet.step * 0.4).clamp(2.0, 9.0);
        let mut free = f64::INFINITY;
        for layers in 0..=self.layers() {
            for position in 0..=last {
                let share = self.share(layers, position, self.followed());
                let place = sheet.node(position, layers);
                if !share.is_finite() {
                    sheet.pen.dot(place, 2.5, theme.alarm)?;
                } else if share < LEAST {
                    sheet.pen.dot(place, 1.5, theme.axis)?;
                } else {
                    sheet.pen.dot(place, f64::max(2.0, most * share.min(1.0).sqrt()), sheet.color)?;
                }
            }
            let (x, y) = sheet.node(last, layers);
            let share = self.left(layers);
            if share.is_finite() && free - y >= text::SMALL + 1.0 {
                let share = self.written(share);
                let letters = Letters::new(sheet.color);
                let letters = if layers == self.layers() { letters.bold() } else { letters };
                sheet.pen.text(&share, (x + sheet.pitch / 2.0 + 4.0, y), letters)?;
                free = y;
            }
        }
        Ok(())
    }

    fn words(&self, sheet: &Sheet, last: usize) -> Result<(), DrawError> {
        let (pen, theme, plot) = (sheet.pen, &sheet.pen.style.theme, sheet.plot);
        let mut free = plot.y1;
        for layer in 0..self.layers() {
            let y = sheet.node(0, layer).1 - sheet.step / 2.0;
            let letters = if layer == self.layer { Letters::new(theme.ink).bold() } else { Letters::new(theme.muted) };
            if layer == self.layer || free - y >= text::SMALL {
                pen.text(&say!("layer {}", layer + 1), (MARGIN, y), letters)?;
                free = y - 1.0;
            }
        }
        let (x, top) = sheet.node(last, self.layers());
        pen.rule((x, top), (x, top - ANSWER_ROW / 2.0), theme.ink, 2.0)?;
        pen.dot((x, top - ANSWER_ROW / 2.0), 3.5, theme.ink)?;
        let answer = Letters { size: text::TITLE, ..Letters::new(theme.ink) }.bold().at(Align::End, Level::Bottom);
        pen.text(&self.answer(), (pen.sheet().x1 - MARGIN, top - ANSWER_ROW / 2.0 - 5.0), answer)?;

        let mono = Letters { size: text::TITLE, ..Letters::new(theme.ink) }.mono().at(Align::Middle, Level::Top);
        let placed = |words: &[String], letters: Letters, gap: f64| {
            let place = |(column, words): (usize, &String)| {
                let (x, width) = (sheet.node(column, 0).0, letters.width(words));
                // The first leans outwards, over nobody's place.
                (if column == 0 { x.min(x + (sheet.pitch - width) / 2.0) } else { x }, width)
            };
            let widths: Vec<_> = words.iter().enumerate().map(place).collect();
            text::side_by_side(&widths, MARGIN, pen.sheet().x1, gap)
        };
        let name = |words: &str, placed: &[(usize, f64)], first: f64, y: f64| match placed.first() {
            // Where it has no room beside the first, everybody knows.
            Some(&(0, x)) if x - first / 2.0 < MARGIN + text::width(words, text::SMALL) + GAP => Ok(()),
            _ => pen.text(words, (MARGIN, y), Letters::new(theme.muted)),
        };
        let tokens: Vec<String> = (0..=last).map(|column| self.label(column).to_owned()).collect();
        let mono = if placed(&tokens, mono, 1.0).len() > last { mono } else { Letters { size: text::SMALL, ..mono } };
        let labels = placed(&tokens, mono, 0.5);
        name(say!("tokens"), &labels, mono.width(&tokens[0]), plot.y1 + 19.0)?;
        for (column, x) in labels {
            let is_followed = column == self.followed();
            let letters = if is_followed { Letters { color: sheet.color, ..mono }.bold() } else { mono };
            pen.text(&tokens[column], (x, plot.y1 + 12.0), letters)?;
        }
        let shown = &self.theory.anatomy.shown;
        if let Some(column) = shown.iter().enumerate().position(|(column, &token)| column != token) {
            let x = sheet.node(column, 0).0 - sheet.pitch / 2.0;
            pen.path(&[(x, plot.y0), (x, plot.y1 + 28.0)], Stroke { dash: Some((2.0, 3.0)), ..Stroke::solid(theme.axis, 1.0) })?;
        }
        let counts: Vec<String> = self.theory.anatomy.paths.iter().map(|&count| number::tick(count)).collect();
        let letters = Letters::new(theme.muted).at(Align::Middle, Level::Top);
        let counted = placed(&counts, letters, GAP);
        // All of them or none: a row with holes would say that a token has no path.
        if counted.len() == counts.len() && !counts.is_empty() {
            name(say!("paths"), &counted, letters.width(&counts[0]), plot.y1 + 37.0)?;
            for (column, x) in counted {
                pen.text(&counts[column], (x, plot.y1 + 32.0), letters)?;
            }
        }
        Ok(())
    }
}

/// Where the anatomy is drawn.
struct Sheet<'p> {
    pen: &'p Pen<'p>,
    /// From the middle of the embedding's dots to that of the last layer's.
    plot: Rect,
    pitch: f64,
    step: f64,
    color: Rgb,
}

impl Sheet<'_> {
    fn node(&self, column: usize, layers: usize) -> Point {
        (self.plot.x0 + self.pitch * (column as f64 + 0.5), self.plot.y1 - self.step * layers as f64)
    }

    /// A thread through a layer, upright at both ends.
    fn thread(&self, (layer, key): (usize, usize), query: usize, share: f64, color: Rgb, alpha: f64) -> Result<(), DrawError> {
        const PIECES: usize = 24;
        // What is no number is no thread: a dot says so.
        if !share.is_finite() || share < LEAST {
            return Ok(());
        }
        let (from, to) = (self.node(key, layer), self.node(query, layer + 1));
        let pieces = if key == query { 1 } else { PIECES };
        let points: Vec<Point> = (0..=pieces)
            .map(|piece| {
                let along = piece as f64 / pieces as f64;
                let across = along * along * (3.0 - 2.0 * along);
                (from.0 + (to.0 - from.0) * across, from.1 + (to.1 - from.1) * along)
            })
            .collect();
        let width = (WIDEST.min(0.8 * self.pitch) * share.min(1.0)).max(0.6);
        self.pen.path(&points, Stroke { alpha, ..Stroke::solid(color, width) })
    }
}

/// How strong a share is drawn: the root keeps small ones visible, as in the maps.
fn shade(share: f64) -> f64 {
    share.clamp(0.0, 1.0).sqrt()
}

impl Figure for Anatomy {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let notes = self.notes();
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        let top = layout::header(&pen, &self.title(), &self.keys(&style.theme), &notes)?;
        let sheet = self.sheet(&pen, top);
        let Some(last) = self.side().checked_sub(1) else {
            layout::nothing(&pen, sheet.plot, say!("no tokens yet"))?;
            return Ok(Readout::default());
        };
        self.grounds(&sheet, last)?;
        self.threads(&sheet, last)?;
        self.nodes(&sheet, last)?;
        self.factors(&sheet, last)?;
        self.words(&sheet, last)?;

        let (rows, columns) = (self.layers(), self.side());
        let downwards = || (0..rows).rev();
        let values: Vec<f64> = downwards().flat_map(|layer| (0..columns).map(move |token| self.share(layer + 1, last, token))).collect();
        let grid = Grid {
            cells: pen.pixel_rect(sheet.plot),
            rows,
            columns,
            naming: Naming::Words {
                rows: downwards().map(|layer| say!("layer {}", layer + 1)).collect(),
                columns: (0..columns).map(|column| self.name(column)).collect(),
            },
            colors: vec![Some(sheet.color); values.len()],
            values,
            label: match self.premises.adds_up {
                true => say!("its share of what the last token holds then"),
                false => say!("attention rollout"),
            }
            .into(),
        };
        let touched = Rect { y1: sheet.plot.y1 + TOKEN_ROWS, ..sheet.plot };
        let home = rows.saturating_sub(1) * columns + self.followed();
        Ok(Readout { plot: pen.pixel_rect(touched), home, data: Data::Grid(grid), ..Readout::default() })
    }

    fn height(&self, width: f64) -> f64 {
        let notes = if width < 600.0 { 110.0 } else { 0.0 };
        (240.0 + 76.0 * self.layers() as f64).clamp(320.0, 720.0) + notes
    }

    fn sentence(&self) -> String {
        together([say!("{}.", self.title()), self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        self.told()
    }

    fn table(&self) -> Table {
        let mut columns = vec![Column::new(say!("number")), Column::new(say!("token"))];
        let weights = match self.head {
            Some(head) => say!("weight at the last token, head {}", head + 1),
            None => say!("weight at the last token, mean over heads").into(),
        };
        columns.extend((1..=self.layers()).map(|layer| Column::with_unit(say!("layer {}", layer), weights.clone())));
        columns.push(Column::new(say!("attention rollout")));
        columns.push(Column::with_unit(say!("paths to the last token"), say!("theory")));
        let row = |(column, &token): (usize, &usize)| {
            let last = self.side() - 1;
            let mut cells = vec![Cell::Count(token + 1), Cell::Text(self.label(column).into())];
            cells.extend((0..self.layers()).map(|layer| Cell::Number(self.weight(layer, last, column))));
            cells.push(Cell::Number(self.reaches(column)));
            cells.push(self.theory.anatomy.paths.get(column).map_or(Cell::Missing, |&count| Cell::Number(count)));
            cells
        };
        Table { columns, rows: self.theory.anatomy.shown.iter().enumerate().map(row).collect() }
    }
}

#[cfg(test)]
mod tests;
