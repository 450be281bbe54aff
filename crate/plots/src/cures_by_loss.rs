//! How well a language model still reads with each cure: bars of cross-entropy, the least first.

use crate::chart::Name;
use crate::cures::{Looks, ranked};
use crate::layout::Mark;
use crate::pen::Pen;
use crate::readout::{Format, Readout};
use crate::rows::{self, Bars, Row, Rows};
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, Style, number};
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::report::{Compared, Comparison, Cost};
use glasses_contract::say;
use std::sync::Arc;

/// How many times as far apart as the plain model keeps them makes a cure one that helps.
const HELPS: f64 = 2.0;
/// Nats a token that a cure may cost before it is called ruinous: with one, the tokens of the text have become e times less likely.
const RUINOUS: f64 = 1.0;

/// The cross-entropy of each model on a plain text.
#[derive(Clone, Debug, PartialEq)]
pub struct CuresByLoss {
    /// The numbers.
    pub comparison: Arc<Comparison>,
    /// The distance that a cure is to keep up.
    pub metric: Metric,
    /// The value of n that the rest of the page shows.
    pub n: usize,
    /// The word of the model whose bar is lit, as in [`crate::CuresByN`].
    pub lit: Option<String>,
    /// The plain model.
    pub model: String,
}

/// A difference with its standard error, as it stands behind a number; nothing where there is none.
fn written(cost: Cost) -> String {
    if !(cost.mean.is_finite() && cost.standard_error.is_finite()) {
        return String::new();
    }
    let sign = if cost.mean < 0.0 { "" } else { "+" };
    format!(" ({sign}{} ± {})", number::short(cost.mean), number::short(cost.standard_error))
}

impl CuresByLoss {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Comparison>, view: &View) -> Self {
        let View { metric, n, lit, .. } = view.clone();
        Self { comparison: told.answer.clone(), metric, n, lit, model: told.model() }
    }

    /// The models that have a cross-entropy, the least first; what is no number comes last.
    fn ordered<'a>(&'a self) -> Vec<(&'a Compared, f64)> {
        let of = |row: &'a Compared| Some((row, row.cross_entropy.as_ref()?.mean));
        let mut rows: Vec<_> = self.comparison.rows.iter().filter_map(of).collect();
        rows.sort_by(|(_, one), (_, other)| one.is_nan().cmp(&other.is_nan()).then(one.total_cmp(other)));
        rows
    }

    fn cost(&self, row: &Compared) -> Option<Cost> {
        self.comparison.cost(row).filter(|_| !row.word.is_empty())
    }

    /// Of the cures that help, the one that costs least, and how many times as far apart as the plain model it keeps the two.
    fn cheapest(&self) -> (usize, Option<(&Compared, f64, Cost)>) {
        let (n, ranked) = ranked(&self.comparison, self.metric, self.n);
        let plain = ranked.iter().find(|(row, _)| row.word.is_empty()).map_or(f64::NAN, |(_, distance)| *distance);
        let helping = ranked.into_iter().filter_map(|(row, distance)| {
            let cost = self.cost(row).filter(|cost| cost.mean.is_finite())?;
            let times = distance / plain;
            (times.is_finite() && times >= HELPS).then_some((row, times, cost))
        });
        (n, helping.min_by(|one, other| one.2.mean.total_cmp(&other.2.mean)))
    }

    /// The cure that costs most, where that is ruinous.
    fn ruinous(&self) -> Option<(&Compared, Cost)> {
        let costs = self.comparison.rows.iter().filter_map(|row| Some((row, self.cost(row)?)));
        let ruinous = costs.filter(|(_, cost)| cost.mean > RUINOUS);
        ruinous.max_by(|one, other| one.1.mean.total_cmp(&other.1.mean))
    }
}

impl Figure for CuresByLoss {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let looks = Looks { theme: &style.theme, comparison: &self.comparison, lit: self.lit.as_deref(), name: Name::InKeys };
        let row = |(place, (row, mean)): (usize, (&Compared, f64))| Row {
            word: row.label.to_string(),
            key: place,
            values: vec![Some(mean)],
            color: Some(looks.of(row).color),
            note: self.cost(row).map(written).unwrap_or_default(),
        };
        let rows = Rows {
            title: title().into(),
            notes: vec![
                say!("Plain: {}", self.model),
                say!("Less is better. In brackets what a cure adds to plain, with its standard error.").into(),
            ],
            rows: self.ordered().into_iter().enumerate().map(row).collect(),
            sides: vec![Bars { label: title().into(), color: style.theme.muted, mark: Mark::Bar }],
            format: Format::Number,
        };
        rows.draw(&Pen::begin(area, style)?)
    }

    fn height(&self, _width: f64) -> f64 {
        rows::height(self.comparison.rows.len(), 1)
    }

    fn sentence(&self) -> String {
        let each = self.ordered().into_iter().map(|(row, mean)| format!("{} {}", row.label, number::short(mean)));
        let told = say!("{}, by model: {}.", title(), each.collect::<Vec<_>>().join(say!(", ")));
        together([told, self.finding(), say!("Plain: {}.", self.model)])
    }

    fn finding(&self) -> String {
        let helps = match self.cheapest() {
            (n, Some((row, times, cost))) => say!(
                "Of the cures that keep the two at least twice as far apart as plain at n = {}, {} costs least: {} times as far, for {} nats a token.",
                n,
                row.label,
                number::short(times),
                number::short(cost.mean)
            ),
            (n, None) => say!("At n = {}, no cure here keeps the two twice as far apart as plain.", n),
        };
        let ruins = self.ruinous().map(|(row, cost)| {
            say!(
                "The costliest is {}: the model reads the text {} nats a token worse, and is ruined, whatever becomes of the distance.",
                row.label,
                number::short(cost.mean)
            )
        });
        if self.ordered().is_empty() { say!("no numbers yet").into() } else { together([helps].into_iter().chain(ruins)) }
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::new(say!("model")),
            Column::with_unit(say!("cross-entropy"), say!("nats a token")),
            Column::with_unit(say!("more than plain"), say!("nats a token")),
            Column::with_unit(say!("standard error"), say!("nats a token")),
        ];
        let row = |(row, mean): (&Compared, f64)| {
            let cost = self.cost(row);
            let cell = |of: fn(Cost) -> f64| cost.map_or(Cell::Missing, |cost| Cell::Number(of(cost)));
            vec![Cell::Text(row.label.to_string()), Cell::Number(mean), cell(|cost| cost.mean), cell(|cost| cost.standard_error)]
        };
        Table { columns, rows: self.ordered().into_iter().map(row).collect() }
    }
}

fn title() -> &'static str {
    say!("Cross-entropy of the next token of a plain text, in nats")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CuresByN;
    use crate::samples;
    use glasses_contract::report::CrossEntropy;

    /// The distances of the samples, of which a later cure has the greater, with cross-entropies of these means.
    fn comparison(means: &[f64]) -> Comparison {
        let mut comparison = samples::comparison(means.len() - 1, 12, 60);
        for (row, mean) in comparison.rows.iter_mut().zip(means) {
            row.cross_entropy = Some(CrossEntropy::new(vec![mean - 0.5, mean + 0.5]));
        }
        comparison
    }

    fn figure(comparison: &Comparison) -> CuresByLoss {
        CuresByLoss { comparison: comparison.clone().into(), metric: Metric::Linf, n: 60, lit: None, model: String::new() }
    }

    #[test]
    fn the_caption_names_the_cheapest_cure_that_helps_and_the_one_that_ruins() {
        let made = comparison(&[3.0, 2.9, 9.0, 3.05, 3.1, 5.0]);
        let figure = figure(&made);
        let by_n = CuresByN { comparison: made.clone().into(), metric: Metric::Linf, n: 60, lit: None, model: String::new() };
        let (n, ranked) = by_n.ranked();
        let distance = |index: usize| ranked.iter().find(|(row, _)| row.word == made.rows[index].word).map_or(f64::NAN, |(_, far)| *far);
        // The first three do not help enough, cheap as they are; of the others the fourth costs least.
        assert!(distance(3) < 2.0 * distance(0) && distance(4) > 2.0 * distance(0));
        let finding = figure.finding();
        let times = number::short(distance(4) / distance(0));
        assert!(finding.starts_with(&format!("Of the cures that keep the two at least twice as far apart as plain at n = {n}, {} costs least: {times} times as far, for 0.100 nats a token.", made.rows[4].label)), "{finding}");
        assert!(finding.contains(&format!("The costliest is {}: the model reads the text 6.00 nats", made.rows[2].label)), "{finding}");
        let words: Vec<_> = figure.ordered().into_iter().map(|(row, _)| &row.word).collect();
        assert_eq!(words, [1, 0, 3, 4, 5, 2].map(|index| &made.rows[index].word).to_vec());
    }

    #[test]
    fn where_none_helps_or_none_ruins_the_caption_says_so() {
        let made = comparison(&[3.0, 3.1]);
        assert_eq!(figure(&made).finding(), "At n = 60, no cure here keeps the two twice as far apart as plain.");
        assert_eq!(figure(&samples::comparison(3, 12, 60)).finding(), "no numbers yet");
    }

    #[test]
    fn a_cure_that_is_furthest_says_in_the_other_figure_what_it_costs() {
        let made = comparison(&[3.0, 3.1, 4.5]);
        let by_n = |comparison: &Comparison| {
            CuresByN { comparison: comparison.clone().into(), metric: Metric::Linf, n: 60, lit: None, model: String::new() }.finding()
        };
        assert!(by_n(&made).ends_with("It reads a plain text worse than plain by 1.50 nats a token."), "{}", by_n(&made));
        assert!(!by_n(&samples::comparison(2, 12, 60)).contains("nats"));
    }
}
