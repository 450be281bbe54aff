//! What the model would say next: the most likely tokens after A and after B, side by side.

use crate::layout::{self, Key, MARGIN, Mark};
use crate::pen::{Align, Letters, Level, Pen, Rect};
use crate::readout::{Along, Data, Format, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::{DrawError, Figure, Style, number, text};
use glasses_contract::alphabet::{self, Token};
use glasses_contract::report::{Pair, Reading};
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

/// The two next-token distributions.
#[derive(Clone, Debug)]
pub struct NextTokens<'a> {
    /// The numbers.
    pub pair: &'a Pair,
    /// How many tokens are shown at the most: those with the largest probability under A or under B.
    pub most: usize,
    /// Which model drew it.
    pub model: String,
}

impl<'a> NextTokens<'a> {
    /// The ten most likely tokens.
    pub fn new(pair: &'a Pair, model: impl Into<String>) -> Self {
        Self { pair, most: 10, model: model.into() }
    }

    /// Token numbers by the larger of their two probabilities, the likeliest first; what is not a number comes first of all.
    fn ranked(&self) -> Vec<usize> {
        let (a, b) = (&self.pair.a.next, &self.pair.b.next);
        let larger = |token: &usize| {
            let [a, b] = [a, b].map(|next| next.get(*token).copied().unwrap_or(0.0));
            if a.is_nan() || b.is_nan() { f64::INFINITY } else { a.max(b) }
        };
        let mut tokens: Vec<usize> = (0..a.len().max(b.len())).collect();
        tokens.sort_by(|left, right| larger(right).total_cmp(&larger(left)));
        tokens
    }

    /// Whether the two say the same, in words.
    fn verdict(&self) -> String {
        match (likeliest(&self.pair.a), likeliest(&self.pair.b)) {
            (Some(a), Some(b)) if a == b => format!("A and B have the same most likely next token: {}.", number::quoted(&label(a))),
            (Some(a), Some(b)) => {
                format!("The most likely next token is {} after A and {} after B.", number::quoted(&label(a)), number::quoted(&label(b)))
            }
            _ if self.pair.a.next.is_empty() && self.pair.b.next.is_empty() => String::new(),
            _ => "The probabilities are not all numbers.".into(),
        }
    }
}

fn label(token: usize) -> String {
    u8::try_from(token).ok().filter(|&id| usize::from(id) < alphabet::SIZE).map_or(format!("#{token}"), |id| alphabet::label(Token(id)))
}

fn likeliest(reading: &Reading) -> Option<usize> {
    if reading.next.iter().any(|probability| !probability.is_finite()) {
        return None;
    }
    // The first of equals, not the last, as max_by would take.
    let best = reading.next.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    reading.next.iter().position(|&probability| probability == best)
}

impl Figure for NextTokens<'_> {
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let theme = &style.theme;
        let keys = [("after A", theme.a), ("after B", theme.b)].map(|(label, color)| Key { mark: Mark::Bar, color, label: label.into() });
        let title = format!("Probability of the next token at n\u{a0}=\u{a0}{}", self.pair.n);
        let verdict = self.verdict();
        let top = layout::header(&pen, &title, &keys, &[self.model.as_str(), &verdict])?;
        let token = Letters { size: TITLE, ..Letters::new(theme.ink) }.mono().at(Align::End, Level::Middle);
        let value = Letters::new(theme.muted);

        let sheet = pen.sheet();
        let rows = ((sheet.height() - MARGIN - top) / LEAST_ROW).floor().max(1.0) as usize;
        let shown: Vec<usize> = self.ranked().into_iter().take(rows.min(self.most)).collect();
        let left = MARGIN + 6.0 + shown.iter().map(|&index| token.width(&label(index))).fold(0.0, f64::max);
        let right = MARGIN + 8.0 + text::width("not a number", text::SMALL);
        let plot = layout::plot(&pen, left, top + 2.0, right, MARGIN);
        let row = (plot.height() / shown.len().max(1) as f64).min(MOST_ROW);
        let plot = Rect { y1: plot.y0 + row * shown.len().max(1) as f64, ..plot };
        let both = [(&self.pair.a.next, theme.a), (&self.pair.b.next, theme.b)];
        let finite = shown.iter().flat_map(|&index| both.map(|(next, _)| next.get(index).copied().unwrap_or(0.0)));
        let most = finite.filter(|probability| probability.is_finite()).fold(0.0, f64::max);
        let x_of = |probability: f64| {
            let share = if most > 0.0 && probability.is_finite() { (probability / most).clamp(0.0, 1.0) } else { 0.0 };
            plot.x0 + plot.width() * share
        };

        let bar = (row * 0.38).min(13.0);
        let mut across = [Vec::new(), Vec::new()];
        for (place, &index) in shown.iter().enumerate() {
            let middle = plot.y0 + row * (place as f64 + 0.5);
            pen.text(&label(index), (plot.x0 - 6.0, middle), token)?;
            for (side, (next, color)) in both.into_iter().enumerate() {
                let probability = next.get(index).copied().unwrap_or(f64::NAN);
                let (y0, x1) = (middle + bar * (side as f64 - 1.0) + side as f64, x_of(probability));
                pen.rect(Rect { x0: plot.x0, y0, x1, y1: y0 + bar - 0.5 }, color, 1.0)?;
                let letters = if probability.is_finite() { value } else { Letters { color: theme.alarm, ..value } };
                pen.text(&number::percent(probability), (x1 + 5.0, y0 + bar / 2.0), letters)?;
                across[side].push(pen.pixel((x1, 0.0)).0);
            }
        }
        pen.rule((plot.x0, plot.y0), (plot.x0, plot.y1), theme.axis, 1.0)?;
        if shown.is_empty() {
            layout::nothing(&pen, plot, "no numbers yet")?;
        }

        let series = both.into_iter().zip(across).zip(["A", "B"]).map(|(((next, color), across), name)| Series {
            label: format!("after {name}"),
            color,
            values: shown.iter().map(|&index| next.get(index).copied()).collect(),
            errors: Vec::new(),
            across,
            format: Format::Percent,
        });
        let line = Line {
            along: Along::Y,
            places: (0..shown.len()).map(|place| pen.pixel((0.0, plot.y0 + row * (place as f64 + 0.5))).1).collect(),
            keys: shown.clone(),
            titles: Titles::Words(shown.iter().map(|&index| number::quoted(&label(index))).collect()),
            series: series.collect(),
        };
        // The numbers behind the bars belong to them.
        let touched = Rect { x0: MARGIN, x1: sheet.x1 - MARGIN, ..plot };
        Ok(Readout { plot: pen.pixel_rect(touched), data: Data::Line(line), ..Readout::default() })
    }

    fn height(&self, _width: f64) -> f64 {
        const HEADER: f64 = 100.0;
        HEADER + LEAST_ROW * self.most.min(self.pair.a.next.len().max(self.pair.b.next.len())).max(1) as f64
    }

    fn sentence(&self) -> String {
        let say = |name: &str, reading: &Reading| {
            likeliest(reading)
                .map(|token| format!("{} after {name} with {}", number::quoted(&label(token)), number::percent(reading.next[token])))
        };
        let most: Vec<_> = [say("A", &self.pair.a), say("B", &self.pair.b)].into_iter().flatten().collect();
        let numbers = if most.is_empty() { String::new() } else { format!(" {}.", most.join(", ")) };
        format!("Probability of the next token at n = {}. {}{numbers} Model: {}.", self.pair.n, self.verdict(), self.model)
    }

    fn table(&self) -> Table {
        let columns = vec![Column::new("token"), Column::with_unit("after A", "probability"), Column::with_unit("after B", "probability")];
        let row = |index: usize| {
            let number = |next: &[f64]| next.get(index).map_or(Cell::Missing, |&probability| Cell::Number(probability));
            vec![Cell::Text(label(index)), number(&self.pair.a.next), number(&self.pair.b.next)]
        };
        Table { columns, rows: self.ranked().into_iter().map(row).collect() }
    }
}

const TITLE: f64 = text::TITLE;
/// The height of a token's row: two bars with their numbers.
const LEAST_ROW: f64 = 31.0;
const MOST_ROW: f64 = 40.0;
