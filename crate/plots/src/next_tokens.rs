//! What the model would say next: the most likely tokens after A and after B, side by side.

use crate::layout::Mark;
use crate::pen::Pen;
use crate::readout::{Format, Readout};
use crate::rows::{self, Bars, Row, Rows};
use crate::table::{Cell, Column, Table};
use crate::told::Told;
use crate::{Area, DrawError, Figure, Style, number};
use glasses_contract::locale::together;
use glasses_contract::report::{Pair, Reading, TokenText};
use glasses_contract::say;
use std::sync::Arc;

/// The two next-token distributions.
#[derive(Clone, Debug, PartialEq)]
pub struct NextTokens {
    /// The numbers.
    pub pair: Arc<Pair>,
    /// How many tokens are shown at the most: those with the largest probability under A or under B.
    pub most: usize,
    /// The value of n; none where nothing depends on it.
    pub n: Option<usize>,
    /// Which model drew it.
    pub model: String,
}

impl NextTokens {
    /// The figure of an answer.
    pub fn of(told: &Told<Pair>) -> Self {
        Self { n: told.n(), ..Self::new(told.answer.clone(), told.model()) }
    }

    /// The ten most likely tokens at the pair's n.
    pub fn new(pair: impl Into<Arc<Pair>>, model: impl Into<String>) -> Self {
        let pair = pair.into();
        Self { n: Some(pair.n), pair, most: 10, model: model.into() }
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

    fn label(&self, token: usize) -> String {
        TokenText::label(&self.pair.labels, token)
    }

    /// Whether the two say the same, in words.
    fn verdict(&self) -> String {
        match (self.pair.a.likeliest(), self.pair.b.likeliest()) {
            (Some(a), Some(b)) if a == b => say!("A and B have the same most likely next token: {}.", number::quoted(&self.label(a))),
            (Some(a), Some(b)) => {
                say!(
                    "The most likely next token is {} after A and {} after B.",
                    number::quoted(&self.label(a)),
                    number::quoted(&self.label(b))
                )
            }
            _ if self.pair.a.next.is_empty() && self.pair.b.next.is_empty() => String::new(),
            _ => say!("The probabilities are not all numbers.").into(),
        }
    }
}

impl Figure for NextTokens {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let theme = &style.theme;
        let row = |token: usize| Row {
            word: self.label(token),
            key: token,
            values: [&self.pair.a, &self.pair.b].map(|reading| reading.next.get(token).copied()).into(),
            color: None,
            note: String::new(),
        };
        let rows = Rows {
            title: self.n.map_or_else(
                || say!("Probability of the next token").into(),
                |n| say!("Probability of the next token at n\u{a0}=\u{a0}{}", n),
            ),
            notes: vec![self.model.clone(), self.verdict()],
            rows: self.ranked().into_iter().take(self.most).map(row).collect(),
            sides: [(say!("after A"), theme.a), (say!("after B"), theme.b)]
                .map(|(label, color)| Bars { label: label.into(), color, mark: Mark::Bar })
                .into(),
            format: Format::Percent,
        };
        rows.draw(&Pen::begin(area, style)?)
    }

    fn height(&self, _width: f64) -> f64 {
        rows::height(self.most.min(self.pair.a.next.len().max(self.pair.b.next.len())), 2)
    }

    fn sentence(&self) -> String {
        let told =
            self.n.map_or_else(|| say!("Probability of the next token.").into(), |n| say!("Probability of the next token at n = {}.", n));
        together([told, self.finding(), say!("Model: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let say = |name: &str, reading: &Reading| {
            reading
                .likeliest()
                .map(|token| say!("{} after {} with {}", number::quoted(&self.label(token)), name, number::percent(reading.next[token])))
        };
        let most: Vec<_> = [say("A", &self.pair.a), say("B", &self.pair.b)].into_iter().flatten().collect();
        let numbers = if most.is_empty() { String::new() } else { say!("{}.", most.join(say!(", "))) };
        together([self.verdict(), numbers])
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::new(say!("token")),
            Column::with_unit(say!("after A"), say!("probability")),
            Column::with_unit(say!("after B"), say!("probability")),
        ];
        let row = |index: usize| {
            let number = |next: &[f64]| next.get(index).map_or(Cell::Missing, |&probability| Cell::Number(probability));
            vec![Cell::Text(self.label(index)), number(&self.pair.a.next), number(&self.pair.b.next)]
        };
        Table { columns, rows: self.ranked().into_iter().map(row).collect() }
    }
}
